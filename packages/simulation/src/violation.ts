/** What must hold, and does not. */
export class Violation extends Error {
  readonly law: string;
  constructor(law: string, detail: string) {
    super(`${law}: ${detail}`);
    this.name = 'Violation';
    this.law = law;
  }
}

/** Throws a `Violation` of the law unless the condition holds; the detail is made only then. */
export const must = (condition: boolean, law: string, detail: () => string): void => {
  if (!condition) throw new Violation(law, detail());
};
