import type { Type } from './type-errors.ts';

/** The bad inputs of one operation and AWS's answers to them. */
export interface OperationLaws {
  /** Every member of the input by its path: `Records[].Data` is in a list, `Tags{}` in a map. */
  readonly members: Readonly<Record<string, Type>>;
  /** An input that breaks bounds of the API model, and all that AWS has to say about it, in AWS's order. */
  readonly bounds?: readonly (readonly [input: object, ...errors: string[]])[];
  /** An input that is well formed and yet refused. */
  readonly refusals?: readonly Refusal[];
}

export type Refusal = readonly [what: string, input: object, code: string, text: string | RegExp];

export type Laws = Readonly<Record<string, OperationLaws>>;

/** Members by which nearly every operation names its stream. */
export const stream = { StreamName: 'String', StreamARN: 'String', StreamId: 'String' } as const;

export const ACCOUNT = '000000000000';
export const arnOf = (name: string): string => `arn:aws:kinesis:us-east-1:${ACCOUNT}:stream/${name}`;

export const missing = (member: string): string =>
  `Value null at '${member}' failed to satisfy constraint: Member must not be null`;

export const breaks = (member: string, value: string | number, constraint: string): string =>
  `Value '${value}' at '${member}' failed to satisfy constraint: ${constraint}`;

const matches = (pattern: string): string => `Member must satisfy regular expression pattern: ${pattern}`;
export const asName = matches('[a-zA-Z0-9_.-]+');
export const asHashKey = matches('0|([1-9]\\d{0,38})');
export const asSequenceNumber = matches('0|([1-9]\\d{0,128})');

/** Patterns of the API model. */
export const asStreamArn = matches('arn:aws.*:kinesis:.*:\\d{12}:stream/\\S+');
export const asResourceArn = matches('arn:aws.*:kinesis:.*:\\d{12}:.*(stream|channel)/\\S+');

export const atLeast = (bound: number): string => `Member must have value greater than or equal to ${bound}`;
export const atMost = (bound: number): string => `Member must have value less than or equal to ${bound}`;
export const notShorter = (bound: number): string =>
  `Member must have length greater than or equal to ${bound}`;
export const notLonger = (bound: number): string => `Member must have length less than or equal to ${bound}`;

/** Neither form nor length of a name: AWS reports both. */
export const emptyName = (member: string): readonly string[] => [
  breaks(member, '', asName),
  breaks(member, '', notShorter(1)),
];

const itemLengths = `[${notLonger(128)}, ${notShorter(1)}]`;
/** Of tag keys in a list, and in a map. */
export const eachKey = `Member must satisfy constraint: ${itemLengths}`;
export const mapKeys = `Map keys must satisfy constraint: ${itemLengths}`;
export const mapValues = `Map value must satisfy constraint: [${notLonger(256)}, ${notShorter(0)}]`;

const unknownText = `Stream none under account ${ACCOUNT} not found.`;

/** Of a stream that does not exist; `rest` is what the operation needs beside its name. */
export const unknownStream = (rest: object = {}): Refusal => [
  'an unknown stream',
  { StreamName: 'none', ...rest },
  'ResourceNotFoundException',
  unknownText,
];

export const unknownStreamArn = (rest: object = {}): Refusal => [
  'the ARN of an unknown stream',
  { StreamARN: arnOf('none'), ...rest },
  'ResourceNotFoundException',
  unknownText,
];

export const unknownResource = (rest: object = {}): Refusal => [
  'the ARN of an unknown stream',
  { ResourceARN: arnOf('none'), ...rest },
  'ResourceNotFoundException',
  unknownText,
];
