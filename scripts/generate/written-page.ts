import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');

/** Writes a page that is made from the code; with `--check` only says whether it is current. */
export const writtenPage = async (name: string, lines: readonly string[]): Promise<void> => {
  const path = join(ROOT, name);
  const text = `${lines.join('\n')}\n`;
  if (!process.argv.includes('--check')) {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
  } else if ((await readFile(path, 'utf8').catch(() => '')) !== text) {
    process.stderr.write(`${name} is not current: run \`npm run generate\`.\n`);
    process.exitCode = 1;
  }
};
