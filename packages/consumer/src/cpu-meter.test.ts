import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { FakeClock } from '@millrace/client-common/testing';
import { coresIn, processMeter } from './cpu-meter.ts';

describe('how busy the processor is', () => {
  const meterWith = (coresMax?: number) => {
    const clock = new FakeClock();
    const time = { user: 5_000, system: 1_000 };
    return { clock, time, meter: processMeter(clock, () => ({ ...time }), coresMax) };
  };

  test('is what this process used of one processor since it was last asked', async () => {
    const { clock, time, meter } = meterWith();
    await clock.advance(1_000);
    Object.assign(time, { user: 205_000, system: 51_000 });
    assert.equal(meter(), 25);
    await clock.advance(1_000);
    assert.equal(meter(), 0);
  });

  test('is never above the whole, and of half a processor half is the whole', async () => {
    const { clock, time, meter } = meterWith(0.5);
    await clock.advance(1_000);
    time.user += 250_000;
    assert.equal(meter(), 50);
    await clock.advance(1_000);
    time.user += 3_000_000;
    assert.equal(meter(), 100);
  });

  test('is not known when no time has passed', () => {
    assert.equal(meterWith().meter(), undefined);
  });

  test('the container’s limit is read as it is written', () => {
    assert.equal(coresIn('50000 100000\n'), 0.5);
    assert.equal(coresIn('max 100000\n'), undefined);
    assert.equal(coresIn(''), undefined);
  });
});
