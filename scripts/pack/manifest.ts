/** A package.json as it stands in the repository, pointing to TypeScript. */
export interface SourceManifest {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly license: string;
  readonly private?: boolean;
  readonly engines: Readonly<Record<string, string>>;
  readonly exports: Readonly<Record<string, string>>;
  readonly bin?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, object>>;
}

/** `./src/x.ts` is `./dist/x.js` and `./dist/x.d.ts` in the package. */
const compiled = (source: string, extension: string): string =>
  source.replace(/^\.\/src\//, './dist/').replace(/\.ts$/, extension);

/** The package.json that is published: plain JavaScript with types, and nothing that belongs to the repository. */
export const publishedManifest = (source: SourceManifest): object => ({
  name: source.name,
  version: source.version,
  description: source.description,
  license: source.license,
  type: 'module',
  engines: source.engines,
  exports: {
    ...Object.fromEntries(
      Object.entries(source.exports).map(([key, path]) => [
        key,
        { types: compiled(path, '.d.ts'), default: compiled(path, '.js') },
      ]),
    ),
    './package.json': './package.json',
  },
  ...(source.bin !== undefined && {
    bin: Object.fromEntries(Object.entries(source.bin).map(([name, path]) => [name, compiled(path, '.js')])),
  }),
  files: ['dist'],
  dependencies: source.dependencies ?? {},
  ...(source.peerDependencies !== undefined && {
    peerDependencies: source.peerDependencies,
    peerDependenciesMeta: source.peerDependenciesMeta ?? {},
  }),
});
