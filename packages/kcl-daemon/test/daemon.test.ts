import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeClock } from '@millrace/client-common/testing';
import {
  type Checkpoint,
  type Checkpointer,
  type ConsumedRecord,
  ConsumerError,
  type RecordProcessor,
} from '@millrace/consumer';
import { Daemon, type DaemonEvent } from '@millrace/kcl-daemon';
import { obedient, type Script, type ScriptedChild, scripted } from './scripted-child.ts';

const BEGINNING = {
  streamName: 'orders',
  shardId: 'shard',
  checkpoint: { sequenceNumber: '5', subSequenceNumber: 2 },
  pending: undefined,
};

/** Keeps what was checkpointed; undefined stands for all that was delivered. */
class Checkpoints implements Checkpointer {
  readonly last = BEGINNING.checkpoint;
  readonly written: (Checkpoint | undefined)[] = [];
  failure: Error | undefined;

  async checkpoint(place?: Checkpoint): Promise<void> {
    if (this.failure !== undefined) throw this.failure;
    this.written.push(place);
  }

  prepare(): Promise<never> {
    return Promise.reject(new Error('nobody prepares'));
  }
}

interface World {
  readonly processor: RecordProcessor;
  readonly checkpointer: Checkpoints;
  readonly clock: FakeClock;
  readonly events: DaemonEvent[];
  readonly children: ScriptedChild[];
  readonly daemon: Daemon;
  readonly child: ScriptedChild;
  process(): Promise<void>;
}

const record: ConsumedRecord = {
  streamName: 'orders',
  shardId: 'shard',
  sequenceNumber: '7',
  subSequenceNumber: 0,
  partitionKey: 'ada',
  data: Buffer.from('one'),
  arrived: new Date(0),
};

/** A daemon whose consumer does what the test says, for one shard; ends as the daemon ends. */
const running = async (
  script: Script,
  drive: (world: World) => Promise<void>,
  timeoutMs?: number,
): Promise<void> => {
  const clock = new FakeClock();
  const events: DaemonEvent[] = [];
  const checkpointer = new Checkpoints();
  const { spawn, children } = scripted(script);
  const runProcessors = async (make: (shardId: string) => RecordProcessor): Promise<void> => {
    const processor = make('shard');
    const batch = {
      records: [record],
      millisBehindLatest: 9,
      checkpointer,
      signal: new AbortController().signal,
    };
    const world: World = {
      ...{ processor, checkpointer, clock, events, children, daemon },
      get child() {
        return children[0] ?? assert.fail('no child');
      },
      process: async () => processor.processRecords(batch),
    };
    await drive(world);
  };
  const consumer = { runProcessors, stop: async () => {} };
  const daemon: Daemon = new Daemon({
    ...{ consumer, spawn, clock, timeoutMs, command: ['app'], shutdownGraceMs: 1_000 },
    report: (event) => void events.push(event),
  });
  await daemon.run();
};

/** While it works on records, the child says these and hears the answers; then it is done. */
const saying =
  (...wishes: object[]): Script =>
  (message, child) => {
    const asked = child.messages.filter(({ action }) => action === 'checkpoint').length;
    if (message.action !== 'processRecords' && message.action !== 'checkpoint') return child.done(message);
    const wish = wishes[asked];
    if (wish === undefined) child.done({ action: 'processRecords' });
    else child.say({ action: 'checkpoint', ...wish });
  };

const answers = (child: ScriptedChild): unknown[] =>
  child.messages.flatMap(({ action, ...rest }) => (action === 'checkpoint' ? [rest] : []));

const begun = async ({ processor }: World): Promise<void> => processor.initialize?.(BEGINNING);

test('a child is told where it begins, gets records, and ends when its lease is lost', async () => {
  await running(obedient, async (world) => {
    await begun(world);
    await world.process();
    await world.processor.leaseLost?.();
    const { child, events } = world;
    assert.deepEqual(child.actions, ['initialize', 'processRecords', 'leaseLost']);
    assert.deepEqual(child.messages[0], { action: 'initialize', shardId: 'shard', ...BEGINNING.checkpoint });
    assert(child.hasEnded && !child.isKilled);
    assert.deepEqual(events.at(-1), { kind: 'childEnded', shardId: 'shard', exitCode: 0, signal: null });
  });
});

test('after shutdownRequested a child is told that its lease is lost', async () => {
  await running(obedient, async (world) => {
    await begun(world);
    await world.processor.shutdownRequested?.(world.checkpointer);
    assert.deepEqual(world.child.actions, ['initialize', 'shutdownRequested', 'leaseLost']);
    assert(world.child.hasEnded && !world.child.isKilled);
  });
});

test('a child that ends by itself once it was asked to shut down does no harm', async () => {
  const quick: Script = (message, child) => {
    child.done(message);
    if (message.action === 'shutdownRequested') child.end(0);
  };
  await running(quick, async (world) => {
    await begun(world);
    await world.processor.shutdownRequested?.(world.checkpointer);
  });
});

test('a child may checkpoint all that was delivered, a record, or one within an aggregate', async () => {
  const wishes = [{}, { sequenceNumber: '7' }, { sequenceNumber: '7', subSequenceNumber: 3 }];
  await running(saying(...wishes), async (world) => {
    await begun(world);
    await world.process();
    assert.deepEqual(world.checkpointer.written, [
      undefined,
      { sequenceNumber: '7', subSequenceNumber: 0 },
      { sequenceNumber: '7', subSequenceNumber: 3 },
    ]);
    const [all] = answers(world.child);
    assert.deepEqual(all, { sequenceNumber: null, subSequenceNumber: null, error: null });
    assert.equal(answers(world.child).length, 3);
  });
});

const named = (name: string): Error => Object.assign(new Error(name), { name });

const FAILURES: readonly [Error, string][] = [
  [new ConsumerError('LeaseLost', 'gone'), 'ShutdownException'],
  [new ConsumerError('InvalidCheckpoint', 'too far'), 'IllegalArgumentException'],
  [named('ProvisionedThroughputExceededException'), 'ThrottlingException'],
  [named('ResourceNotFoundException'), 'InvalidStateException'],
  [new Error('the network'), 'KinesisClientLibDependencyException'],
];

for (const [failure, name] of FAILURES) {
  test(`a checkpoint that fails of ${failure.name}: ${failure.message} is answered with ${name}`, async () => {
    await running(saying({ sequenceNumber: '7' }), async (world) => {
      world.checkpointer.failure = failure;
      await begun(world);
      await world.process();
      assert.deepEqual(answers(world.child), [{ sequenceNumber: '7', subSequenceNumber: null, error: name }]);
    });
  });
}

test('a checkpoint at what is no sequence number is refused', async () => {
  await running(saying({ sequenceNumber: 'here' }), async (world) => {
    await begun(world);
    await world.process();
    const [answer] = answers(world.child);
    assert.deepEqual(answer, {
      sequenceNumber: 'here',
      subSequenceNumber: null,
      error: 'IllegalArgumentException',
    });
    assert.deepEqual(world.checkpointer.written, []);
  });
});

test('without records and without a lease nothing can be checkpointed', async () => {
  const early: Script = (message, child) => {
    if (message.action === 'checkpoint') child.done({ action: child.actions.at(-2) ?? '' });
    else child.say({ action: 'checkpoint', sequenceNumber: null });
  };
  await running(early, async (world) => {
    await begun(world);
    await world.processor.leaseLost?.();
    const error = 'InvalidStateException';
    const refused = { sequenceNumber: null, subSequenceNumber: null, error };
    assert.deepEqual(answers(world.child), [refused, refused]);
  });
});

test('at the end of a shard a child checkpoints and is ended', async () => {
  const ending: Script = (message, child) => {
    if (message.action === 'shardEnded') child.say({ action: 'checkpoint', sequenceNumber: null });
    else child.done(message.action === 'checkpoint' ? { action: 'shardEnded' } : message);
  };
  await running(ending, async (world) => {
    await begun(world);
    await world.processor.shardEnded(world.checkpointer);
    assert.deepEqual(world.checkpointer.written, [undefined]);
    assert(world.child.hasEnded && !world.child.isKilled);
    // The consumer tells it so when the end was not checkpointed; there is nobody left to hear it.
    await world.processor.leaseLost?.();
    assert.deepEqual(world.child.actions, ['initialize', 'shardEnded', 'checkpoint']);
  });
});

test('what else a child prints is reported, with what it prints as errors', async () => {
  const chatty: Script = (message, child) => {
    child.say('loading…');
    child.say('{"action":"unheard of"}');
    child.errorOutput.write('a warning\n');
    child.done(message);
  };
  await running(chatty, async (world) => {
    await begun(world);
    await world.clock.advance(0);
    const output = world.events.filter(({ kind }) => kind === 'childOutput');
    const shardId = 'shard';
    assert.deepEqual(
      new Set(output),
      new Set([
        { kind: 'childOutput', shardId, from: 'stdout', line: 'loading…' },
        { kind: 'childOutput', shardId, from: 'stdout', line: '{"action":"unheard of"}' },
        { kind: 'childOutput', shardId, from: 'stderr', line: 'a warning' },
      ]),
    );
  });
});

const failsWith = async (script: Script, message: RegExp, timeoutMs?: number): Promise<void> => {
  const run = running(
    script,
    async (world) => {
      await begun(world);
      const processing = world.process();
      await Promise.all([world.clock.advance(timeoutMs ?? 0), assert.rejects(processing, { message })]);
      assert(world.child.isKilled || world.child.hasEnded);
      // It is not spoken to again.
      await world.processor.leaseLost?.();
    },
    timeoutMs,
  );
  await assert.rejects(run, { name: 'DaemonError', code: 'ChildFailed', message });
};

const onRecords =
  (act: (child: ScriptedChild) => void): Script =>
  (message, child) => {
    if (message.action === 'processRecords') act(child);
    else child.done(message);
  };

test('a child that dies at its work ends the daemon', () =>
  failsWith(
    onRecords((child) => child.end(3)),
    /child of shard ended with exit code 3 and did not answer/,
  ));

test('a child that closes its output ends the daemon', () =>
  failsWith(
    onRecords((child) => void child.output.end()),
    /was ended by SIGKILL and did not answer/,
  ));

test('a child that answers what was not asked ends the daemon', () =>
  failsWith(
    onRecords((child) => child.done({ action: 'initialize' })),
    /answered initialize where processRecords/,
  ));

test('a child that does not answer in time ends the daemon', () =>
  failsWith(
    onRecords(() => {}),
    /did not answer processRecords within 3000 ms/,
    3_000,
  ));

test('a child that cannot be started ends the daemon', async () => {
  const never: Script = (_, child) => child.neverBegin(new Error('spawn app ENOENT'));
  const run = running(never, async (world) => {
    await assert.rejects(begun(world), /could not be started: spawn app ENOENT/);
  });
  await assert.rejects(run, { code: 'ChildFailed', message: /ENOENT/ });
});

test('a child that dies between two batches is found out at once', async () => {
  const run = running(obedient, async (world) => {
    await begun(world);
    world.child.end(null, 'SIGSEGV');
    await world.clock.advance(0);
  });
  await assert.rejects(run, { code: 'ChildFailed', message: 'the child of shard was ended by SIGSEGV' });
});

test('a child that goes on after the end of its input is killed', async () => {
  await running(obedient, async (world) => {
    await begun(world);
    world.child.isStubborn = true;
    const losing = world.processor.leaseLost?.();
    await world.clock.advance(10_000);
    await losing;
    assert(world.child.isKilled);
  });
});

test('children that take too long to shut down are killed', async () => {
  const run = running(
    onRecords(() => {}),
    async (world) => {
      await begun(world);
      const processing = world.process();
      world.daemon.stop();
      await Promise.all([assert.rejects(processing), world.clock.advance(1_000)]);
      assert(world.child.isKilled);
    },
  );
  await assert.rejects(run, { code: 'TooSlow', message: /within 1000 ms/ });
});

test('a stopped daemon leaves no timer and no child behind', async () => {
  let left: World | undefined;
  await running(obedient, async (world) => {
    left = world;
    await begun(world);
    world.daemon.stop();
    await world.processor.shutdownRequested?.(world.checkpointer);
  });
  assert.equal(left?.clock.timers, 0);
  assert(left?.children.every(({ hasEnded }) => hasEnded));
});
