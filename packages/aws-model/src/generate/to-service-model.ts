import type { Member, OperationModel, ServiceModel, Shape, StructureShape } from '../service-model.ts';
import type {
  PublishedMember,
  PublishedModel,
  PublishedOperation,
  PublishedShape,
  Reference,
} from './published-model.ts';

/** AWS's published model in our own terms; nothing is corrected yet. */
export const toServiceModel = (name: string, published: PublishedModel): ServiceModel => {
  const { metadata } = published;
  return {
    name,
    fullName: metadata.serviceFullName,
    protocol: protocolOf(metadata),
    ...present('targetPrefix', metadata.targetPrefix),
    ...present('jsonVersion', metadata.jsonVersion === '1.0' ? ('1.0' as const) : undefined),
    ...present('rpcV2Cbor', metadata.protocols?.includes(RPC_V2_CBOR) || undefined),
    ...present('query', queryOf(metadata)),
    signingName: metadata.signingName ?? metadata.endpointPrefix,
    operations: mapValues(published.operations, operationOf),
    shapes: mapValues(published.shapes, shapeOf),
  };
};

const RPC_V2_CBOR = 'smithy-rpc-v2-cbor';

/** Those that there are codecs for; the first that a service speaks is the one it is known by. */
const PROTOCOLS = ['json', 'rest-json', 'query'] as const;

type Metadata = PublishedModel['metadata'];

const protocolOf = ({ protocol, protocols = [] }: Metadata): ServiceModel['protocol'] => {
  const ours = PROTOCOLS.find((name) => name === protocol || protocols.includes(name));
  if (ours === undefined) throw new Error(`no codec for protocol ${protocol}`);
  return ours;
};

const queryOf = ({ protocols = [], apiVersion, xmlNamespace }: Metadata): ServiceModel['query'] =>
  protocols.includes('query') && apiVersion !== undefined && xmlNamespace !== undefined
    ? { version: apiVersion, xmlNamespace }
    : undefined;

const operationOf = ({ http, input, output, errors }: PublishedOperation): OperationModel => ({
  http: { method: http.method, requestUri: http.requestUri },
  ...present('input', input?.shape),
  ...present('output', output?.shape),
  errors: (errors ?? []).map(({ shape }) => shape),
});

const shapeOf = (shape: PublishedShape, name: string): Shape => {
  const convert = shapesByType[shape.type];
  if (!convert) throw new Error(`shape ${name} has unknown type ${shape.type}`);
  return convert(shape);
};

const bounds = ({ min, max }: PublishedShape) => ({ ...present('min', min), ...present('max', max) });

const numberShape = (shape: PublishedShape): Shape => ({
  type: shape.type as 'integer' | 'long' | 'double' | 'float',
  ...bounds(shape),
});

const shapesByType: Readonly<Record<string, (shape: PublishedShape) => Shape>> = {
  structure: (shape) => structureOf(shape),
  list: (shape) => ({ type: 'list', member: target(shape.member), ...bounds(shape) }),
  map: (shape) => ({ type: 'map', key: target(shape.key), value: target(shape.value), ...bounds(shape) }),
  string: (shape) => ({
    type: 'string',
    ...bounds(shape),
    ...present('pattern', shape.pattern),
    ...present('enum', shape.enum),
  }),
  blob: (shape) => ({ type: 'blob', ...bounds(shape), ...present('streaming', shape.streaming) }),
  integer: numberShape,
  long: numberShape,
  double: numberShape,
  float: numberShape,
  boolean: () => ({ type: 'boolean' }),
  timestamp: () => ({ type: 'timestamp' }),
};

const structureOf = (shape: PublishedShape): StructureShape => ({
  type: 'structure',
  members: mapValues(shape.members ?? {}, memberOf),
  required: shape.required ?? [],
  ...present('exception', exceptionOf(shape)),
  ...present('eventStream', shape.eventstream),
  ...present('payload', shape.payload),
});

/** AWS's JSON services answer 400 for the caller's errors and 500 for their own unless the model says more. */
const exceptionOf = ({ exception, fault = false, error }: PublishedShape) =>
  exception
    ? {
        status: error?.httpStatusCode ?? (fault ? 500 : 400),
        fault,
        ...present('queryCode', error?.code),
      }
    : undefined;

const memberOf = ({ shape, location, locationName, streaming }: PublishedMember): Member => ({
  shape,
  ...present('location', location),
  ...present('locationName', locationName),
  ...present('streaming', streaming),
});

const target = (reference: Reference | undefined): string => {
  if (!reference) throw new Error('a list or map without the shape of its items');
  return reference.shape;
};

const present = <Key extends string, Value>(key: Key, value: Value | undefined) =>
  (value === undefined ? {} : { [key]: value }) as { [K in Key]?: Value };

const mapValues = <From, To>(
  from: Readonly<Record<string, From>>,
  change: (value: From, key: string) => To,
): Record<string, To> =>
  Object.fromEntries(Object.entries(from).map(([key, value]) => [key, change(value, key)]));
