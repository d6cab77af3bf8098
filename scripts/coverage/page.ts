import { whyUnsupported } from '@millrace/aws-protocol';
import type { CoveredService } from './services.ts';

interface OperationCoverage {
  readonly name: string;
  /** Undefined for an operation that is built. */
  readonly why: string | undefined;
}

const coverageOf = ({ model, table }: CoveredService): readonly OperationCoverage[] =>
  Object.keys(model.operations)
    .sort()
    .map((name) => ({
      name,
      why: table === undefined ? 'the service is not built yet' : whyUnsupported(table[name]),
    }));

const supported = (operations: readonly OperationCoverage[]): readonly OperationCoverage[] =>
  operations.filter(({ why }) => why === undefined);

const count = (operations: readonly OperationCoverage[]): string =>
  `${supported(operations).length} of ${operations.length}`;

/** The table for the README. */
export const coverageSummary = (services: readonly CoveredService[]): string => {
  const rows = services.map(
    (service) => `| ${service.title} (\`${service.model.name}\`) | ${count(coverageOf(service))} |`,
  );
  const link = 'Each operation, and why it is missing: [docs/coverage.md](docs/coverage.md)';
  return ['| service | operations that work |', '|---|---|', ...rows, '', link].join('\n');
};

/** Operations that are missing for one reason stand together. */
const missing = (operations: readonly OperationCoverage[]): readonly string[] => {
  const byReason = Map.groupBy(operations, ({ why }) => why);
  return [...byReason].flatMap(([why, group]) =>
    why === undefined ? [] : [`| ${group.map(({ name }) => name).join(', ')} | ${why} |`],
  );
};

const section = (service: CoveredService): readonly string[] => {
  const operations = coverageOf(service);
  const works = supported(operations).map(({ name }) => name);
  const lacks = missing(operations);
  return [
    `## ${service.title} (\`${service.model.name}\`): ${count(operations)}`,
    '',
    ...(works.length > 0 ? [`Works: ${works.join(', ')}.`, ''] : []),
    ...(lacks.length > 0 ? ['| does not work | why |', '|---|---|', ...lacks, ''] : []),
  ];
};

/** docs/coverage.md. */
export const coveragePage = (services: readonly CoveredService[]): string =>
  [
    '# Coverage',
    '',
    'Written by `scripts/coverage.ts` from the tables that the server answers from: do not edit. Where a',
    'service is built, an operation that does not work is answered with an error that says why.',
    '',
    ...services.flatMap(section),
  ].join('\n');

const START = '<!-- coverage:start -->';
const END = '<!-- coverage:end -->';

/** `text` with the summary between its markers. */
export const withSummary = (text: string, summary: string): string => {
  const start = text.indexOf(START);
  const end = text.indexOf(END);
  if (start < 0 || end < start) throw new Error(`README.md needs a line ${START} and, below it, ${END}`);
  return `${text.slice(0, start + START.length)}\n${summary}\n${text.slice(end)}`;
};
