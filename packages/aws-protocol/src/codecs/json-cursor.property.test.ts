// Laws of the short way into the server, for JSON:
// 1. What it reads is what the long way reads, for whole and for damaged bodies; else it says nothing.
// 2. Bodies as clients write them do not go the long way.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { ServiceModel } from '@millrace/aws-model';
import { kinesisModel } from '@millrace/aws-model/kinesis';
import fc from 'fast-check';
import { mutate, mutation } from '../../test/mutation.ts';
import { comparable, shapedValue } from '../../test/shaped-value.ts';
import { jsonCodec } from './json.ts';

const short = (model: ServiceModel, shape: string, body: Uint8Array): unknown =>
  jsonCodec.read?.(model, shape, body);

const long = (model: ServiceModel, shape: string, body: Uint8Array): unknown =>
  jsonCodec.parse(model, shape, jsonCodec.decode(body));

/** True when the short way has read the body. */
const agree = (model: ServiceModel, shape: string, body: Uint8Array): boolean => {
  const value = short(model, shape, body);
  if (value === undefined) return false;
  assert.deepEqual(comparable(value), comparable(long(model, shape, body)), Buffer.from(body).toString());
  return true;
};

/** Another text of the same JSON: more space, and characters escaped that need not be. */
const respelled = (text: string, spaces: readonly string[], isEscaping: boolean): string => {
  let count = 0;
  const spaced = text.replace(/"(?:[^"\\]|\\.)*"|[{}[\],:]/g, (token) => {
    const space = spaces[count++ % spaces.length] ?? '';
    return `${space}${isEscaping && token.length > 2 && !token.includes('\\') ? escapedLast(token) : token}${space}`;
  });
  return spaced;
};

const escapedLast = (token: string): string => {
  const code = token.charCodeAt(token.length - 2);
  return `${token.slice(0, -2)}\\u${code.toString(16).padStart(4, '0')}"`;
};

const record = { Data: Buffer.alloc(300, 'millrace').toString('base64'), PartitionKey: 'ключ "a"\n\ud800' };
const putRecords = {
  StreamName: 'orders',
  Records: [
    { Data: 'AQID', PartitionKey: 'a', ExplicitHashKey: '7' },
    { Data: 'AQI=', PartitionKey: 'b' },
    record,
  ],
};
const bodies: Readonly<Record<string, object>> = {
  PutRecordsInput: putRecords,
  CreateStreamInput: {
    StreamName: 'a',
    ShardCount: 12,
    Tags: { a: 'b', ['__proto__']: 'c', '': 'd', 7: 'e' },
    StreamModeDetails: { StreamMode: 'PROVISIONED' },
  },
  GetShardIteratorInput: {
    ShardId: 's',
    ShardIteratorType: 'AT_TIMESTAMP',
    Timestamp: 1_700_000_000.123,
    DryRun: false,
  },
};

describe('the short way through JSON', () => {
  test('reads every whole value of every shape as the long way does', () => {
    fc.assert(
      fc.property(shapedValue, ({ model, shape, value }) => {
        assert.ok(agree(model, shape, jsonCodec.encode(model, shape, value)));
      }),
      { numRuns: 1000 },
    );
  });

  test('reads the same however it is spelled', () => {
    const spaces = fc.array(fc.constantFrom('', ' ', '\n', '\r\n\t'), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(shapedValue, spaces, fc.boolean(), ({ model, shape, value }, between, isEscaping) => {
        const text = Buffer.from(jsonCodec.encode(model, shape, value)).toString();
        agree(model, shape, Buffer.from(respelled(text, between, isEscaping)));
        if (!isEscaping) assert.ok(agree(model, shape, Buffer.from(respelled(text, between, false))));
      }),
      { numRuns: 1000 },
    );
  });

  for (const [shape, value] of Object.entries(bodies)) {
    const body = Buffer.from(JSON.stringify(value));

    test(`reads ${shape} as clients write it`, () => {
      assert.ok(agree(kinesisModel, shape, body));
      assert.ok(agree(kinesisModel, shape, Buffer.from(JSON.stringify(value, undefined, 2))));
    });

    test(`takes no damaged ${shape} for another`, () => {
      fc.assert(
        fc.property(fc.array(mutation, { minLength: 1, maxLength: 3 }), (mutations) => {
          agree(kinesisModel, shape, mutations.reduce(mutate, body));
        }),
        { numRuns: 5000 },
      );
    });
  }

  test('takes no blob that is not canonical base64', () => {
    const character = fc.constantFrom(...'AQIDgw+/-_= \\\n\u00e9\u4e16"');
    const text = fc.oneof(fc.string({ unit: character, maxLength: 12 }), fc.base64String({ maxLength: 12 }));
    fc.assert(
      fc.property(text, (Data) => {
        const isRead = agree(kinesisModel, 'PutRecordInput', Buffer.from(JSON.stringify({ Data })));
        assert.equal(isRead, Buffer.from(Data, 'base64').toString('base64') === Data);
      }),
      { numRuns: 5000 },
    );
  });

  test('leaves to the long way: nulls, unknown members, another type, no UTF-8, and what follows the end', () => {
    const others = [
      '{"StreamName":null}',
      '{"Extra":1}',
      '{"StreamName":1}',
      '{"StreamName":"a"}}',
      '[]',
      '',
      '\ufeff{}',
    ];
    for (const text of others)
      assert.equal(short(kinesisModel, 'CreateStreamInput', Buffer.from(text)), undefined);
    const noUtf8 = Buffer.from('{"StreamName":"\xff"}', 'latin1');
    assert.equal(short(kinesisModel, 'CreateStreamInput', noUtf8), undefined);
  });

  test('gives the last of two members of one name', () => {
    const body = Buffer.from('{"StreamName":"a","ShardCount":1,"StreamName":"b"}');
    assert.deepEqual(short(kinesisModel, 'CreateStreamInput', body), { StreamName: 'b', ShardCount: 1 });
  });

  test('bytes that were read do not change when the body does', () => {
    const body = Buffer.from('{"Data":"AQID"}');
    const value = short(kinesisModel, 'PutRecordInput', body) as { readonly Data: Uint8Array };
    body.fill(0);
    assert.deepEqual([...value.Data], [1, 2, 3]);
  });
});
