/** The rest of a batch is left undone because the shard is being left; whoever has it next does it. */
export class Abandoned extends Error {
  constructor() {
    super('the shard is being left');
    this.name = 'Abandoned';
  }
}
