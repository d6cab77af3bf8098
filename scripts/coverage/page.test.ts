import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { ServiceModel } from '@millrace/aws-model';
import { unsupported } from '@millrace/aws-protocol';
import { coveragePage, coverageSummary, withSummary } from './page.ts';

const operation = { http: { method: 'POST', requestUri: '/' }, errors: [] };

const aModel = (name: string, ...names: string[]): ServiceModel => ({
  name,
  fullName: name,
  protocol: 'json',
  signingName: 'x',
  operations: Object.fromEntries(names.map((operationName) => [operationName, operation])),
  shapes: {},
});

const built = async (): Promise<object> => ({});
const services = [
  {
    title: 'Ponds',
    model: aModel('ponds', 'Drain', 'Fill', 'Stir', 'Freeze'),
    table: { Fill: built, Drain: built, Stir: unsupported('no spoon'), Freeze: unsupported('no spoon') },
  },
  { title: 'Lakes', model: aModel('lakes', 'Cross') },
];

describe('the page', () => {
  test('counts what works and names it', () => {
    assert.match(coveragePage(services), /## Ponds \(`ponds`\): 2 of 4\n\nWorks: Drain, Fill\.\n/);
  });
  test('groups what does not work by its reason', () => {
    assert.match(coveragePage(services), /\| Freeze, Stir \| no spoon \|/);
  });
  test('a service without a table supports nothing', () => {
    assert.match(
      coveragePage(services),
      /## Lakes \(`lakes`\): 0 of 1\n\n\| does not work .*\n.*\n\| Cross \|/,
    );
  });
});

describe('the summary', () => {
  test('has one row per service', () => {
    assert.match(
      coverageSummary(services),
      /\| Ponds \(`ponds`\) \| 2 of 4 \|\n\| Lakes \(`lakes`\) \| 0 of 1 \|/,
    );
  });
  test('replaces what stood between the markers and nothing else', () => {
    const text = 'a\n<!-- coverage:start -->\nold\n<!-- coverage:end -->\nb\n';
    const once = withSummary(text, 'new');
    assert.equal(once, 'a\n<!-- coverage:start -->\nnew\n<!-- coverage:end -->\nb\n');
    assert.equal(withSummary(once, 'new'), once);
  });
  test('a text without markers is refused', () => {
    assert.throws(() => withSummary('a', 'new'), /README\.md needs a line/);
  });
});
