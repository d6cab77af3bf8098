import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, type TestContext, test } from 'node:test';
import { promisify } from 'node:util';

/** The packages as a stranger gets them: packed, installed into an empty project, used as plain JavaScript. */
const root = dirname(dirname(import.meta.dirname));
const run = promisify(execFile);

const UNREACHABLE = /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ENETUNREACH/;

/** Our tarballs come from the disk; what they depend on comes from the registry. */
const install = async (project: string, tarballs: readonly string[]): Promise<string | undefined> => {
  await writeFile(join(project, 'package.json'), '{ "name": "stranger", "private": true, "type": "module" }');
  const flags = ['--prefer-offline', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  try {
    await run('npm', ['install', ...flags, ...tarballs], {
      cwd: project,
      shell: process.platform === 'win32',
    });
    return undefined;
  } catch (error) {
    const isOffline = error instanceof Error && UNREACHABLE.test(error.message);
    if (isOffline && process.env.CI !== 'true') return 'the registry cannot be reached';
    throw error;
  }
};

describe('the packed packages', () => {
  let out: string;
  let project: string;
  let unavailable: string | undefined;

  before(async () => {
    out = await mkdtemp(join(tmpdir(), 'millrace-pack-'));
    project = await mkdtemp(join(tmpdir(), 'millrace-stranger-'));
    await run(process.execPath, [join(root, 'scripts/pack.ts'), '--out', out], { cwd: root });
    const tarballs = await readdir(join(out, 'tarballs'));
    unavailable = await install(
      project,
      tarballs.map((name) => join(out, 'tarballs', name)),
    );
  });
  after(async () => {
    for (const folder of [out, project]) await rm(folder, { recursive: true, force: true });
  });

  /** `body` where the packages could be installed. */
  const installed = (body: () => Promise<void>) => (context: TestContext) =>
    unavailable === undefined ? body() : context.skip(unavailable);

  /** Runs a module of the project and returns what it prints. */
  const runModule = async (source: string): Promise<string> => {
    await writeFile(join(project, 'main.js'), source);
    const { stdout } = await run(process.execPath, ['main.js'], { cwd: project });
    return stdout.trim();
  };

  test(
    'a server starts from them and is healthy',
    installed(async () => {
      const status = await runModule(`
        import { start } from '@millrace/server';
        const millrace = await start({ dataDir: ':memory:' });
        const { status } = await fetch(millrace.endpoint + '/health');
        await millrace.close();
        console.log(status);
      `);
      assert.equal(status, '200');
    }),
  );

  test(
    'the command `millrace` is there and knows its version',
    installed(async () => {
      const { version } = JSON.parse(await readFile(join(root, 'packages/server/package.json'), 'utf8'));
      const command = join(project, 'node_modules/.bin/millrace');
      const { stdout } = await run(command, ['--version'], { shell: process.platform === 'win32' });
      assert.equal(stdout.trim(), version);
    }),
  );

  test(
    'they hold JavaScript and types, and no TypeScript that would have to be compiled',
    installed(async () => {
      const folder = join(project, 'node_modules/@millrace');
      const files = await readdir(folder, { recursive: true });
      assert.ok(files.includes(join('server', 'dist', 'index.js')));
      assert.deepEqual(
        files.filter((path) => /(?<!\.d)\.ts$|\.test\./.test(path)),
        [],
      );
    }),
  );

  const compile = async (source: string): Promise<string> => {
    await writeFile(join(project, 'consumer.ts'), source);
    const tsc = join(root, 'node_modules/typescript/bin/tsc');
    const flags = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2024', '--skipLibCheck'];
    const args = [tsc, '--ignoreConfig', ...flags, 'consumer.ts'];
    return run(process.execPath, args, { cwd: project }).then(
      () => '',
      ({ stdout }: { stdout: string }) => stdout,
    );
  };

  test(
    'a TypeScript project sees their types',
    installed(async () => {
      const right = `import { start } from '@millrace/server';\nexport const endpoint: string = (await start()).endpoint;\n`;
      assert.equal(await compile(right), '');
      assert.match(await compile(right.replace(': string', ': number')), /Type 'string' is not assignable/);
    }),
  );
});
