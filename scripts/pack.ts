/**
 * `npm run pack`: compiles every package that is not private to build/<name> and packs it into build/tarballs.
 * One compiler run for all of them, so that types are checked across packages once.
 */
import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
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

/** Says nothing when all is well; ends with the program's own words when it fails. */
const run = (file: string, args: readonly string[], cwd: string): void => {
  const { status, stdout, stderr } = spawnSync(file, args, {
    cwd,
    encoding: 'utf8',
    shell: process.platform === 'win32' && file === 'npm',
  });
  if (status === 0) return;
  process.stderr.write(`${file} ${args.join(' ')} failed in ${cwd}\n${stdout}${stderr}`);
  process.exit(1);
};

/**
 * All sources but tests and generators. Every one is named to the compiler: what it finds by itself through a
 * package's link in node_modules it may take for somebody else's, and then it writes nothing for it.
 */
const sourcesOf = (folder: string): string[] =>
  globSync('src/**/*.ts', {
    cwd: join(root, 'packages', folder),
    exclude: (path) => path.endsWith('.test.ts') || path.endsWith('/generate'),
  });

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
    files: publishable.flatMap((folder) =>
      sourcesOf(folder).map((path) => join(root, 'packages', folder, path)),
    ),
  };
  writeFileSync(project, JSON.stringify(settings, null, 2));
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  run(process.execPath, [tsc, '-p', project], root);
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
  for (const path of sourcesOf(folder)) {
    const written = join(compiled, folder, path.replace(/\.ts$/, '.js'));
    if (!existsSync(written)) throw new Error(`the compiler wrote no ${written}`);
  }
  renameSync(join(compiled, folder, 'src'), join(target, 'dist'));
  copyData(folder, target);
  const manifest = publishedManifest(readManifest(folder));
  writeFileSync(join(target, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  cpSync(join(root, 'packages', folder, 'README.md'), join(target, 'README.md'));
  cpSync(join(root, 'LICENSE'), join(target, 'LICENSE'));
};

const pack = (folder: string): void =>
  run('npm', ['pack', '--silent', '--pack-destination', tarballs], join(build, folder));

for (const stale of [tarballs, compiled]) rmSync(stale, { recursive: true, force: true });
mkdirSync(tarballs, { recursive: true });
compile();
publishable.forEach(assemble);
publishable.forEach(pack);
rmSync(compiled, { recursive: true });
for (const name of readdirSync(tarballs)) process.stdout.write(`${join(tarballs, name)}\n`);
