import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { runProgram } from '../support/run-program.ts';

const MAIN = fileURLToPath(new URL('../../benchmarks/main.ts', import.meta.url));

test('every benchmark runs to its end in its small mode', async () => {
  const { code, stdout, stderr } = await runProgram([MAIN, '--small']);
  assert.equal(code, 0, stderr);
  assert.match(stdout, /PutRecords/);
  assert.match(stdout, /% of the floor/);
  assert.match(stdout, /SubscribeToShard +p50 [\d.]+ ms +p99 [\d.]+ ms/);
  assert.match(stdout, /50 shards +[\d,]+ records\/s +\d+ % of one shard/);
  assert.match(stdout, /processors, fan-out +[\d,]+ records\/s/);
  assert.match(stdout, /ours, by count +[\d.]+ s/);
  assert.match(stdout, /ListStreams, 50 streams in pages of 100 +[\d.]+ ms/);
});

test('an unknown benchmark is refused with the names of those there are', async () => {
  const { code, stdout } = await runProgram([MAIN, 'nothing']);
  assert.equal(code, 1);
  assert.match(stdout, /bench -- \[put/);
});
