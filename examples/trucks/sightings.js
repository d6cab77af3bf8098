import { DatabaseSync } from 'node:sqlite';

/** How far each truck has been followed, in a database that all workers share: it outlives any of them. */
export class Sightings {
  #database;
  #see;
  #credit;
  #hold;

  constructor(file) {
    this.#database = new DatabaseSync(file, { timeout: 10_000 });
    this.#database.exec(`
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = OFF;
      CREATE TABLE IF NOT EXISTS truck (
        id TEXT PRIMARY KEY, last INTEGER DEFAULT 0, repeated INTEGER DEFAULT 0, missed INTEGER DEFAULT 0);
      CREATE TABLE IF NOT EXISTS worker (name TEXT PRIMARY KEY, seen INTEGER DEFAULT 0, shards INTEGER DEFAULT 0);
    `);
    // One statement is one transaction. Positions are numbered: one that is not the next was seen before, or was
    // missed on the way. Everything on the right is the value before.
    this.#see = this.#database.prepare(`
      UPDATE truck SET
        repeated = repeated + (:number <= last),
        missed = missed + max(0, :number - last - 1),
        last = max(last, :number)
      WHERE id = :truck`);
    this.#credit = this.#database.prepare('UPDATE worker SET seen = seen + 1 WHERE name = ?');
    this.#hold = this.#database.prepare('UPDATE worker SET shards = shards + ? WHERE name = ?');
  }

  addTruck(id) {
    this.#database.prepare('INSERT INTO truck (id) VALUES (?)').run(id);
  }

  addWorker(name) {
    this.#database.prepare('INSERT INTO worker (name) VALUES (?)').run(name);
  }

  removeWorker(name) {
    this.#database.prepare('DELETE FROM worker WHERE name = ?').run(name);
  }

  see(worker, truck, number) {
    this.#see.run({ truck, number });
    this.#credit.run(worker);
  }

  hold(worker, shards) {
    this.#hold.run(shards, worker);
  }

  workers() {
    return this.#database.prepare('SELECT name, seen, shards FROM worker ORDER BY rowid').all();
  }

  totals() {
    return this.#database
      .prepare(
        'SELECT sum(last) AS seen, min(last) AS least, sum(repeated) AS repeated, sum(missed) AS missed FROM truck',
      )
      .get();
  }

  close() {
    this.#database.close();
  }
}
