import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseReport, untold } from './report.ts';

test('laws belong to the variant named before them', () => {
  const { variants } = parseReport('# HTTP/1.1\nok puts\n# TLS\nok puts\nok gets\n');
  assert.deepEqual(variants, [
    { variant: 'HTTP/1.1', results: [{ law: 'puts' }] },
    { variant: 'TLS', results: [{ law: 'puts' }, { law: 'gets' }] },
  ]);
});

test('a broken law keeps what the client said about it, colons included', () => {
  const { variants } = parseReport('# TLS\nnot ok puts: status: 500\n');
  assert.deepEqual(variants[0]?.results, [{ law: 'puts', problem: 'status: 500' }]);
});

test('a law before any variant and lines of another form are not taken for results', () => {
  const { variants, otherLines } = parseReport('ok puts\nWARNING: slow\n# TLS\nnot ok\n');
  assert.deepEqual(variants, [{ variant: 'TLS', results: [] }]);
  assert.deepEqual(otherLines, ['ok puts', 'WARNING: slow', 'not ok']);
});

test('a law that was not told is missed even if others were', () => {
  const variant = { variant: 'TLS', results: [{ law: 'gets', problem: 'nothing came' }] };
  assert.deepEqual(untold(variant, ['puts', 'gets']), ['puts']);
});
