import { registerHooks } from 'node:module';
import { PLANTS } from '../../packages/simulation/src/plants.ts';

/** Puts the bug into every copy of its module that is loaded from now on in this process. */
export const plant = (name: string): void => {
  const found = PLANTS.find((each) => each.name === name);
  if (found === undefined)
    throw new Error(`no such plant; there are\n${PLANTS.map((each) => each.name).join('\n')}`);
  const { file, find, put } = found;
  registerHooks({
    load(url, context, nextLoad) {
      const loaded = nextLoad(url, context);
      if (!url.endsWith(`/packages/${file}`)) return loaded;
      const text = Buffer.from(loaded.source as Uint8Array).toString();
      if (text.split(find).length !== 2) throw new Error(`'${find}' does not stand just once in ${file}`);
      return { ...loaded, source: text.replace(find, () => put) };
    },
  });
};
