/**
 * What the world outside the program looks like in source, and the only files that may touch it. Everything
 * else gets it as an argument (the ports in `packages/core/src/ports`), so that it runs in a simulation.
 *
 * THINK BEFORE CHANGING THIS: every row is a file that a simulation cannot see through.
 */
export interface Ban {
  readonly name: string;
  /** Modules that may not be imported. */
  readonly modules?: readonly string[];
  /** `name` as a value of its own, `object.name`, or `name()` for a call without arguments after `new`. */
  readonly uses?: readonly string[];
  readonly instead: string;
  /** Glob and reason. */
  readonly allowed: Readonly<Record<string, string>>;
}

/** Programs that no simulation runs: everything but the console is theirs to use. */
const PROGRAMS: Readonly<Record<string, string>> = {
  'scripts/**': 'tools of the repository',
  'tests/**': 'tests run real processes',
  'packages/*/{test,testing}/**': 'tests',
  '**/*.test.ts': 'tests',
  'benchmarks/**': 'benchmarks measure the real thing',
  'examples/**': 'examples are programs of their own',
};

const ADAPTERS = {
  'packages/server/src/adapters/**': 'the adapters that implement the ports',
  'packages/{agent,client-common,consumer,kcl-daemon,producer}/src/node.ts':
    'the one file of a client that touches the machine',
};
const PORT = { 'packages/aws-protocol/src/port/**': 'the one network port' };
const COMMANDS = {
  'packages/server/src/cli/**': 'commands speak with the terminal',
  'packages/server/src/main.ts': 'the program',
};

export const BANS: readonly Ban[] = [
  {
    name: 'the clock',
    modules: ['node:perf_hooks'],
    uses: ['Date.now', 'new Date()', 'performance', 'process.hrtime'],
    instead: 'take a Clock',
    allowed: { ...PROGRAMS, ...ADAPTERS },
  },
  {
    name: 'chance',
    uses: ['Math.random', 'randomBytes', 'randomUUID', 'randomInt', 'randomFill', 'getRandomValues'],
    instead: 'take a Random',
    allowed: { ...PROGRAMS, ...ADAPTERS },
  },
  {
    name: 'timers',
    modules: ['node:timers', 'node:timers/promises'],
    uses: ['setTimeout', 'setInterval', 'setImmediate', 'AbortSignal.timeout'],
    instead: 'take a Clock',
    allowed: {
      ...PROGRAMS,
      ...ADAPTERS,
      'packages/aws-protocol/src/port/end-of-turn.ts': 'answers go out together; no time passes',
    },
  },
  {
    name: 'the disk',
    modules: ['node:fs', 'node:fs/promises'],
    instead: 'take a Disk',
    allowed: { ...PROGRAMS, ...ADAPTERS, ...COMMANDS },
  },
  {
    name: 'the network',
    modules: [
      'node:net',
      'node:http',
      'node:https',
      'node:http2',
      'node:tls',
      'node:dgram',
      'node:dns',
      'undici',
    ],
    uses: ['fetch', 'WebSocket', 'EventSource'],
    instead: 'answer through the pipeline, or take what calls out as an argument',
    allowed: { ...PROGRAMS, ...ADAPTERS, ...PORT },
  },
  {
    name: 'the environment',
    uses: ['process.env'],
    instead: 'add a row to the config table',
    allowed: { ...PROGRAMS, 'packages/server/src/config/**': 'the config table' },
  },
  {
    name: 'the process',
    modules: ['node:process', 'node:child_process', 'node:worker_threads', 'node:cluster', 'node:os'],
    uses: [
      'process.exit',
      'process.exitCode',
      'process.on',
      'process.once',
      'process.stdout',
      'process.stderr',
    ],
    instead: 'return or throw; the commands speak with the terminal',
    allowed: {
      ...PROGRAMS,
      ...ADAPTERS,
      ...COMMANDS,
      'packages/server/src/logging.ts': 'log lines go to standard error',
    },
  },
  {
    name: 'console',
    uses: ['console'],
    instead: 'log through the logger, or write to process.stdout in a command',
    allowed: { 'examples/**': 'examples print' },
  },
];
