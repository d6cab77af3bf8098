import type { AttributeValue, UpdateItemCommandInput } from '@aws-sdk/client-dynamodb';
import type { Lease, LeaseChange } from './lease.ts';
import { attributesOf } from './lease-item.ts';

type Expressions = Pick<
  UpdateItemCommandInput,
  'ConditionExpression' | 'UpdateExpression' | 'ExpressionAttributeNames' | 'ExpressionAttributeValues'
>;

/** Gives names and values their places, since any of DynamoDB's 573 reserved words may be among them. */
class Places {
  readonly names: Record<string, string> = {};
  readonly values: Record<string, AttributeValue> = {};

  name(attribute: string): string {
    this.names[`#${attribute}`] = attribute;
    return `#${attribute}`;
  }

  value(value: AttributeValue): string {
    const place = `:v${Object.keys(this.values).length}`;
    this.values[place] = value;
    return place;
  }

  is(attribute: string, value: AttributeValue | undefined): string {
    const name = this.name(attribute);
    return value === undefined ? `attribute_not_exists(${name})` : `${name} = ${this.value(value)}`;
  }
}

const conditionOf = ({ counter, owner, checkpointOwner }: Lease, places: Places): string =>
  [
    places.is('leaseCounter', { N: String(counter) }),
    places.is('leaseOwner', owner === undefined ? undefined : { S: owner }),
    places.is('checkpointOwner', checkpointOwner === undefined ? undefined : { S: checkpointOwner }),
  ].join(' AND ');

const updateOf = (change: LeaseChange, places: Places): string => {
  const sets: string[] = [];
  const removes: string[] = [];
  for (const [attribute, value] of Object.entries(attributesOf(change))) {
    const name = places.name(attribute);
    if (value === undefined) removes.push(name);
    else sets.push(`${name} = ${places.value(value)}`);
  }
  return [
    sets.length > 0 ? `SET ${sets.join(', ')}` : '',
    removes.length > 0 ? `REMOVE ${removes.join(', ')}` : '',
    `ADD ${places.name('leaseCounter')} ${places.value({ N: '1' })}`,
  ].join(' ');
};

/** Nobody wrote since it was seen. */
export const unchangedSince = (seen: Lease): Expressions => {
  const places = new Places();
  return {
    ConditionExpression: conditionOf(seen, places),
    ExpressionAttributeNames: places.names,
    ExpressionAttributeValues: places.values,
  };
};

/** The change, and one more in the counter, if nobody wrote since it was seen. */
export const changeSince = (seen: Lease, change: LeaseChange): Expressions => {
  const places = new Places();
  return {
    ConditionExpression: conditionOf(seen, places),
    UpdateExpression: updateOf(change, places),
    ExpressionAttributeNames: places.names,
    ExpressionAttributeValues: places.values,
  };
};
