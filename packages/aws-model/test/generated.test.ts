import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { generate, type ServiceName, services } from '../src/generate/generate.ts';
import type { PublishedModel } from '../src/generate/published-model.ts';

const names = Object.keys(services) as ServiceName[];
const read = (path: string): string => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');
const published = (name: ServiceName): PublishedModel => JSON.parse(read(`models/${name}.json`));

describe('the generated files', () => {
  for (const name of names) {
    test(`of ${name} are what npm run generate writes`, () => {
      for (const [file, text] of Object.entries(generate(name, published(name)))) {
        assert.ok(read(`src/generated/${file}`) === text, `${file} is stale: run npm run generate`);
      }
    });

    test(`of ${name} hold every operation and shape that AWS publishes`, () => {
      const model = JSON.parse(generate(name, published(name))[`${name}.json`] ?? '');
      assert.deepEqual(Object.keys(model.operations), Object.keys(published(name).operations));
      assert.deepEqual(Object.keys(model.shapes), Object.keys(published(name).shapes));
    });

    test(`of ${name} are offered by the package under the service's name`, async () => {
      const { exports } = JSON.parse(read('package.json'));
      assert.equal(exports[`./${name}`], `./src/${name}.ts`);
      const [model] = Object.values(await import(`../src/${name}.ts`));
      assert.equal((model as { name: string }).name, name);
    });
  }
});
