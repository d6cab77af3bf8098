/**
 * `npm run pack`: compiles every package that is not private to build/<name> and packs it into build/tarballs.
 * One compiler run for all of them, so that types are checked across packages once.
 */
import { execFileSync } from 'node:child_process';
import {
  cpSync,
  globSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { publishedManifest, type SourceManifest } from './pack/manifest.ts';

const root = dirname(import.meta.dirname);
const { values } = parseArgs({ options: { out: { type: 'string', default: join(root, 'build') } } });
const build = values.out;
const tarballs = join(build, 'tarballs');
const compiled = join(build, 'compiled');

const readManifest = (folder: string): SourceManifest =>
  JSON.parse(readFileSync(join(root, 'packages', folder, 'package.json'), 'utf8'));

const publishable = readdirSync(join(root, 'packages')).filter(
  (folder) => readManifest(folder).private !== true,
);

const compile = (): void => {
  const project = join(build, 'tsconfig.json');
  const settings = {
    extends: join(root, 'tsconfig.base.json'),
    compilerOptions: {
      rootDir: join(root, 'packages'),
      outDir: compiled,
      noEmit: false,
      declaration: true,
      // Packages see each other as the repository links them, and Node's types lie there, too.
      typeRoots: [join(root, 'node_modules', '@types')],
    },
    include: publishable.map((folder) => join(root, 'packages', folder, 'src')),
    exclude: ['**/*.test.ts'],
  };
  writeFileSync(project, JSON.stringify(settings, null, 2));
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  execFileSync(process.execPath, [tsc, '-p', project], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
};

/** JSON that is read as a file and not imported. */
const copyData = (folder: string, target: string): void => {
  const source = join(root, 'packages', folder, 'src');
  for (const path of globSync('**/*.{json,html,css,txt,sql}', { cwd: source })) {
    cpSync(join(source, path), join(target, 'dist', path));
  }
};

const assemble = (folder: string): void => {
  const target = join(build, folder);
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target, { recursive: true });
  renameSync(join(compiled, folder, 'src'), join(target, 'dist'));
  copyData(folder, target);
  const manifest = publishedManifest(readManifest(folder));
  writeFileSync(join(target, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  cpSync(join(root, 'packages', folder, 'README.md'), join(target, 'README.md'));
  cpSync(join(root, 'LICENSE'), join(target, 'LICENSE'));
};

const pack = (folder: string): void => {
  execFileSync('npm', ['pack', '--silent', '--pack-destination', tarballs], {
    cwd: join(build, folder),
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: process.platform === 'win32',
  });
};

for (const stale of [tarballs, compiled]) rmSync(stale, { recursive: true, force: true });
mkdirSync(tarballs, { recursive: true });
compile();
publishable.forEach(assemble);
publishable.forEach(pack);
rmSync(compiled, { recursive: true });
for (const name of readdirSync(tarballs)) process.stdout.write(`${join(tarballs, name)}\n`);
