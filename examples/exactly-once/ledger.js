import { DatabaseSync } from 'node:sqlite';

/**
 * The effects of records, in a database of their own. What a record does and how far its shard has been read
 * change in one transaction, so that a record that comes again finds its number there and does nothing.
 */
export class Ledger {
  #database;

  constructor(file) {
    this.#database = new DatabaseSync(file);
    this.#database.exec(`
      CREATE TABLE IF NOT EXISTS balance (customer TEXT PRIMARY KEY, amount INTEGER NOT NULL);
      CREATE TABLE IF NOT EXISTS progress (shard TEXT PRIMARY KEY, sequence TEXT NOT NULL);
    `);
  }

  /** The number of the last record of the shard whose effect is here; undefined before the first. */
  progressOf(shard) {
    return this.#database.prepare('SELECT sequence FROM progress WHERE shard = ?').get(shard)?.sequence;
  }

  /** Takes the payment in, once. Sequence numbers are numbers: as text, a shorter one would look larger. */
  apply(shard, sequence, { customer, amount }) {
    const last = this.progressOf(shard);
    if (last !== undefined && BigInt(sequence) <= BigInt(last)) return false;
    this.#database.exec('BEGIN');
    this.#database
      .prepare(
        'INSERT INTO balance VALUES (?, ?) ON CONFLICT (customer) DO UPDATE SET amount = amount + excluded.amount',
      )
      .run(customer, amount);
    this.#database.prepare('INSERT OR REPLACE INTO progress VALUES (?, ?)').run(shard, sequence);
    this.#database.exec('COMMIT');
    return true;
  }

  balances() {
    return this.#database.prepare('SELECT customer, amount FROM balance ORDER BY customer').all();
  }

  close() {
    this.#database.close();
  }
}
