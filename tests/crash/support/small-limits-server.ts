/**
 * `millrace serve` with limits a thousandth of the usual ones, so that journal files, segments and manifests follow
 * on each other all the time: a kill then falls into the middle of any of them.
 */
import { openEmbeddedLog } from '@millrace/log-embedded';
import { DEFAULTS, startServer } from '@millrace/server';
import { pino } from 'pino';

const KIB = 1024;
const LIMITS = {
  journalFileBytesMax: 256 * KIB,
  journalBytesMax: 1024 * KIB,
  writeBehindBytes: 256 * KIB,
  dirtyBytesMax: 2048 * KIB,
  cleanTailBytesMax: 256 * KIB,
  segmentBytesMax: 512 * KIB,
  indexGapBytes: 4 * KIB,
  openFilesMax: 8,
  writeBehindRestMs: 50,
};

const dataDir = process.argv[process.argv.indexOf('--data-dir') + 1] ?? '';
const logger = pino({ level: 'warn' }, pino.destination(2));
const server = await startServer({ ...DEFAULTS, port: 0, dataDir }, logger, {
  openLog: (options) => openEmbeddedLog({ ...options, limits: LIMITS }),
});
process.stdout.write(`Millrace is ready at ${server.endpoint}\n`);
process.once('SIGTERM', () => void server.close(10_000));
