/**
 * `npm run lock`: brings package-lock.json up to date with every package.json; `--check` only looks.
 *
 * A registry that carries a part of npm's packages (a company's mirror, say) leaves the native parts of other
 * platforms out of the lock, and `npm ci` then refuses it everywhere. Those entries are added here from what
 * their parents say, so that one lock serves all platforms.
 */
import { execFileSync } from 'node:child_process';
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const DEPENDENCY_KINDS = [
  'dependencies',
  'devDependencies',
  'optionalDependencies',
  'peerDependencies',
] as const;

type DependencyKind = (typeof DEPENDENCY_KINDS)[number];

interface LockedPackage extends Partial<Record<DependencyKind, Record<string, string>>> {
  version?: string;
  dev?: boolean;
  link?: boolean;
}

interface Lock {
  packages: Record<string, LockedPackage>;
}

const root = dirname(import.meta.dirname);
const lockPath = join(root, 'package-lock.json');
const readJson = <T>(path: string): T => JSON.parse(readFileSync(path, 'utf8'));

/** `linux-x64-musl` and the like, as the authors of native packages write them. */
const PLATFORM =
  /(android|darwin|freebsd|linux|openharmony|win32)-([a-z0-9_]+?)(?:-(gnu|musl|msvc|\w*eabi\w*))?$/;

const nativePart = (name: string, version: string, parent: LockedPackage): object => {
  const [, os, cpu, abi] = PLATFORM.exec(name) ?? [];
  if (os === undefined || cpu === undefined)
    throw new Error(`package-lock.json: which platform is ${name} for?`);
  const libc = abi === 'musl' ? ['musl'] : os === 'linux' && abi === 'gnu' ? ['glibc'] : undefined;
  return {
    version,
    cpu: [cpu],
    ...(parent.dev === true && { dev: true }),
    ...(libc !== undefined && { libc }),
    optional: true,
    os: [os],
  };
};

/** Optional dependencies with an exact version and no entry: the native parts of other platforms. */
const missingParts = ({ packages }: Lock): [string, object][] =>
  Object.values(packages).flatMap((parent) =>
    Object.entries(parent.optionalDependencies ?? {})
      .filter(([name, version]) => /^\d/.test(version) && packages[`node_modules/${name}`] === undefined)
      .map(([name, version]): [string, object] => [
        `node_modules/${name}`,
        nativePart(name, version, parent),
      ]),
  );

const completed = (lock: Lock): Lock => ({
  ...lock,
  packages: Object.fromEntries(
    [...Object.entries(lock.packages), ...missingParts(lock)].sort(([a], [b]) =>
      a < b ? -1 : a > b ? 1 : 0,
    ),
  ),
});

const sorted = (dependencies: Record<string, string> = {}): string =>
  JSON.stringify(Object.entries(dependencies).sort());

/** The repository itself and its workspaces. */
const workspaceFolders = (): string[] => {
  const { workspaces } = readJson<{ workspaces: string[] }>(join(root, 'package.json'));
  const manifests = globSync(
    workspaces.map((pattern) => `${pattern}/package.json`),
    { cwd: root },
  );
  return ['', ...manifests.map((path) => dirname(path).replaceAll('\\', '/'))];
};

const problemsOf = (lock: Lock): string[] => {
  const stale = workspaceFolders().flatMap((folder) => {
    const manifest = readJson<LockedPackage>(join(root, folder, 'package.json'));
    return DEPENDENCY_KINDS.filter(
      (kind) => sorted(manifest[kind]) !== sorted(lock.packages[folder]?.[kind]),
    ).map((kind) => `${join(folder, 'package.json')}: ${kind} differ from package-lock.json`);
  });
  return [...stale, ...missingParts(lock).map(([name]) => `package-lock.json has no ${name}`)];
};

if (process.argv.includes('--check')) {
  const problems = problemsOf(readJson(lockPath));
  for (const problem of problems) process.stderr.write(`${problem}\n`);
  process.exitCode = problems.length === 0 ? 0 : 1;
} else {
  execFileSync('npm', ['install', '--package-lock-only', '--ignore-scripts', '--no-audit', '--no-fund'], {
    cwd: root,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  writeFileSync(lockPath, `${JSON.stringify(completed(readJson(lockPath)), null, 2)}\n`);
}
