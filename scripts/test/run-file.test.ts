import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { countOf } from './print.ts';
import { type FileResult, runFile } from './run-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'millrace-runner-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const AMPLE_MS = 60_000;
/** For files that hang until then, whatever it is. */
const SHORT_MS = 1_500;

let written = 0;
const runSource = (
  source: string,
  deadlineMs = AMPLE_MS,
  nodeFlags: readonly string[] = [],
): Promise<FileResult> => {
  written += 1;
  const path = join(folder, `${written}.test.mjs`);
  writeFileSync(path, `import { describe, test } from 'node:test';\n${source}`);
  return runFile(path, { deadlineMs, nodeFlags, cwd: folder });
};

const failures = ({ events }: FileResult): string[] =>
  events.filter(({ kind }) => kind === 'fail').map(({ name, detail }) => `${name}: ${detail}`);

test('every test counts once: passed, failed, skipped; groups do not count', async () => {
  const result = await runSource(`
    describe('a group', () => {
      test('passes', () => {});
      test('fails', () => { throw new Error('broken'); });
    });
    test('is skipped', { skip: 'no Java here' }, () => {});
  `);
  assert.deepEqual(countOf([result]), { passed: 1, failed: 1, skipped: 1 });
  assert.match(failures(result)[0] ?? '', /^fails: Error: broken\n/);
  assert.equal(result.events.find(({ kind }) => kind === 'skip')?.detail, 'no Java here');
});

test('a file that does not load fails', async () => {
  const result = await runSource(`import './nowhere.mjs';`);
  assert.match(failures(result)[0] ?? '', /^ended with exit code 1/);
  assert.match(result.output, /ERR_MODULE_NOT_FOUND/);
});

test('a file without a test fails', async () => {
  assert.match(failures(await runSource('describe;'))[0] ?? '', /^holds no test/);
});

test('a test that waits for ever is ended and named, though the file will not hear SIGTERM', async () => {
  const result = await runSource(
    `process.on('SIGTERM', () => {}); setInterval(() => {}, 1000);
     test('quick', () => {}); test('waits for ever', () => new Promise(() => {}));`,
    SHORT_MS,
  );
  assert.deepEqual(failures(result), ['did not end within 1.5 s: in: waits for ever']);
});

test('a loop without end is ended', async () => {
  assert.match(
    failures(await runSource(`test('loops', () => { for (;;); });`, SHORT_MS))[0] ?? '',
    /^did not end/,
  );
});

test('a file that leaves something running fails, though its tests pass', async () => {
  const result = await runSource(`test('leaks', () => { setInterval(() => {}, 1000); });`, SHORT_MS);
  assert.match(failures(result)[0] ?? '', /did not end within 1\.5 s: .*kept the process alive/);
});

test("what a file prints is kept apart from its tests' outcomes", async () => {
  const result = await runSource(
    `console.log('{"kind":"fail"}'); test('talks', () => console.error('hello'));`,
  );
  assert.deepEqual(countOf([result]), { passed: 1, failed: 0, skipped: 0 });
  assert.equal(result.output, '{"kind":"fail"}\nhello\n');
});

test('flags reach Node', async () => {
  const source = `test('one', () => {}); test('two', () => { throw new Error('not asked for'); });`;
  const result = await runSource(source, AMPLE_MS, ['--test-name-pattern=one']);
  assert.deepEqual(countOf([result]), { passed: 1, failed: 0, skipped: 0 });
});
