import { run } from './command.ts';
import { ClientUnavailable } from './unavailable.ts';

export interface Tool {
  readonly command: string;
  readonly versionArgs: readonly string[];
  /** Its groups are the numbers of the version, most significant first. */
  readonly version: RegExp;
  readonly atLeast: readonly number[];
  /** What to install on Debian or Ubuntu. */
  readonly debianPackage: string;
}

export const TOOLS = {
  python: {
    command: 'python3',
    versionArgs: ['--version'],
    version: /^Python (\d+)\.(\d+)/m,
    atLeast: [3, 10],
    debianPackage: 'python3-venv',
  },
  javac: {
    command: 'javac',
    versionArgs: ['-version'],
    version: /^javac (\d+)/m,
    atLeast: [17],
    debianPackage: 'openjdk-17-jdk-headless',
  },
  maven: {
    command: 'mvn',
    versionArgs: ['--version'],
    version: /Apache Maven (\d+)\.(\d+)/,
    atLeast: [3, 6],
    debianPackage: 'maven',
  },
  go: {
    command: 'go',
    versionArgs: ['version'],
    version: /^go version go(\d+)\.(\d+)/m,
    // From here on `go` fetches the toolchain that go.mod asks for by itself.
    atLeast: [1, 21],
    debianPackage: 'golang-go',
  },
} satisfies Record<string, Tool>;

const VERSION_TIMEOUT_MS = 30_000;

/** True if a version is the wanted one or later, number by number. */
export const isAtLeast = (found: readonly number[], wanted: readonly number[]): boolean => {
  for (const [place, least] of wanted.entries()) {
    const number = found[place] ?? 0;
    if (number !== least) return number > least;
  }
  return true;
};

/** Makes sure that a tool is there and new enough. */
export const requireTool = async (tool: Tool): Promise<void> => {
  const wanted = `${tool.command} ${tool.atLeast.join('.')} or later (Debian: ${tool.debianPackage})`;
  const text = await run(tool.command, tool.versionArgs, { timeoutMs: VERSION_TIMEOUT_MS }).catch(
    (cause: unknown) => {
      throw new ClientUnavailable(`${wanted} is not installed.`, { cause });
    },
  );
  const found = tool.version.exec(text)?.slice(1).map(Number);
  if (found === undefined || !isAtLeast(found, tool.atLeast)) {
    throw new ClientUnavailable(`${wanted} is needed; found ${text.trim().split('\n')[0]}.`);
  }
};
