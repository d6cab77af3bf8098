import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { Operation } from './check.ts';

/** A lease as the table has it; undefined where there is none. */
export type Lease = { readonly owner: string; readonly counter: number } | undefined;

const same = (a: Lease, b: Lease): boolean => a?.owner === b?.owner && a?.counter === b?.counter;

const leaseIn = (item: Record<string, { S?: string; N?: string }> | undefined): Lease =>
  item === undefined ? undefined : { owner: item.leaseOwner?.S ?? '', counter: Number(item.leaseCounter?.N) };

/** What a call told: it was done and left this, it was refused and found this, or nobody knows. */
type Answer = { readonly done?: Lease; readonly refused?: Lease } | undefined;

const nowMs = (): number => performance.now();

/** Makes the call and writes down what its client can know. `change` is what it does to a lease it accepts. */
const observed = async (
  text: string,
  send: () => Promise<Answer>,
  accepts: (lease: Lease) => boolean,
  change: (lease: Lease) => Lease,
): Promise<Operation<Lease>> => {
  const startedMs = nowMs();
  let answer: Answer;
  try {
    answer = await send();
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) answer = { refused: leaseIn(error.Item as never) };
  }
  const apply = (lease: Lease): { state: Lease } | undefined => {
    if (answer === undefined) return { state: accepts(lease) ? change(lease) : lease };
    if ('refused' in answer)
      return !accepts(lease) && same(lease, answer.refused) ? { state: lease } : undefined;
    return accepts(lease) && same(change(lease), answer.done) ? { state: change(lease) } : undefined;
  };
  const told = answer === undefined ? 'no answer' : JSON.stringify(answer);
  return { startedMs, endedMs: answer === undefined ? Infinity : nowMs(), apply, text: `${text}: ${told}` };
};

const TABLE = { TableName: 'leases' };
const always = (): boolean => true;

/** The calls that workers make on one lease. */
export const leaseCalls = (client: DynamoDBClient, key: string) => {
  const Key = { leaseKey: { S: key } };
  return {
    read: () =>
      observed(
        'read',
        async () => ({
          done: leaseIn(
            (await client.send(new GetItemCommand({ ...TABLE, Key, ConsistentRead: true }))).Item as never,
          ),
        }),
        always,
        (lease) => lease,
      ),

    create: (owner: string) =>
      observed(
        `create by ${owner}`,
        async () => {
          await client.send(
            new PutItemCommand({
              ...TABLE,
              Item: { ...Key, leaseOwner: { S: owner }, leaseCounter: { N: '0' } },
              ConditionExpression: 'attribute_not_exists(leaseKey)',
              ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
            }),
          );
          return { done: { owner, counter: 0 } };
        },
        (lease) => lease === undefined,
        () => ({ owner, counter: 0 }),
      ),

    /** Takes the lease if its counter is still this. */
    take: (owner: string, counter: number) =>
      observed(
        `take of ${counter} by ${owner}`,
        async () => {
          const { Attributes } = await client.send(
            new UpdateItemCommand({
              ...TABLE,
              Key,
              Expected: { leaseCounter: { Value: { N: String(counter) } } },
              AttributeUpdates: {
                leaseOwner: { Value: { S: owner }, Action: 'PUT' },
                leaseCounter: { Value: { N: '1' }, Action: 'ADD' },
              },
              ReturnValues: 'ALL_NEW',
              ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
            }),
          );
          return { done: leaseIn(Attributes as never) };
        },
        (lease) => lease?.counter === counter,
        () => ({ owner, counter: counter + 1 }),
      ),
  };
};
