import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { type EventFrame, eventFrames } from '../src/reading/event-frames.ts';
import { eventFrame } from './event-frame.ts';

async function* chunksOf(bytes: Buffer, cuts: readonly number[]): AsyncGenerator<Uint8Array> {
  const places = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b);
  let at = 0;
  for (const place of [...places, bytes.length]) {
    yield bytes.subarray(at, place);
    at = place;
  }
}

const read = async (bytes: Buffer, cuts: readonly number[] = []): Promise<EventFrame[]> => {
  const frames: EventFrame[] = [];
  for await (const frame of eventFrames(chunksOf(bytes, cuts))) frames.push(frame);
  return frames;
};

const aFrame = fc.record({
  headers: fc.dictionary(fc.stringMatching(/^[:a-z-]{1,20}$/), fc.string({ unit: 'binary', maxLength: 30 }), {
    maxKeys: 4,
    noNullPrototype: true,
  }),
  payload: fc.string({ maxLength: 200 }),
});

describe('messages of an event stream', () => {
  test('come as they were written, however the bytes are cut', async () => {
    const cuts = fc.array(fc.nat(), { maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(fc.array(aFrame, { maxLength: 6 }), cuts, async (written, places) => {
        const frames = written.map(({ headers, payload }) => eventFrame(headers, payload));
        const seen = await read(Buffer.concat(frames), places);
        assert.deepEqual(
          seen.map(({ headers, payload }) => ({
            headers: Object.fromEntries(headers),
            payload: payload.toString(),
          })),
          written.map(({ headers, payload }) => ({ headers, payload: Buffer.from(payload).toString() })),
        );
        assert.deepEqual(
          seen.map(({ bytes }) => bytes),
          frames,
        );
      }),
    );
  });

  test('that are damaged or cut off are refused, and never served', async () => {
    const frame = eventFrame({ ':event-type': 'x' }, 'payload');
    for (let at = 0; at < frame.length; at++) {
      const damaged = Buffer.from(frame);
      damaged.writeUInt8(damaged.readUInt8(at) ^ 1, at);
      await assert.rejects(read(damaged), { name: 'DamagedEventStream' }, `byte ${at}`);
      if (at > 0) await assert.rejects(read(frame.subarray(0, at)), { name: 'DamagedEventStream' });
    }
  });

  test('are taken one at a time: nothing more is asked of the body than the next one needs', async () => {
    let taken = 0;
    const body = (async function* () {
      for (;;) {
        taken++;
        yield eventFrame({}, `${taken}`);
      }
    })();
    const frames = eventFrames(body);
    assert.equal(String((await frames.next()).value?.payload), '1');
    assert.equal(String((await frames.next()).value?.payload), '2');
    assert.equal(taken, 2);
    await frames.return();
  });
});
