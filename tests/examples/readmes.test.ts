/** The first program of a client's README is short, and does what it says. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { after, before, test } from 'node:test';
import { type Millrace, start } from '@millrace/server';
import { runProgram } from '../support/run-program.ts';

const LINES_MAX = 14;
/** Where the READMEs suppose the server. */
const USUAL_ENDPOINT = 'http://127.0.0.1:4567';
const ROOT = new URL('../../', import.meta.url);

let millrace: Millrace;
before(async () => {
  millrace = await start({ stream: [{ name: 'orders', shardCount: 1 }] });
});
after(() => millrace.close());

/** Its lines between the first fences. */
const firstProgram = async (name: string): Promise<string> => {
  const readme = await readFile(new URL(`packages/${name}/README.md`, ROOT), 'utf8');
  const program = /^```js\n(.*?)^```$/ms.exec(readme)?.[1];
  assert(program !== undefined, `no program in the README of ${name}`);
  return program;
};

/** Arguments of Node that run it against our server; modules are found as from the repository's root. */
const running = async (name: string): Promise<string[]> => {
  const program = await firstProgram(name);
  assert(program.includes(USUAL_ENDPOINT), `${name} names no endpoint`);
  return ['--input-type=module', '-e', program.replace(USUAL_ENDPOINT, millrace.endpoint)];
};

for (const name of ['producer', 'consumer']) {
  test(`the first program of the ${name} fits on a page`, async () => {
    const lines = (await firstProgram(name)).trim().split('\n');
    assert(lines.length <= LINES_MAX, `${lines.length} lines`);
  });
}

test("the producer's first program puts a record, and the consumer's prints it until it is asked to end", async () => {
  const put = await runProgram(await running('producer'), { cwd: ROOT });
  assert.equal(put.code, 0, put.stderr);
  assert.match(put.stdout, /^shardId-000000000000 \d{56}\n$/);

  const consumer = spawn(process.execPath, await running('consumer'), {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(consumer, 'exit');
  const lines = createInterface(consumer.stdout);
  const [line] = await Promise.race([once(lines, 'line'), exited.then(() => ['ended early'])]);
  consumer.kill('SIGTERM');
  const [code] = await exited;
  assert.equal(line, 'shardId-000000000000 ada order 1');
  assert.equal(code, 0);
});
