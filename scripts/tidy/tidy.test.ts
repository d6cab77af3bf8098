import assert from 'node:assert/strict';
import { dirname } from 'node:path';
import { describe, test } from 'node:test';
import { lengths, RULES } from './rules.ts';
import { type Problem, readTree, type Tree } from './tree.ts';

const HOME = dirname(dirname(import.meta.dirname));

type Files = Readonly<Record<string, string>>;

const aTree = (files: Files): Tree => new Map(Object.entries(files));

const shown = (problems: readonly Problem[]): string[] =>
  problems.map(({ path, line, message }) => `${path}:${line ?? ''} ${message}`);

const found = (rule: string, files: Files): string[] => shown(RULES[rule]?.(aTree(files)) ?? []);

const clean = (rule: string, files: Files): void => assert.deepEqual(found(rule, files), []);

const oneProblem = (rule: string, files: Files, expected: RegExp): void => {
  const problems = found(rule, files);
  assert.equal(problems.length, 1, problems.join('\n'));
  assert.match(problems[0] ?? '', expected);
};

const manifest = (fields: object = {}): string =>
  JSON.stringify({ exports: { '.': './src/index.ts' }, ...fields });

describe('the repository', () => {
  const tree = readTree(HOME);
  for (const [name, rule] of Object.entries(RULES)) {
    test(`keeps the rule of ${name}`, () => {
      assert.deepEqual(shown(rule(tree)), []);
    });
  }
});

describe('layers', () => {
  test('an import against the arrows is a problem', () => {
    const files = { 'packages/core/src/x.ts': "\nimport { y } from '@millrace/log';" };
    oneProblem('layers', files, /^packages\/core\/src\/x\.ts:2 core may not import log/);
  });
  test('a type import, a dynamic import and a re-export count too', () => {
    const lines = [
      "import type { Y } from '@millrace/server';",
      "await import('@millrace/server');",
      "export * from '@millrace/server/deep';",
    ];
    assert.equal(found('layers', { 'packages/log/src/x.ts': lines.join('\n') }).length, 3);
  });
  test('a test may import what it likes, and a comment or a string imports nothing', () => {
    clean('layers', {
      'packages/core/src/x.test.ts': "import { y } from '@millrace/log';",
      'packages/core/src/x.ts':
        "// import { y } from '@millrace/log'\nconst s = \"import 'x' from '@millrace/log'\";",
    });
  });
  test('a package without a row is a problem', () => {
    oneProblem('layers', { 'packages/attic/package.json': manifest() }, /attic: has no row/);
  });
});

describe('dependencies', () => {
  test('what is used has to be declared', () => {
    const files = {
      'packages/log/package.json': manifest(),
      'packages/log/src/x.ts': "import { z } from '@scope/thing/part';",
    };
    oneProblem('dependencies', files, /uses @scope\/thing without declaring it/);
  });
  test('what is declared has to be used, and a use in a test is none', () => {
    const files = {
      'packages/log/package.json': manifest({ dependencies: { pino: '1.0.0' } }),
      'packages/log/src/x.test.ts': "import { pino } from 'pino';",
    };
    oneProblem('dependencies', files, /declares pino without using it/);
  });
  test('a package that is named in a string counts as used', () => {
    clean('dependencies', {
      'packages/log/package.json': manifest({ dependencies: { 'pino-pretty': '1.0.0' } }),
      'packages/log/src/x.ts': "const transport = { target: 'pino-pretty' };",
    });
  });
});

describe('deep imports', () => {
  const log = {
    'packages/log/package.json': manifest({ exports: { '.': './i.ts', './suites/*': './s/*.ts' } }),
  };
  test('a subpath that is not exported is a problem', () => {
    const files = { ...log, 'tests/x.test.ts': "import { y } from '@millrace/log/src/secret.ts';" };
    oneProblem('deep imports', files, /@millrace\/log does not export \.\/src\/secret\.ts/);
  });
  test('exported subpaths are free, patterns too', () => {
    clean('deep imports', {
      ...log,
      'tests/x.ts': "import '@millrace/log'; import '@millrace/log/suites/append';",
    });
  });
  test('a path into another package is a problem', () => {
    const files = { ...log, 'packages/core/src/x.ts': "import { y } from '../../log/src/y.ts';" };
    oneProblem('deep imports', files, /import from @millrace\/log, not by path/);
  });
});

describe('banned uses', () => {
  const inCore = (source: string): string[] => found('banned uses', { 'packages/core/src/x.ts': source });
  for (const [source, name] of [
    ['const t = Date.now();', 'Date.now'],
    ['const t = new Date();', 'new Date'],
    ['const t = performance.now();', 'performance'],
    ['const n = Math.random();', 'Math.random'],
    ["import { randomBytes } from 'node:crypto';", 'randomBytes'],
    ['const id = crypto.randomUUID();', 'randomUUID'],
    ['setTimeout(task, 5);', 'setTimeout'],
    ['globalThis.setTimeout(task, 5);', 'setTimeout'],
    ['const s = AbortSignal.timeout(5);', 'AbortSignal.timeout'],
    ["import { readFile } from 'node:fs/promises';", 'node:fs/promises'],
    ["const fs = await import('fs');", 'fs '],
    ["import { connect } from 'node:net';", 'node:net'],
    ['const home = process.env.HOME;', 'process.env'],
    ['process.exit(1);', 'process.exit'],
    ["console.log('x');", 'console'],
    ['const t = `a$' + '{`b$' + '{Date.now()}`}`;', 'Date.now'],
    ["const r = /'/; setInterval(task, 5);", 'setInterval'],
  ] as const) {
    test(`${source} is a problem`, () => {
      const problems = inCore(source);
      assert.equal(problems.length, 1, problems.join('\n'));
      assert.ok(problems.join().includes(`:1 ${name}`), problems.join());
    });
  }
  test('the same words in comments, strings, templates and regular expressions are none', () => {
    const lines = [
      '// Date.now()',
      '/* console */',
      "const s = 'setTimeout(x)';",
      'const t = `Math.random()`;',
    ];
    assert.deepEqual(inCore([...lines, 'const r = /Date.now()/;'].join('\n')), []);
  });
  test('a date of a given time, a method of another object and a key are none', () => {
    const lines = [
      'new Date(clock.now());',
      'socket.setTimeout(5);',
      'page.console();',
      'const o = { console: 1 };',
    ];
    assert.deepEqual(inCore(lines.join('\n')), []);
  });
  test('a file in the table may; console stays banned in it', () => {
    const path = 'packages/server/src/adapters/x.ts';
    clean('banned uses', { [path]: 'setTimeout(task, Date.now() * Math.random());' });
    oneProblem('banned uses', { [path]: "console.log('x');" }, /console/);
    oneProblem('banned uses', { 'scripts/x.ts': "console.log('x');" }, /console/);
  });
});

describe('lengths', () => {
  const lines = (count: number): string => 'x;\n'.repeat(count);
  const problems = (
    files: Readonly<Record<string, string>>,
    longer: Readonly<Record<string, number>> = {},
  ): string[] => lengths(longer)(aTree(files)).map(({ message }) => message);
  test('400 lines are fine, 401 are not', () => {
    assert.deepEqual(problems({ 'packages/log/src/x.ts': lines(400) }), []);
    assert.match(problems({ 'packages/log/src/x.ts': lines(401) })[0] ?? '', /401 lines; no more than 400/);
  });
  test('tests and generated files may be longer', () => {
    assert.deepEqual(
      problems({ 'x.test.ts': lines(401), 'packages/log/src/generated/x.ts': lines(401) }),
      [],
    );
  });
  test('a file that was longer may not grow', () => {
    assert.deepEqual(problems({ 'scripts/x.ts': lines(500) }, { 'scripts/x.ts': 500 }), []);
    assert.match(
      problems({ 'scripts/x.ts': lines(501) }, { 'scripts/x.ts': 500 })[0] ?? '',
      /no more than 500/,
    );
  });
  test('a row that is needed no more has to go', () => {
    assert.match(problems({ 'scripts/x.ts': lines(400) }, { 'scripts/x.ts': 500 })[0] ?? '', /needs no row/);
  });
});

describe('generated headers, readmes, words', () => {
  test('a generated file has to say that it is', () => {
    const path = 'packages/core/src/generated/x.ts';
    oneProblem('generated headers', { [path]: 'export const x = 1;' }, /says so first/);
    clean('generated headers', {
      [path]: '// Written by scripts/generate.ts: do not edit.\nexport const x = 1;',
    });
  });
  test('a package needs a README', () => {
    oneProblem('readmes', { 'packages/log/package.json': '{}' }, /packages\/log\/README\.md: is missing/);
  });
  for (const word of [
    'TODO',
    'FIXME',
    '// @ts-ignore',
    ['registry', 'npmjs', 'org'].join('.'),
    ['', 'tmp', 'x'].join('/'),
  ]) {
    test(`"${word}" is a problem in any text`, () => {
      oneProblem('words', { 'docs/x.md': `one\nsee ${word} there` }, /docs\/x\.md:2 /);
    });
  }
  test('a path below another one is no path of this machine', () => {
    clean('words', { 'docs/x.md': 'https://example.com/work/x and data/tmp/y' });
  });
});
