import assert from 'node:assert/strict';
import type { Law } from '../producers.ts';

const record = { partitionKey: 'ada', data: Buffer.from('order 1') };

const accepted =
  (producer: string): Law =>
  async (world) => {
    const stream = `trust-${producer}`;
    await world.createStream(stream, 1);
    const [outcome] = await world.driver.put(producer, stream, [record]);
    assert.deepEqual(
      outcome?.attempts.map(({ successful }) => successful),
      [true],
    );
    const [carrier] = await world.carriers(stream);
    assert.deepEqual(carrier?.data, new Uint8Array(record.data));
  };

/** Who the library trusts: it always speaks TLS. */
export const trust: Readonly<Record<string, Law>> = {
  'a certificate in CaCertFile is trusted': accepted('trusting'),
  'with VerifyCertificate=false any certificate will do': accepted('careless'),
  'a certificate of a stranger is refused, in so many words and in time': async (world) => {
    await world.createStream('strangers', 1);
    const [outcome] = await world.driver.put('mistrusting', 'strangers', [record]);
    assert.equal(outcome?.successful, false);
    const [first] = outcome.attempts;
    assert.match(first?.errorMessage ?? '', /self-signed certificate|SSL/);
    assert.equal(outcome.attempts.at(-1)?.errorCode, 'Expired');
    assert.deepEqual(await world.carriers('strangers'), []);
  },
};
