import type { Reducers } from '../command.ts';
import { changeStream } from './change-stream.ts';
import type { StreamsRefusal } from './commands.ts';
import type { Consumer } from './consumer.ts';
import { changeConsumer } from './consumer-reducer.ts';
import type { PolicyCommand } from './policy-commands.ts';
import type { StreamsState } from './state.ts';
import type { Stream } from './stream.ts';

type Change = <Holder extends Stream | Consumer>(holder: Holder) => Holder | StreamsRefusal;

const changeHolder = (
  state: StreamsState,
  { id, consumerArn }: PolicyCommand,
  change: Change,
): StreamsRefusal | undefined =>
  changeStream(state, id, ['ACTIVE', 'UPDATING'], (stream) =>
    consumerArn === undefined
      ? change(stream)
      : changeConsumer(stream, consumerArn, ['ACTIVE'], (consumer) => change(consumer)),
  );

export const policyReducers: Reducers<StreamsState, PolicyCommand, StreamsRefusal> = {
  'streams.set-policy.v1': (state, command) =>
    changeHolder(state, command, (holder) => ({ ...holder, policy: command.policy })),

  'streams.remove-policy.v1': (state, command) =>
    changeHolder(state, command, (holder) => {
      if (holder.policy === undefined) return { reason: 'no-policy', arn: holder.arn };
      const { policy: _, ...rest } = holder;
      return rest as typeof holder;
    }),
};
