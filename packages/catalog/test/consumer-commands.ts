import fc from 'fast-check';
import type { Command } from '../src/index.ts';
import { anId } from './a-catalog.ts';

const id = fc.integer({ min: 1, max: 6 }).map(anId);
const name = fc.constantFrom('app', 'zoo', '__proto__');
const key = fc.constantFrom('team', '__proto__');
const tags = fc.array(fc.tuple(key, fc.string({ maxLength: 5 })), { maxLength: 3 });
/** Those of consumers that were registered in the first second. */
const arn = fc
  .tuple(fc.constantFrom('a', 'orders'), name)
  .map(([stream, name]) => `arn:aws:kinesis:eu-west-1:123456789012:stream/${stream}/consumer/${name}:0`);
const ofConsumer = fc.record({ id, arn });

/** About consumers and policies, often of ones that are there. */
export const consumerCommand: fc.Arbitrary<Command> = fc.oneof(
  fc
    .record({ id, name, tags, consumersMax: fc.constant(2) })
    .map((rest) => ({ type: 'streams.register-consumer.v1' as const, ...rest })),
  ofConsumer.map((rest) => ({ type: 'streams.activate-consumer.v1' as const, ...rest })),
  ofConsumer.map((rest) => ({ type: 'streams.mark-consumer-deleting.v1' as const, ...rest })),
  ofConsumer.map((rest) => ({ type: 'streams.forget-consumer.v1' as const, ...rest })),
  fc.record({ id, arn, tags }).map((rest) => ({ type: 'streams.set-consumer-tags.v1' as const, ...rest })),
  fc
    .record({ id, arn, keys: fc.array(key) })
    .map((rest) => ({ type: 'streams.remove-consumer-tags.v1' as const, ...rest })),
  fc
    .record({ id, consumerArn: arn, policy: fc.string() })
    .map((rest) => ({ type: 'streams.set-policy.v1' as const, ...rest })),
  fc.record({ id, policy: fc.string() }).map((rest) => ({ type: 'streams.set-policy.v1' as const, ...rest })),
  id.map((id) => ({ type: 'streams.remove-policy.v1' as const, id })),
);
