import { matchesGlob, posix } from 'node:path';
import { type Import, importsOf, packageNameOf } from './imports.ts';
import { LAYERS } from './layers.ts';
import { tokenize } from './tokens.ts';
import { isSource, isTest, type Problem, packageOf, type Tree } from './tree.ts';

const SCOPE = '@millrace/';

interface Manifest {
  readonly exports?: Readonly<Record<string, unknown>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  /** For what a package offers to tests (a conformance suite) and its users in production do not install. */
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

const manifestOf = (tree: Tree, name: string): Manifest =>
  JSON.parse(tree.get(`packages/${name}/package.json`) ?? '{}');

const importsIn = (tree: Tree): readonly (Import & { readonly path: string })[] =>
  [...tree]
    .filter(([path]) => isSource(path))
    .flatMap(([path, text]) => importsOf(tokenize(text)).map((found) => ({ ...found, path })));

const shipped = (path: string, name: string): boolean =>
  packageOf(path) === name && isSource(path) && !isTest(path);

const packagesIn = (tree: Tree): readonly string[] =>
  [...tree.keys()].flatMap((path) => /^packages\/([^/]+)\/package\.json$/.exec(path)?.[1] ?? []);

/** Only along the arrows of the layer table. */
const layers = (tree: Tree): readonly Problem[] => [
  ...packagesIn(tree)
    .filter((name) => LAYERS[name] === undefined)
    .map((name) => ({ path: `packages/${name}`, message: 'has no row in scripts/tidy/layers.ts' })),
  ...importsIn(tree).flatMap(({ path, line, specifier }) => {
    const from = packageOf(path);
    const to = packageNameOf(specifier);
    if (from === undefined || isTest(path) || !to?.startsWith(SCOPE)) return [];
    const target = to.slice(SCOPE.length);
    const allowed = target === from || LAYERS[from]?.includes(target);
    return allowed
      ? []
      : [{ path, line, message: `${from} may not import ${target} (scripts/tidy/layers.ts)` }];
  }),
];

/** Declared, used and allowed are the same list. */
const dependencies = (tree: Tree): readonly Problem[] =>
  packagesIn(tree).flatMap((name) => {
    const path = `packages/${name}/package.json`;
    const manifest = manifestOf(tree, name);
    const declared = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies });
    const sources = [...tree].filter(([file]) => shipped(file, name)).map(([, text]) => tokenize(text));
    const imported = sources
      .flatMap(importsOf)
      .flatMap(({ specifier }) => packageNameOf(specifier) ?? [])
      .filter((used) => used !== SCOPE + name);
    // Some packages are named and not imported, such as a logger's transport.
    const named = new Set(sources.flat().flatMap(({ kind, text }) => (kind === 'string' ? [text] : [])));
    const missing = [...new Set(imported)].filter((used) => !declared.includes(used));
    const idle = declared.filter((used) => !imported.includes(used) && !named.has(used));
    return [
      ...missing.map((used) => ({ path, message: `uses ${used} without declaring it` })),
      ...idle.map((used) => ({ path, message: `declares ${used} without using it` })),
    ];
  });

const isExported = (exported: Readonly<Record<string, unknown>>, subpath: string): boolean =>
  Object.keys(exported).some((key) => key === subpath || (key.includes('*') && matchesGlob(subpath, key)));

/** Generators run before what they write is there, so they take what they need by path. */
const takesByPath = (path: string): boolean => path.startsWith('scripts/');

/** By the names in `exports`, and never by a path into another package's folder. */
const deepImports = (tree: Tree): readonly Problem[] =>
  importsIn(tree).flatMap(({ path, line, specifier }) => {
    if (specifier.startsWith('.')) {
      const target = packageOf(`${posix.join(posix.dirname(path), specifier)}/`);
      const leaves = target !== undefined && target !== packageOf(path) && !takesByPath(path);
      return leaves ? [{ path, line, message: `import from ${SCOPE}${target}, not by path` }] : [];
    }
    const to = packageNameOf(specifier);
    if (!to?.startsWith(SCOPE) || !tree.has(`packages/${to.slice(SCOPE.length)}/package.json`)) return [];
    const subpath = `.${specifier.slice(to.length)}`;
    const { exports: exported = {} } = manifestOf(tree, to.slice(SCOPE.length));
    return isExported(exported, subpath) ? [] : [{ path, line, message: `${to} does not export ${subpath}` }];
  });

export const packageRules = { layers, dependencies, 'deep imports': deepImports };
