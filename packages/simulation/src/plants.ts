/** A bug that the simulation must find: it is put into a module as it is loaded, and nowhere else. */
export interface Plant {
  readonly name: string;
  /** Below `packages/`. */
  readonly file: string;
  /** Stands in the file just once. */
  readonly find: string;
  readonly put: string;
  /** What it breaks; not always what is seen to break first. */
  readonly breaks: string;
}

const engine = (file: string): string => `log-embedded/src/${file}`;

export const PLANTS: readonly Plant[] = [
  {
    name: 'the journal is not synced',
    file: engine('write-durably.ts'),
    find: 'if (file.isDurable !== true) await file.sync();',
    put: '',
    breaks: 'what was acknowledged is there',
  },
  {
    name: 'acknowledged before the sync',
    file: engine('write-durably.ts'),
    find: 'if (file.isDurable !== true) await file.sync();',
    put: 'if (file.isDurable !== true) file.sync().catch(() => undefined);',
    breaks: 'what was acknowledged is there',
  },
  {
    name: 'a failed sync is passed over',
    file: engine('write-durably.ts'),
    find: 'if (file.isDurable !== true) await file.sync();',
    put: 'if (file.isDurable !== true) await file.sync().catch(() => undefined);',
    breaks: 'what was acknowledged is there',
  },
  {
    name: 'the next group is written after a failure',
    file: engine('errors.ts'),
    find: "new Set<LogErrorCode>(['full', 'overloaded'])",
    put: "new Set<LogErrorCode>(['full', 'overloaded', 'failed'])",
    breaks: 'after a failure everything is refused',
  },
  {
    name: 'frames are not checked',
    file: engine('frame.ts'),
    find: 'if (checksum(bytes.subarray(4)) !== bytes.readUInt32LE(0)) return undefined;',
    put: '',
    breaks: 'damage is never served as data',
  },
  {
    name: 'groups of a former life of the file pass',
    file: engine('journal-file.ts'),
    find: 'if (checksum(file.subarray(offset, offset + 28), salt) !== file.readUInt32LE(offset + 28)) return undefined;',
    put: '',
    breaks: 'nothing is read that was not written',
  },
  {
    name: 'what recovery read is not made safe',
    file: engine('journal-recovery.ts'),
    find: 'if (last >= first) await makeSafe(disk, last, sizes.get(last) ?? 0);',
    put: '',
    breaks: 'what was read stays',
  },
  {
    name: 'a failed sync is believed to be mended by the next',
    file: engine('journal-recovery.ts'),
    find: 'await file.write([groups], 0);',
    put: '',
    breaks: 'what was read stays',
  },
  {
    name: 'the journal directory is not synced',
    file: engine('journal-maker.ts'),
    find: 'await disk.syncDirectory(JOURNAL);',
    put: '',
    breaks: 'what was acknowledged is there',
  },
  {
    name: 'what a full disk refused stays in the journal',
    file: engine('journal.ts'),
    find: 'await current.file.truncate(current.bytes);',
    put: '',
    breaks: 'what is refused is not there',
  },
  {
    name: 'the manifest comes before its segments are synced',
    file: engine('segment-writer.ts'),
    find: 'await writeDurably(file, inFewPieces(portion), at);',
    put: 'await file.write(inFewPieces(portion), at);',
    breaks: 'what was acknowledged is there',
  },
  {
    name: 'names of segments are not synced',
    file: engine('segment-writer.ts'),
    find: 'await this.#disk.syncDirectory(directory);',
    put: '',
    breaks: 'what was acknowledged is there',
  },
  {
    name: 'the directory of a new log is not synced',
    file: engine('segment-writer.ts'),
    find: 'if (without.length > 0) await this.#disk.syncDirectory(LOGS);',
    put: '',
    breaks: 'what was acknowledged is there',
  },
  {
    name: 'the new manifest is not synced before it replaces the old',
    file: engine('manifest.ts'),
    find: 'await file.sync();',
    put: '',
    breaks: 'the store opens',
  },
  {
    name: 'the renaming of the manifest is not synced',
    file: engine('manifest.ts'),
    find: 'await disk.syncDirectory(ROOT);',
    put: '',
    breaks: 'the store opens',
  },
  {
    name: 'the journal goes before the manifest knows',
    file: engine('write-behind.ts'),
    find: 'await writeManifest(disk, manifest);',
    put: 'await this.#removeJournal(this.#deps.pins.journalFloor(manifest.journal)); await writeManifest(disk, manifest);',
    breaks: 'the store opens',
  },
  {
    name: 'a journal file goes that is still needed',
    file: engine('tail-memory.ts'),
    find: 'for (const log of this.dirtyLogs) oldest = Math.min',
    put: 'for (const log of []) oldest = Math.min',
    breaks: 'what was acknowledged is there',
  },
  {
    name: 'a refused group takes its positions with it',
    file: engine('change.ts'),
    find: 'this.#log.sealedEnd = this.#log.end;',
    put: '',
    breaks: 'positions are dense, in the order of the calls',
  },
  {
    name: 'readers are told of what is not durable',
    file: engine('engine.ts'),
    find: 'const { start, end } = this.#require(id);',
    put: 'const { start, sealedEnd: end } = this.#require(id);',
    breaks: 'the end never falls',
  },
  {
    name: 'time may fall',
    file: engine('change.ts'),
    find: 'Math.max(nowMs, log.lastArrivalMs)',
    put: 'nowMs',
    breaks: 'time never falls within a log',
  },
  {
    name: 'appends are replayed though a segment holds them',
    file: engine('replay.ts'),
    find: 'if (log === undefined || position + count <= log.end) return;\n    if (position !== log.end) {',
    put: 'if (log === undefined) return;\n    if (position > log.end) {',
    breaks: 'a record is there once',
  },
  {
    name: 'a trim is forgotten by recovery',
    file: engine('replay.ts'),
    find: 'if (log !== undefined) this.#table.trim(log, position);',
    put: '',
    breaks: 'a trim that was acknowledged stays',
  },
  {
    name: 'a deletion is forgotten by recovery',
    file: engine('replay.ts'),
    find: 'if (log !== undefined) this.#table.delete(log);',
    put: '',
    breaks: 'a log that was deleted does not come back',
  },
  {
    name: 'the index leads past what it should find',
    file: engine('sparse-index.ts'),
    find: 'this.#arrivalMs(i) >= timestampMs',
    put: 'this.#arrivalMs(i) > timestampMs',
    breaks: 'times are found',
  },
  {
    name: 'segments are looked at while they go',
    file: engine('engine.ts'),
    find: 'const segments = log.segments.all.filter(({ end }) => end > log.start);',
    put: 'const segments = [...log.segments.all];',
    breaks: 'no error without a reason',
  },
  {
    name: 'the cache takes the portion of one log for that of another',
    file: engine('portions.ts'),
    find: 'segment.logNumber}/',
    put: '0}/',
    breaks: 'nothing is read that was not written',
  },
  {
    name: 'memory is used again while readers hold it',
    file: engine('engine.ts'),
    find: 'withOwnValues(collector.records);',
    put: '',
    breaks: 'a record that was read does not change',
  },
  {
    name: 'memory is used again while it is being written',
    file: engine('segment-writer.ts'),
    find: 'for (const batch of batches) this.#frameMemory.retain(batch);',
    put: '',
    breaks: 'the bytes are those that were written',
  },
  {
    name: 'a waiter is forgotten',
    file: engine('log-table.ts'),
    find: 'log.waiters.wake(log.end);',
    put: 'if (log.end % 3 > 0) log.waiters.wake(log.end);',
    breaks: 'a waiter is woken when there is more',
  },
  {
    name: 'closing leaves files open',
    file: engine('segment-files.ts'),
    find: 'for (const segment of [...this.#open.keys()]) await this.forget(segment);',
    put: '',
    breaks: 'closing closes all files',
  },
  {
    name: 'plain text is stored',
    file: engine('engine.ts'),
    find: 'if (key === undefined) return { count, frame:',
    put: 'if (key !== null) return { count, frame:',
    breaks: 'the data key is told',
  },
  {
    name: 'the control log is cut before its snapshot is written',
    file: 'catalog/src/catalog.ts',
    find: `await writeSnapshot(engine, snapshot);
    await engine.trim(CONTROL_LOG, snapshot.position);`,
    put: `await engine.trim(CONTROL_LOG, snapshot.position);
    await writeSnapshot(engine, snapshot);`,
    breaks: 'the catalog opens',
  },
  {
    name: 'a snapshot passes over a command',
    file: 'catalog/src/catalog.ts',
    find: 'const snapshot = { position: this.#next,',
    put: 'const snapshot = { position: positionOf(this.#next + 1),',
    breaks: 'the catalog is what its commands make of it',
  },
];
