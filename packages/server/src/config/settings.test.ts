import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Command } from 'commander';
import { addSettings } from './options.ts';
import { ContradictorySettings, checkSettings } from './rules.ts';
import { DEFAULTS, type Settings } from './settings.ts';

const parse = (...flags: readonly string[]): Settings => {
  const command = addSettings(new Command('serve'))
    .exitOverride()
    .configureOutput({ writeErr() {} });
  return command.parse(flags, { from: 'user' }).opts<Settings>();
};

test('without flags every setting has its default', () => {
  for (const [key, value] of Object.entries(DEFAULTS))
    assert.deepEqual(parse()[key as keyof Settings], value, key);
});

test('streams to make add up over repeats and commas', () => {
  assert.deepEqual(parse('--stream', 'a', '--stream', 'b:3,c:2@eu-west-1').stream, [
    { name: 'a', shardCount: 1 },
    { name: 'b', shardCount: 3 },
    { name: 'c', shardCount: 2, region: 'eu-west-1' },
  ]);
});

test('a value that cannot be is refused with what would be right', () => {
  for (const [flag, value, advice] of [
    ['--port', '70000', /whole number from 0 to 65535/],
    ['--port', 'http', /whole number/],
    ['--durability', 'maybe', /flush, os/],
    ['--account-id', '12', /twelve digits/],
    ['--stream', 'a b', /NAME:SHARDS/],
    ['--stream', 'a:0', /NAME:SHARDS/],
    ['--region', 'Mars', /region such as/],
    ['--auth', 'iam', /Choose one of: none/],
    ['--limits', 'gcp', /none, aws/],
    ['--limit', 'shard=1', /There is no limit 'shard'. There are: .*shards/],
    ['--limit', 'shards=-1', /Give shards a whole number/],
    ['--limit', 'shards', /Give shards a whole number/],
  ] as const) {
    assert.throws(() => parse(flag, value), advice, `${flag} ${value}`);
  }
});

test('limits that are set otherwise add up over repeats and commas', () => {
  assert.deepEqual(
    parse('--limit', 'shards=10', '--limit', 'creating-ms=5,CreateStream-calls-per-second=1').limit,
    [
      ['shards', 10],
      ['creating-ms', 5],
      ['CreateStream-calls-per-second', 1],
    ],
  );
});

test('a switch can be given alone or with a value', () => {
  assert.equal(parse('--insecure').insecure, true);
  assert.equal(parse('--insecure', 'false').insecure, false);
});

test('without access control only loopback is listened on, unless the user insists', () => {
  const open = { ...DEFAULTS, host: '0.0.0.0' };
  assert.throws(() => checkSettings(open), ContradictorySettings);
  checkSettings({ ...open, insecure: true });
  for (const host of ['127.0.0.1', '127.8.8.8', '::1', 'localhost']) checkSettings({ ...DEFAULTS, host });
});

test('the root key is given in one way', () => {
  const both = { ...DEFAULTS, rootKey: 'AAAA', rootKeyFile: 'root.key' };
  assert.throws(() => checkSettings(both), /the root key or --root-key-file/);
});

test('a certificate comes with its key', () => {
  assert.throws(() => checkSettings({ ...DEFAULTS, tlsCert: 'a.pem' }), /--tls-cert and --tls-key together/);
});
