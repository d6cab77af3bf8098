import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { cacheFolder } from './cache-folder.mjs';
import { npm } from './npm.mjs';

/** Platforms that have a package `node-<platform>-<arch>` with a Node that needs no install script. */
const PACKAGED = ['linux-x64', 'linux-arm64', 'darwin-x64', 'darwin-arm64', 'win32-x64'];

const versionOf = (node) => {
  try {
    return execFileSync(node, ['--version'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return 'nothing';
  }
};

/** Where two processes fetch at once, the first rename wins and the other's copy goes. */
const moveInto = (from, to) => {
  try {
    renameSync(from, to);
  } catch (error) {
    if (!existsSync(to)) throw error;
  }
};

/** The path of Node `version` in the user's cache, fetched with npm when it is not there yet. */
export const fetchNode = async (version, needed) => {
  const platform = `${process.platform}-${process.arch}`;
  const tooOld = `Millrace needs Node ${needed} or newer; this is ${process.versions.node}`;
  if (!PACKAGED.includes(platform)) throw new Error(`${tooOld}. Please install a newer one.`);

  const packageName = `node-${platform.replace('win32', 'win')}`;
  const folder = join(cacheFolder(), `node-${version}-${platform}`);
  const nodeIn = (place) =>
    join(place, 'node_modules', packageName, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  if (existsSync(nodeIn(folder))) return nodeIn(folder);

  process.stderr.write(`millrace: ${tooOld}. Fetching Node ${version} into ${folder}\n`);
  mkdirSync(dirname(folder), { recursive: true });
  const temporary = mkdtempSync(`${folder}-`);
  try {
    await npm(['install', '--no-save', '--prefix', temporary, `${packageName}@${version}`], {
      node: process.execPath,
      env: process.env,
      cwd: temporary,
      failure: `could not fetch Node ${version}; install Node ${needed} or newer yourself, or try again.`,
    });
    const found = versionOf(nodeIn(temporary));
    if (found !== `v${version}`)
      throw new Error(`the fetched Node does not run here (it answers ${found}). ${tooOld}.`);
    moveInto(temporary, folder);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
  return nodeIn(folder);
};
