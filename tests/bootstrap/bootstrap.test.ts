import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';

/** The bootstrap at work in a small repository of its own, which needs no network. */
const scripts = join(dirname(dirname(import.meta.dirname)), 'scripts');
const PLATFORM = `${process.platform}-${process.arch}`;
/** More than any version, so that the running Node counts as too old. */
const NOT_YET = 999;

const MANIFEST = { name: 'small', version: '1.0.0', private: true, workspaces: ['part'] };
const LOCK = {
  name: 'small',
  version: '1.0.0',
  lockfileVersion: 3,
  requires: true,
  packages: {
    '': { name: 'small', version: '1.0.0', workspaces: ['part'] },
    'node_modules/part': { resolved: 'part', link: true },
    part: { version: '1.0.0' },
  },
};

const SCRIPT = `
const [what, value] = process.argv.slice(2);
if (what === 'exit') process.exit(Number(value));
if (what === 'wait') {
  process.on('SIGTERM', () => { console.log('asked to end'); process.exit(0); });
  setInterval(() => {}, 1000);
}
if (what === 'die') { process.kill(process.pid, 'SIGKILL'); setInterval(() => {}, 1000); }
console.log(JSON.stringify({ args: process.argv.slice(2), path: process.env.PATH.split(':')[0] }));
`;

interface Outcome {
  readonly code: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
}

describe('the bootstrap', { skip: process.platform === 'win32' && 'sends signals' }, () => {
  let home: string;
  before(async () => {
    home = await mkdtemp(join(tmpdir(), 'millrace-bootstrap-'));
  });
  after(() => rm(home, { recursive: true, force: true }));

  let made = 0;
  /** A repository as it is after a clone; `nodeMajor` is what it demands. */
  const aRepository = async (nodeMajor = 24, version = '99.9.9'): Promise<string> => {
    made += 1;
    const folder = join(home, `repository-${made}`);
    await mkdir(join(folder, 'part'), { recursive: true });
    await cp(join(scripts, 'bootstrap.mjs'), join(folder, 'scripts/bootstrap.mjs'));
    await cp(join(scripts, 'bootstrap'), join(folder, 'scripts/bootstrap'), { recursive: true });
    const manifest = { ...MANIFEST, engines: { node: `>=${nodeMajor}` }, config: { node: version } };
    await writeFile(join(folder, 'package.json'), JSON.stringify(manifest));
    await writeFile(join(folder, 'part/package.json'), '{ "name": "part", "version": "1.0.0" }');
    await writeFile(join(folder, 'package-lock.json'), JSON.stringify(LOCK));
    await writeFile(join(folder, 'script.mjs'), SCRIPT);
    return folder;
  };

  const start = (folder: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): ChildProcess => {
    const { npm_execpath: _npm, ...inherited } = process.env;
    return spawn(process.execPath, ['scripts/bootstrap.mjs', 'script.mjs', ...args], {
      cwd: folder,
      env: { ...inherited, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  };

  const ended = async (child: ChildProcess): Promise<Outcome> => {
    const texts = { stdout: '', stderr: '' };
    child.stdout?.on('data', (chunk) => (texts.stdout += chunk));
    child.stderr?.on('data', (chunk) => (texts.stderr += chunk));
    const [code, signal] = await once(child, 'close');
    return { code, signal, ...texts };
  };

  test('installs once, says so, and is silent from then on', async () => {
    const folder = await aRepository();
    const first = await ended(start(folder, []));
    assert.match(first.stderr, /^millrace: installing the locked dependencies into node_modules\n$/);
    assert.ok((await readdir(join(folder, 'node_modules'))).includes('part'));
    assert.equal((await ended(start(folder, []))).stderr, '');
  });

  test('installs again when the lock has changed', async () => {
    const folder = await aRepository();
    await ended(start(folder, []));
    const installed = join(folder, 'node_modules/.package-lock.json');
    const lock = JSON.parse(await readFile(installed, 'utf8'));
    lock.packages['node_modules/gone'] = { version: '1.0.0' };
    await writeFile(join(folder, 'package-lock.json'), JSON.stringify(lock));
    assert.match((await ended(start(folder, []))).stderr, /^millrace: installing the locked dependencies/);
  });

  test('two at once install once, and both run', async () => {
    const folder = await aRepository();
    const outcomes = await Promise.all([ended(start(folder, [])), ended(start(folder, []))]);
    assert.deepEqual(
      outcomes.map(({ code }) => code),
      [0, 0],
    );
    assert.equal(outcomes.filter(({ stderr }) => stderr.includes('installing')).length, 1);
  });

  test('a lock left by a process that died does not stop anyone', async () => {
    const folder = await aRepository();
    const dead = start(folder, []);
    await ended(dead);
    await rm(join(folder, 'node_modules'), { recursive: true });
    await writeFile(join(folder, '.installing.lock'), String(dead.pid));
    assert.equal((await ended(start(folder, []))).code, 0);
  });

  test('passes arguments, flags too, and the exit code', async () => {
    const folder = await aRepository();
    const { stdout } = await ended(start(folder, ['--port', '4600', 'a b']));
    assert.deepEqual(JSON.parse(stdout).args, ['--port', '4600', 'a b']);
    assert.equal((await ended(start(folder, ['exit', '7']))).code, 7);
  });

  test('passes a signal on, and ends by the signal that ended the script', async () => {
    const folder = await aRepository();
    const waiting = start(folder, ['wait']);
    waiting.stdout?.once('data', () => waiting.kill('SIGTERM'));
    const { code, stdout } = await ended(waiting);
    assert.equal(code, 0);
    assert.match(stdout, /asked to end\n$/);
    assert.equal((await ended(start(folder, ['die']))).signal, 'SIGKILL');
  });

  test("ends the script when npm's shell is killed, which passes no signal on", async () => {
    const folder = await aRepository();
    const line = `"${process.execPath}" scripts/bootstrap.mjs script.mjs wait; true`;
    const shell = spawn('sh', ['-c', line], {
      cwd: folder,
      env: { ...process.env, npm_lifecycle_event: 'start' },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let printed = '';
    for await (const chunk of shell.stdout) {
      printed += String(chunk);
      if (printed.includes('"wait"')) shell.kill('SIGKILL');
    }
    assert.match(printed, /asked to end\n$/);
  });

  test('runs the script with the pinned Node from the cache where this one is too old', async () => {
    const folder = await aRepository(NOT_YET);
    const bin = join(home, `cache/millrace/node-99.9.9-${PLATFORM}/node_modules/node-${PLATFORM}/bin`);
    await mkdir(bin, { recursive: true });
    await symlink(process.execPath, join(bin, 'node'));
    const { code, stdout } = await ended(start(folder, [], { XDG_CACHE_HOME: join(home, 'cache') }));
    assert.equal(code, 0);
    assert.equal(JSON.parse(stdout).path, bin);
  });

  test('says what to do where a newer Node cannot be fetched, and leaves nothing behind', async () => {
    const folder = await aRepository(NOT_YET);
    const cache = join(home, 'empty-cache');
    // Port 9 of this machine: nobody answers there.
    const env = { XDG_CACHE_HOME: cache, npm_config_registry: 'http://127.0.0.1:9/' };
    const { code, stderr } = await ended(start(folder, [], env));
    assert.equal(code, 1);
    assert.match(stderr, /could not fetch Node 99\.9\.9; install Node 999 or newer yourself/);
    assert.match(stderr, /npm cannot reach its registry/);
    assert.deepEqual(await readdir(join(cache, 'millrace')), []);
  });
});
