import type {
  AttributeDefinition,
  BillingMode,
  KeySchemaElement,
  Projection,
  ProvisionedThroughput,
} from '@millrace/aws-model/dynamodb';
import { invalid, invalidParameter, notBuilt } from '../errors.ts';
import {
  type IndexDefinition,
  type KeyAttribute,
  type KeySchema,
  keyAttributes,
  NO_THROUGHPUT,
  type Throughput,
} from './table-definition.ts';

/** The attributes that keys may be made of, by name. */
export type Attributes = ReadonlyMap<string, KeyAttribute>;

export const attributesOf = (definitions: readonly AttributeDefinition[] = []): Attributes => {
  const attributes = new Map(
    definitions.map(({ AttributeName: name, AttributeType: type }) => [name, { name, type }] as const),
  );
  if (attributes.size === definitions.length) return attributes;
  throw invalidParameter('Duplicate AttributeName in AttributeDefinitions');
};

const attributeIn = (
  attributes: Attributes,
  name: string,
  schema: readonly KeySchemaElement[],
): KeyAttribute => {
  const attribute = attributes.get(name);
  if (attribute !== undefined) return attribute;
  const keys = schema.map((element) => element.AttributeName).join(', ');
  throw invalidParameter(
    `Some index key attributes are not defined in AttributeDefinitions. Keys: [${keys}], AttributeDefinitions: [${[...attributes.keys()].join(', ')}]`,
  );
};

export const readKeySchema = (schema: readonly KeySchemaElement[], attributes: Attributes): KeySchema => {
  const [hash, range, more] = schema;
  if (more !== undefined) throw notBuilt('Keys of more than two attributes are');
  if (hash?.KeyType !== 'HASH') {
    throw invalid('Invalid KeySchema: The first KeySchemaElement is not a HASH key type');
  }
  const hashAttribute = attributeIn(attributes, hash.AttributeName, schema);
  if (range === undefined) return { hash: hashAttribute };
  if (range.KeyType !== 'RANGE') {
    throw invalid('Invalid KeySchema: The second KeySchemaElement is not a RANGE key type');
  }
  if (range.AttributeName === hash.AttributeName) {
    throw invalid('Both the Hash Key and the Range Key element in the KeySchema have the same name');
  }
  return { hash: hashAttribute, range: attributeIn(attributes, range.AttributeName, schema) };
};

/** What a table or an index is to have, which depends on how it is paid for. */
export const readThroughput = (
  what: 'table' | 'index',
  name: string,
  mode: BillingMode,
  given: ProvisionedThroughput | undefined,
): Throughput => {
  if (mode === 'PROVISIONED') {
    if (given !== undefined) return { read: given.ReadCapacityUnits, write: given.WriteCapacityUnits };
    throw invalidParameter(
      what === 'table'
        ? 'ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED'
        : `ProvisionedThroughput must be specified for index: ${name}`,
    );
  }
  if (given === undefined) return NO_THROUGHPUT;
  throw invalidParameter(
    what === 'table'
      ? 'Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST'
      : `ProvisionedThroughput should not be specified for index: ${name} when BillingMode is PAY_PER_REQUEST`,
  );
};

interface IndexInput {
  readonly IndexName: string;
  readonly KeySchema: readonly KeySchemaElement[];
  readonly Projection: Projection;
  readonly ProvisionedThroughput?: ProvisionedThroughput | undefined;
}

const readProjection = ({ ProjectionType: type, NonKeyAttributes: included }: Projection) => {
  if (type === undefined) throw invalidParameter('Unknown ProjectionType: null');
  if (type === 'INCLUDE' && included === undefined) {
    throw invalidParameter(`ProjectionType is ${type}, but NonKeyAttributes is not specified`);
  }
  if (type !== 'INCLUDE' && included !== undefined) {
    throw invalidParameter(`ProjectionType is ${type}, but NonKeyAttributes is specified`);
  }
  return { projection: type, included: included ?? [] };
};

/** An index as it begins. */
export const readIndex = (input: IndexInput, attributes: Attributes, mode: BillingMode): IndexDefinition => ({
  name: input.IndexName,
  key: readKeySchema(input.KeySchema, attributes),
  ...readProjection(input.Projection),
  status: 'CREATING',
  throughput: readThroughput('index', input.IndexName, mode, input.ProvisionedThroughput),
});

/** AWS wants every attribute that is defined to be part of a key. */
export const checkAllUsed = (attributes: Attributes, schemas: readonly KeySchema[]): void => {
  const used = new Set(schemas.flatMap(keyAttributes).map(({ name }) => name));
  if ([...attributes.keys()].every((name) => used.has(name))) return;
  throw invalidParameter(
    schemas.length === 1
      ? 'Number of attributes in KeySchema does not exactly match number of attributes defined in AttributeDefinitions'
      : `Some AttributeDefinitions are not used. AttributeDefinitions: [${[...attributes.keys()].join(', ')}], keys used: [${[...used].join(', ')}]`,
  );
};
