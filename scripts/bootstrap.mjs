/**
 * What every verb of package.json runs: `node scripts/bootstrap.mjs [--watch] <script> [arguments]`.
 *
 * Brings a fresh clone to the point where <script> can run, then runs it: fetches a current Node where the
 * machine's is too old, installs the locked dependencies where they are missing or stale. Plain JavaScript
 * for Node 16 and later with nothing but built-in modules, because it runs before anything is there.
 */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheFolder } from './bootstrap/cache-folder.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

const readText = (path) => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
};

/** A current Node for this process: itself, or the pinned one from the user's cache. */
const findNode = async () => {
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const needed = Number.parseInt(manifest.engines.node.replace(/\D*/, ''), 10);
  if (Number.parseInt(process.versions.node, 10) >= needed) return process.execPath;
  const { fetchNode } = await import('./bootstrap/fetch-node.mjs');
  return fetchNode(manifest.config.node, needed);
};

/**
 * Child processes find this Node first, whatever else is installed, and keep what they compile: stripping the
 * types anew would be most of what a start takes.
 */
const environmentFor = (node) => {
  const pathName = Object.keys(process.env).find((name) => name.toUpperCase() === 'PATH') ?? 'PATH';
  const separator = process.platform === 'win32' ? ';' : ':';
  const path = [dirname(node), process.env[pathName]].filter(Boolean).join(separator);
  const compiled = process.env.NODE_COMPILE_CACHE ?? join(cacheFolder(), 'compiled');
  return {
    ...process.env,
    [pathName]: path,
    NODE: node,
    npm_node_execpath: node,
    NODE_COMPILE_CACHE: compiled,
  };
};

const fitsHere = ({ os, cpu }) =>
  [
    [os, process.platform],
    [cpu, process.arch],
  ].every(([names, own]) => names === undefined || names.includes(own));

/**
 * npm leaves a lock of what it installed in node_modules. Installed and locked must agree on every package;
 * only optional ones may be missing. What was installed for another platform (a shared folder) is stale too.
 */
const isInstalled = () => {
  const installedText = readText(join(root, 'node_modules', '.package-lock.json'));
  if (installedText === undefined) return false;
  const installed = JSON.parse(installedText).packages;
  const locked = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
  return Object.entries(locked).every(([name, want]) => {
    const have = installed[name];
    if (!name.includes('node_modules/')) return true;
    if (have === undefined) return want.optional === true;
    return have.version === want.version && have.integrity === want.integrity && fitsHere(have);
  });
};

/** A second interrupt within this time is the same key press, seen once more through npm. */
const SAME_SIGNAL_MS = 500;

/**
 * Signals to this process go on to the child. Not so an interrupt from the terminal's keyboard, which every
 * process of the terminal gets by itself: a server must not see one Ctrl-C as two.
 */
const forwardSignals = async (child) => {
  const { isatty } = await import('node:tty');
  const lastAt = {};
  const forward = (signal) => {
    const repeated = Date.now() - (lastAt[signal] ?? 0) < SAME_SIGNAL_MS;
    lastAt[signal] = Date.now();
    if (repeated || (signal === 'SIGINT' && [0, 1, 2].some(isatty))) return;
    child.kill(signal);
  };
  const signals = ['SIGTERM', 'SIGINT', 'SIGHUP'];
  for (const signal of signals) process.on(signal, forward);
  return () => {
    for (const signal of signals) process.removeListener(signal, forward);
  };
};

const PARENT_CHECK_MS = 250;

/**
 * npm runs us through a shell, which dies of a signal without passing it on. Our parent is then another one,
 * and that is all we hear of it. Without npm there is no such shell, and a new parent means nothing.
 */
const followShell = (child) => {
  if (process.env.npm_lifecycle_event === undefined) return () => {};
  const shell = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === shell) return;
    clearInterval(timer);
    child.kill('SIGTERM');
  }, PARENT_CHECK_MS);
  return () => clearInterval(timer);
};

/** npm, or the shell that it starts, may go first, killed. Then nobody could end the child any more. */
const ORPHAN_CHECK_MS = 250;

const endWithParent = (child) => {
  if (process.env.npm_lifecycle_event === undefined) return () => {};
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    child.kill('SIGTERM');
  }, ORPHAN_CHECK_MS);
  return () => clearInterval(timer);
};

/** Runs the script and ends as it ended: same exit code, same signal. */
const run = async (node, argv, env) => {
  const child = spawn(node, argv, { stdio: 'inherit', env });
  const ended = new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });
  const stopFollowing = followShell(child);
  const stopWatching = endWithParent(child);
  const stopForwarding = await forwardSignals(child);
  const { code, signal } = await ended;
  stopWatching();
  stopForwarding();
  stopFollowing();
  if (signal !== null) process.kill(process.pid, signal);
  else process.exitCode = code;
};

const main = async ([first, ...others]) => {
  const node = await findNode();
  const env = environmentFor(node);
  if (!isInstalled()) {
    const { installDependencies } = await import('./bootstrap/install-dependencies.mjs');
    await installDependencies({ root, node, env, isInstalled });
  }
  const [flags, script, ...rest] = first === '--watch' ? [['--watch'], ...others] : [[], first, ...others];
  if (script === undefined)
    throw new Error('usage: node scripts/bootstrap.mjs [--watch] <script> [arguments]');
  await run(node, [...flags, join(root, script), ...rest], env);
};

main(process.argv.slice(2)).catch((error) => {
  process.stderr.write(`millrace: ${error.message}\n`);
  process.exitCode = 1;
});
