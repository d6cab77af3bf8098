import type { Chance } from './chance.ts';
import type { Inode } from './inode.ts';

export type Node = Inode | Directory;

/** One step: a rename takes one name away and gives another. */
interface NameChange {
  readonly removed?: string;
  readonly added?: readonly [name: string, node: Node];
}

const apply = (names: Map<string, Node>, { removed, added }: NameChange): void => {
  if (removed !== undefined) names.delete(removed);
  if (added !== undefined) names.set(...added);
};

/** The names in one directory: as a running system sees them, as they are safe, and the changes between the two. */
export class Directory {
  readonly names = new Map<string, Node>();
  readonly #safe = new Map<string, Node>();
  #pending: NameChange[] = [];
  #settledCount = 0;

  change(change: NameChange): void {
    this.#pending.push(change);
    apply(this.names, change);
  }

  /** Stands for all changes up to now. */
  get mark(): number {
    return this.#settledCount + this.#pending.length;
  }

  sync(mark: number): void {
    const changes = this.#pending.splice(0, Math.max(0, mark - this.#settledCount));
    this.#settledCount += changes.length;
    for (const change of changes) apply(this.#safe, change);
  }

  /** Of the names that were not synced, all, none, the first few, or any have reached the disk. */
  cutPower(chance: Chance): void {
    for (const change of this.#survivors(chance)) apply(this.#safe, change);
    this.#settledCount += this.#pending.length;
    this.#pending = [];
    this.names.clear();
    for (const [name, node] of this.#safe) {
      this.names.set(name, node);
      node.cutPower(chance);
    }
  }

  #survivors(chance: Chance): NameChange[] {
    const outcome = chance.below(4);
    if (outcome === 0) return [];
    if (outcome === 1) return this.#pending;
    if (outcome === 2) return this.#pending.slice(0, chance.below(this.#pending.length + 1));
    // What happens to one name stays in order; names know nothing of each other.
    const kept = new Map<string, boolean>();
    return this.#pending.filter(({ removed, added }) => {
      const name = added?.[0] ?? removed ?? '';
      const isKept = (kept.get(name) ?? true) && chance.below(3) > 0;
      kept.set(name, isKept);
      return isKept;
    });
  }
}
