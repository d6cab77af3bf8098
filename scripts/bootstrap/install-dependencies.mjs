import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { npm } from './npm.mjs';

/** Longer than npm's own deadline: whoever holds the lock is done or dead by then. */
const WAIT_DEADLINE_MS = 12 * 60_000;
const WAIT_STEP_MS = 200;

const isAlive = (pid) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
};

/** True when this process has made the lock file; it holds the process id of its owner. */
const tryLock = (path) => {
  try {
    writeFileSync(path, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
};

/** A lock whose owner died (the machine went down, kill -9) is no lock. */
const removeIfOrphaned = (path) => {
  try {
    const owner = Number(readFileSync(path, 'utf8'));
    // An empty file is a lock in the making: its owner writes its id next.
    if (owner > 0 && !isAlive(owner)) rmSync(path, { force: true });
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
  }
};

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

const lock = async (path) => {
  const deadline = Date.now() + WAIT_DEADLINE_MS;
  while (!tryLock(path)) {
    if (Date.now() > deadline)
      throw new Error(`another process is installing dependencies; or remove ${path}`);
    removeIfOrphaned(path);
    await pause(WAIT_STEP_MS);
  }
};

/** Installs exactly what package-lock.json says. Processes that come at once do so one after the other. */
export const installDependencies = async ({ root, node, env, isInstalled }) => {
  const lockFile = join(root, '.installing.lock');
  await lock(lockFile);
  try {
    if (isInstalled()) return;
    process.stderr.write('millrace: installing the locked dependencies into node_modules\n');
    await npm(['ci', '--include=dev'], {
      node,
      env,
      cwd: root,
      failure: 'could not install the dependencies.',
    });
  } finally {
    rmSync(lockFile, { force: true });
  }
};
