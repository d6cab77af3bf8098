import type { BillingMode, ProjectionType, TableClass } from '@millrace/aws-model/dynamodb';
import type { Brand } from '@millrace/core';
import type { ScalarKeyType } from '../values/value.ts';

/** A UUID; a table of the same name made later has another one. */
export type TableId = Brand<string, 'TableId'>;

export interface KeyAttribute {
  readonly name: string;
  readonly type: ScalarKeyType;
}

export interface KeySchema {
  readonly hash: KeyAttribute;
  readonly range?: KeyAttribute;
}

export interface Throughput {
  readonly read: number;
  readonly write: number;
}

/** Of one table (API documentation). */
export const INDEXES_MAX = 20;

export type IndexStatus = 'CREATING' | 'ACTIVE' | 'DELETING';

export interface IndexDefinition {
  readonly name: string;
  readonly key: KeySchema;
  readonly projection: ProjectionType;
  /** What an INCLUDE adds to the keys. */
  readonly included: readonly string[];
  readonly status: IndexStatus;
  /** Kept and answered; nothing is held to it. */
  readonly throughput: Throughput;
}

export type TableStatus = 'CREATING' | 'ACTIVE' | 'UPDATING' | 'DELETING';

/** Everything about a table but its items. It is stored as it is here, in JSON. */
export interface TableDefinition {
  readonly id: TableId;
  readonly account: string;
  readonly region: string;
  readonly name: string;
  readonly status: TableStatus;
  readonly createdAtMs: number;
  readonly key: KeySchema;
  readonly indexes: readonly IndexDefinition[];
  readonly billingMode: BillingMode;
  /** When it last became on-demand. */
  readonly onDemandSinceMs?: number;
  /** Kept and answered; nothing is held to it. */
  readonly throughput: Throughput;
  readonly tableClass: TableClass;
  readonly isProtected: boolean;
  readonly tags: readonly (readonly [key: string, value: string])[];
  /** The attribute that says when an item has had its time, while that is switched on. */
  readonly expiryAttribute?: string;
}

/** Whose table it is and what it is called: no two tables at a time have the same. */
export interface TableName {
  readonly account: string;
  readonly region: string;
  readonly name: string;
}

export const NO_THROUGHPUT: Throughput = { read: 0, write: 0 };

/** The attributes of a key, hash first. */
export const keyAttributes = ({ hash, range }: KeySchema): readonly KeyAttribute[] =>
  range === undefined ? [hash] : [hash, range];

/** Every attribute that is part of a key of the table or of one of its indexes, once. */
export const allKeyAttributes = ({ key, indexes }: TableDefinition): readonly KeyAttribute[] => {
  const attributes = [key, ...indexes.map((index) => index.key)].flatMap(keyAttributes);
  return [...new Map(attributes.map((attribute) => [attribute.name, attribute])).values()];
};
