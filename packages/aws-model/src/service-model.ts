/**
 * A service as AWS models it, corrections applied: what the generator writes to `generated/<service>.json`
 * and everything else reads. Shapes are named, so recursion is no special case.
 */
export interface ServiceModel {
  /** `kinesis`, `firehose`, …: the file's name and the name in the coverage table. */
  readonly name: string;
  readonly fullName: string;
  readonly protocol: 'json' | 'rest-json' | 'query';
  /** What stands before the dot in X-Amz-Target; absent for REST services. */
  readonly targetPrefix?: string;
  /** The AWS JSON of the service's clients, where it is not 1.1. */
  readonly jsonVersion?: '1.0';
  /** Whether clients may also ask by Smithy's RPC v2 with CBOR; the target prefix is the service's name in paths. */
  readonly rpcV2Cbor?: boolean;
  /** Where clients from before JSON still ask in the AWS query protocol. */
  readonly query?: { readonly version: string; readonly xmlNamespace: string };
  /** The service in SigV4's credential scope. */
  readonly signingName: string;
  /** The package that AWS's Java types live in; it shows in some validation messages. */
  readonly javaPackage?: string;
  /** What stands before the `#` in the names of the service's own errors, where AWS's wire has that. */
  readonly errorNamespace?: string;
  /** The header in which answers carry the CRC-32 of their body, in decimal digits. */
  readonly checksumHeader?: string;
  readonly operations: Readonly<Record<string, OperationModel>>;
  readonly shapes: Readonly<Record<string, Shape>>;
}

export interface OperationModel {
  readonly http: { readonly method: string; readonly requestUri: string };
  /** Shape names. An operation without one takes or gives nothing. */
  readonly input?: string;
  readonly output?: string;
  readonly errors: readonly string[];
  /** The order in which AWS reports broken constraints of the input's members, where it is known to differ. */
  readonly memberOrder?: readonly string[];
}

export type Shape =
  | StructureShape
  | ListShape
  | MapShape
  | StringShape
  | NumberShape
  | BlobShape
  | { readonly type: 'boolean' }
  | { readonly type: 'timestamp' };

export interface StructureShape {
  readonly type: 'structure';
  readonly members: Readonly<Record<string, Member>>;
  readonly required: readonly string[];
  readonly exception?: ExceptionTraits;
  readonly eventStream?: boolean;
  /** The member that is the whole body (REST). */
  readonly payload?: string;
  /** As `memberOrder` of an operation, for nested structures. */
  readonly memberOrder?: readonly string[];
}

export interface ExceptionTraits {
  readonly status: number;
  readonly fault: boolean;
  /** Its name in the AWS query protocol, where that has one of its own. */
  readonly queryCode?: string;
}

export interface Member {
  readonly shape: string;
  readonly location?: 'header' | 'uri' | 'querystring' | 'statusCode' | 'headers';
  readonly locationName?: string;
  readonly streaming?: boolean;
}

export interface ListShape {
  readonly type: 'list';
  readonly member: string;
  readonly min?: number;
  readonly max?: number;
}

export interface MapShape {
  readonly type: 'map';
  readonly key: string;
  readonly value: string;
  readonly min?: number;
  readonly max?: number;
}

export interface StringShape {
  readonly type: 'string';
  readonly min?: number;
  readonly max?: number;
  /** As AWS prints it; it is matched against the whole value. */
  readonly pattern?: string;
  /** In the order in which AWS prints them. */
  readonly enum?: readonly string[];
}

export interface NumberShape {
  readonly type: 'integer' | 'long' | 'double' | 'float';
  readonly min?: number;
  readonly max?: number;
}

export interface BlobShape {
  readonly type: 'blob';
  readonly min?: number;
  readonly max?: number;
  readonly streaming?: boolean;
}
