export interface TestArguments {
  readonly check: boolean;
  /** Sentences of tests that pass, too. */
  readonly verbose: boolean;
  readonly concurrency?: number;
  /** Packages, or parts of paths; empty for everything. */
  readonly patterns: readonly string[];
  /** Handed to every test process, such as `--test-name-pattern=…`. */
  readonly nodeFlags: readonly string[];
}

export const USAGE = `npm test [-- options] [-- part-of-a-path…]

  --only <package>      the tests of packages/<package> (may be repeated)
  --no-check            without types, format and the other checks; so is every run of a part
  --check               with them even so
  --verbose             every test's sentence (on a terminal so is every run of a few files)
  --concurrency <n>     files at once (default: the machine's cores)
  any other --flag      goes to Node, such as --test-name-pattern='a closed shard'
`;

const valueAfter = (argv: readonly string[], index: number): string => {
  const value = argv[index + 1];
  if (value === undefined) throw new Error(`${argv[index]} needs a value\n\n${USAGE}`);
  return value;
};

const countAfter = (argv: readonly string[], index: number): number => {
  const count = Number(valueAfter(argv, index));
  if (!Number.isInteger(count) || count < 1)
    throw new Error(`${argv[index]} needs a number from 1 on\n\n${USAGE}`);
  return count;
};

/** `log` and `packages/log` are the same package. */
const packageFolder = (name: string): string => `packages/${name.replace(/^packages\/|\/$/g, '')}/`;

export const parseArguments = (argv: readonly string[]): TestArguments => {
  const patterns: string[] = [];
  const nodeFlags: string[] = [];
  let check: boolean | undefined;
  let verbose = false;
  let concurrency: number | undefined;
  for (let index = 0; index < argv.length; index += 1) {
    const argument = argv[index] ?? '';
    if (argument === '--only') patterns.push(packageFolder(valueAfter(argv, index++)));
    else if (argument === '--concurrency') concurrency = countAfter(argv, index++);
    else if (argument === '--no-check') check = false;
    else if (argument === '--check') check = true;
    else if (argument === '--verbose') verbose = true;
    else if (argument.startsWith('--')) nodeFlags.push(argument);
    else patterns.push(argument);
  }
  const isWhole = patterns.length === 0 && nodeFlags.length === 0;
  return {
    check: check ?? isWhole,
    verbose,
    patterns,
    nodeFlags,
    ...(concurrency !== undefined && { concurrency }),
  };
};
