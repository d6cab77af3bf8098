/** Prints one line per law, as tests/clients/README.md asks for. */
export class Report {
  #broken = 0;

  variant(name: string): void {
    process.stdout.write(`# ${name}\n`);
  }

  /** A law that breaks must not hide the next. */
  async law(name: string, check: () => Promise<void>): Promise<void> {
    try {
      await check();
      process.stdout.write(`ok ${name}\n`);
    } catch (problem) {
      this.#broken += 1;
      const told = String(problem).replace(/\s+/g, ' ').slice(0, 500);
      process.stdout.write(`not ok ${name}: ${told}\n`);
    }
  }

  get exitCode(): number {
    return this.#broken === 0 ? 0 : 1;
  }
}
