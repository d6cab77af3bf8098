import { illegalTagCharacters, invalidTagCharacters, type NamedStream } from './errors.ts';

/** The colon is not in the text that AWS answers, but in its rules of today. */
const TAG_FORM = /^[\p{L}\p{N}\p{Z}\s_./=+\-%@:]*$/u;

/** In AWS's order: characters, then the per cent sign; the number of tags is the catalog's to check. */
export const checkTagTexts = (
  texts: readonly string[],
  action: 'add tags to' | 'remove tags from',
  stream: NamedStream,
): void => {
  if (!texts.every((text) => TAG_FORM.test(text))) throw invalidTagCharacters();
  if (texts.some((text) => text.includes('%'))) throw illegalTagCharacters(action, stream);
};
