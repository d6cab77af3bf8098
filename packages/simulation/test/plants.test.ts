import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { PLANTS, type Plant } from '../src/plants.ts';

/** Each is found in far fewer; without it, these seeds pass (simulation.test.ts). */
const SEEDS = 2_000;
const DEADLINE_MS = 60_000;

const root = join(import.meta.dirname, '../../..');

/** What `npm run simulate` says, and how it ends: null when it has not in good time. */
const simulateWith = ({ name }: Plant): Promise<{ readonly code: number | null; readonly text: string }> =>
  new Promise((resolve, reject) => {
    const program = join(root, 'scripts/simulate.ts');
    const child = spawn(process.execPath, [program, '--plant', name, '--seeds', String(SEEDS)], {
      timeout: DEADLINE_MS,
      killSignal: 'SIGKILL',
    });
    let text = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes) => (text += bytes));
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, text }));
  });

test('every plant has a name of its own, and its text stands in its file just once', () => {
  assert.equal(new Set(PLANTS.map(({ name }) => name)).size, PLANTS.length);
  for (const { name, file, find } of PLANTS) {
    const count = readFileSync(join(root, 'packages', file), 'utf8').split(find).length - 1;
    assert.equal(count, 1, `${name}: ${count} times in ${file}`);
  }
});

describe('a planted bug is found', { concurrency: availableParallelism() }, () => {
  for (const plant of PLANTS) {
    test(plant.name, async () => {
      const { code, text } = await simulateWith(plant);
      assert.equal(code, 1, text);
      assert.match(text, /npm run simulate -- --seed \d+/);
    });
  }
});
