import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const MODULES = fileURLToPath(new URL('../../node_modules', import.meta.url));

/** Dependencies that any checkout has and that hold plenty of plain text. */
const PACKAGES = ['@types/node', 'fast-check', '@aws-sdk/client-kinesis', 'typescript', 'knip'];

/**
 * Real text: the sources that came with the dependencies, as `grep -n` prints them: `file:line:text`. Every
 * line is unique, and the file is a natural partition key.
 */
export const realLines = async (atLeast: number): Promise<string[]> => {
  const lines: string[] = [];
  for (const name of PACKAGES) {
    const files = await readdir(join(MODULES, name), { recursive: true });
    for (const file of files.filter((path) => /\.(d\.ts|js|cjs)$/.test(path)).sort()) {
      const text = await readFile(join(MODULES, name, file), 'utf8');
      for (const [index, line] of text.split('\n').entries())
        lines.push(`${name}/${file}:${index + 1}:${line}`);
    }
    if (lines.length >= atLeast) return lines;
  }
  assert.fail(`only ${lines.length} lines of text in ${PACKAGES.join(', ')}`);
};
