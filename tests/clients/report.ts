/** One law as a client program told it; `problem` is absent when it held. */
export interface LawResult {
  readonly law: string;
  readonly problem?: string;
}

export interface VariantResult {
  readonly variant: string;
  readonly results: readonly LawResult[];
}

export interface Report {
  readonly variants: readonly VariantResult[];
  /** Lines that are none of ours: warnings of a client, a stack. */
  readonly otherLines: readonly string[];
}

const VARIANT_LINE = /^# (?<variant>.+)$/;
const OK_LINE = /^ok (?<law>.+)$/;
const NOT_OK_LINE = /^not ok (?<law>[^:]+): (?<problem>.*)$/;

const lawOf = (line: string): LawResult | undefined => {
  const { law, problem } = (OK_LINE.exec(line) ?? NOT_OK_LINE.exec(line))?.groups ?? {};
  if (law === undefined) return undefined;
  return problem === undefined ? { law } : { law, problem };
};

/** Reads what a client program printed: `# variant`, `ok law`, `not ok law: problem`, one per line. */
export const parseReport = (text: string): Report => {
  const variants: { variant: string; results: LawResult[] }[] = [];
  const otherLines: string[] = [];
  for (const line of text.split('\n').filter((candidate) => candidate !== '')) {
    const variant = VARIANT_LINE.exec(line)?.groups?.variant;
    const result = lawOf(line);
    const current = variants.at(-1);
    if (variant !== undefined) variants.push({ variant, results: [] });
    else if (result !== undefined && current !== undefined) current.results.push(result);
    else otherLines.push(line);
  }
  return { variants, otherLines };
};

/** The laws that a variant should have told of and did not. */
export const untold = ({ results }: VariantResult, laws: readonly string[]): readonly string[] => {
  const told = new Set(results.map(({ law }) => law));
  return laws.filter((law) => !told.has(law));
};
