import { spawn } from 'node:child_process';

/** Registries are slow at times; one that says nothing for this long is taken as unreachable. */
const NPM_DEADLINE_MS = 10 * 60_000;
/** A machine without network should hear so within seconds, not after npm's default of minutes. */
const RETRY_SOON = ['--fetch-retries=2', '--fetch-retry-mintimeout=1000', '--fetch-retry-maxtimeout=3000'];

/** npm's usage text follows the reason and helps nobody here. */
const REASON_LINES_MAX = 30;

const QUIET = ['--no-audit', '--no-fund', '--no-update-notifier', '--ignore-scripts', '--loglevel=error'];

/** npm as it was started (`npm start`), or else the one on PATH. */
const npmCommand = (node) => {
  const script = process.env.npm_execpath ?? '';
  if (/npm-cli\.[cm]?js$/.test(script)) return { file: node, before: [script], shell: false };
  return { file: 'npm', before: [], shell: process.platform === 'win32' };
};

/** Settings of the run that started this process must not change where this npm works. */
const cleaned = (env) => {
  const { npm_config_local_prefix: _prefix, NODE_ENV: _nodeEnv, ...rest } = env;
  return rest;
};

/** Lines by which npm says that it could not reach its registry. */
const UNREACHABLE = /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|ENOTCACHED|network/i;

/** npm must not outlive this process, nor its deadline. */
const stopWith = (child) => {
  const deadline = setTimeout(() => child.kill(), NPM_DEADLINE_MS);
  const stop = () => {
    child.kill();
    process.exit(1);
  };
  const signals = ['SIGTERM', 'SIGINT', 'SIGHUP'];
  for (const signal of signals) process.once(signal, stop);
  return () => {
    clearTimeout(deadline);
    for (const signal of signals) process.removeListener(signal, stop);
  };
};

/** Runs npm without a word; throws with npm's own output when it fails. */
export const npm = async (args, { node, env, cwd, failure }) => {
  const { file, before, shell } = npmCommand(node);
  const child = spawn(file, [...before, ...args, ...QUIET, ...RETRY_SOON], {
    cwd,
    shell,
    env: cleaned(env),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const letGo = stopWith(child);
  const output = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => output.push(chunk));
  const code = await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  }).finally(letGo);
  if (code === 0) return;
  const said = Buffer.concat(output).toString().trim().split('\n').slice(0, REASON_LINES_MAX).join('\n');
  const hint = UNREACHABLE.test(said)
    ? ' npm cannot reach its registry: this step needs the network once.'
    : '';
  throw new Error(`${failure}${hint}\n${said}`);
};
