import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { promisify } from 'node:util';

const run = promisify(execFile);

const MIB = 1024 * 1024;
/** Exit code of e2fsck: there were errors, and there are none any more. */
const MENDED = 1;

/** A file system of the test's own. */
export interface Mounted extends AsyncDisposable {
  readonly directory: string;
  /** What the kernel does after an error that it cannot get over: from now on the file system takes no writes. */
  abort(): Promise<void>;
  /** Takes the file system off, has it checked, and mounts it anew. Nobody may use it. */
  remount(): Promise<void>;
}

/** Where mounting is not permitted a test is skipped, but never in CI, where it has to be. */
const orSkip = async <Result>(t: TestContext, mounting: Promise<Result>): Promise<Result | undefined> => {
  try {
    return await mounting;
  } catch (error) {
    if (process.env.CI === 'true') throw error;
    t.skip(`file systems cannot be mounted here: ${error instanceof Error ? error.message : error}`);
    return undefined;
  }
};

const mountImage = async (sizeMiB: number): Promise<Mounted> => {
  const scratch = await mkdtemp(join(tmpdir(), 'millrace-mount-'));
  const image = join(scratch, 'image');
  const directory = join(scratch, 'mounted');
  const mount = () => run('mount', ['-o', 'loop', image, directory]);
  const unmount = () => run('umount', [directory]);
  const remove = () => rm(scratch, { recursive: true, force: true });
  try {
    await mkdir(directory);
    await writeFile(image, '');
    await truncate(image, sizeMiB * MIB);
    await run('mkfs.ext4', ['-q', '-m', '0', image]);
    await mount();
  } catch (error) {
    await remove();
    throw error;
  }
  return {
    directory,
    abort: async () => void (await run('mount', ['-o', 'remount,abort', directory])),
    async remount() {
      await unmount();
      await run('e2fsck', ['-f', '-y', image]).catch((error) => {
        if (error.code !== MENDED) throw error;
      });
      await mount();
    },
    async [Symbol.asyncDispose]() {
      await unmount();
      await remove();
    },
  };
};

/** A small ext4 on a loop device; needs root. Undefined when the test is skipped. */
export const smallFileSystem = (t: TestContext, sizeMiB: number): Promise<Mounted | undefined> =>
  orSkip(t, mountImage(sizeMiB));
