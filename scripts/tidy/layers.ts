/**
 * Who may import whom. THINK BEFORE CHANGING THIS: an arrow added here is one that every later reader has to
 * keep in mind, and it is hard to take back. If a change seems to need one, look first for the seam that lets
 * the caller hand the thing in (a port in `core`, wired in `server`).
 *
 * Tests, benchmarks, examples and scripts may import any package.
 */
const ENGINE_SIDE = ['core', 'log'];
const SERVICE_SIDE = ['core', 'aws-model', 'aws-protocol', 'log', 'catalog'];

/** Everything but the clients, the console (which speaks only HTTP) and what serves development. */
const SERVER_SIDE = [
  ...SERVICE_SIDE,
  ...['log-embedded', 'log-kafka', 'sql', 'media', 'aggregation'],
  ...['streams', 'firehose', 'analytics', 'video', 'functions', 'tables', 'identity', 'telemetry'],
];

const CLIENT_SIDE = ['aggregation', 'client-common'];

export const LAYERS: Readonly<Record<string, readonly string[]>> = {
  // Pure: nouns, data and engines that know nothing of a server.
  core: [],
  'aws-model': [],
  sql: ['core'], // its time types
  media: [],
  aggregation: [],

  'aws-protocol': ['core', 'aws-model'],

  log: ['core'],
  'log-embedded': ENGINE_SIDE,
  'log-kafka': ENGINE_SIDE,
  catalog: ENGINE_SIDE,

  // Services never import one another: records pass through RecordSource and RecordSink, wired in `server`.
  streams: SERVICE_SIDE,
  firehose: [...SERVICE_SIDE, 'aggregation'],
  analytics: [...SERVICE_SIDE, 'aggregation', 'sql'],
  video: [...SERVICE_SIDE, 'media'],
  functions: [...SERVICE_SIDE, 'aggregation'],
  tables: SERVICE_SIDE,
  identity: SERVICE_SIDE,
  telemetry: SERVICE_SIDE,

  server: [...SERVER_SIDE, 'kcl-daemon'],

  // Clients work against AWS too, so nothing of the server may leak into them.
  'client-common': [],
  producer: CLIENT_SIDE,
  consumer: CLIENT_SIDE,
  agent: CLIENT_SIDE,
  // A program around a client, which the command line starts.
  'kcl-daemon': ['client-common', 'consumer'],
  console: [],

  // For tests alone: nobody imports it.
  simulation: [...ENGINE_SIDE, 'log-embedded', 'catalog'],
};
