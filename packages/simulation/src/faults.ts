import { DiskError, type DiskErrorCode } from '@millrace/core';

/** What a program may ask of a disk. `create` is the part of opening that makes a file. */
export type OperationKind =
  | 'make-directory'
  | 'list'
  | 'open'
  | 'create'
  | 'remove'
  | 'rename'
  | 'sync-directory'
  | 'size'
  | 'read'
  | 'write'
  | 'durable-write'
  | 'truncate'
  | 'sync';

export interface Operation {
  readonly kind: OperationKind;
  readonly path: string;
  /** Bytes by which a file becomes longer. */
  readonly growthBytes: number;
  /** Bytes of all files before it. */
  readonly usedBytes: () => number;
}

/** Decides on an operation that is about to take effect. A write that fails may have written any part. */
export type Fault = (operation: Operation) => DiskError | undefined;

const kinds = (...all: OperationKind[]): ReadonlySet<OperationKind> => new Set(all);

const CHANGES = kinds('make-directory', 'create', 'remove', 'rename', 'write', 'durable-write', 'truncate');
const NAMES = kinds('make-directory', 'create', 'rename');

interface FaultRow {
  readonly operations: ReadonlySet<OperationKind>;
  readonly code: DiskErrorCode;
  readonly message: string;
  /** Spares what needs no space. */
  readonly ofGrowthOnly?: boolean;
}

/** What goes wrong with disks. */
export const FAULTS = {
  'sync fails': { operations: kinds('sync', 'durable-write'), code: 'broken', message: 'EIO: fdatasync' },
  'directory sync fails': { operations: kinds('sync-directory'), code: 'broken', message: 'EIO: fsync' },
  'write fails': { operations: kinds('write', 'durable-write'), code: 'broken', message: 'EIO: write' },
  'read fails': { operations: kinds('read', 'list', 'size'), code: 'broken', message: 'EIO: read' },
  'remove fails': { operations: kinds('remove'), code: 'broken', message: 'EIO: unlink' },
  full: {
    operations: kinds('write', 'durable-write', 'truncate'),
    code: 'full',
    message: 'ENOSPC',
    ofGrowthOnly: true,
  },
  // As on a system that copies on write.
  'full for all': { operations: CHANGES, code: 'full', message: 'ENOSPC' },
  'full directory': { operations: NAMES, code: 'full', message: 'ENOSPC: no room for a name' },
  'read-only': { operations: CHANGES, code: 'read-only', message: 'EROFS' },
  'too many open files': {
    operations: kinds('open', 'create', 'sync-directory'),
    code: 'too-many-open-files',
    message: 'EMFILE',
  },
} as const satisfies Readonly<Record<string, FaultRow>>;

export type FaultName = keyof typeof FAULTS;
export const FAULT_NAMES = Object.keys(FAULTS) as readonly FaultName[];

export const fault = (name: FaultName): Fault => {
  const { operations, code, message, ofGrowthOnly = false }: FaultRow = FAULTS[name];
  return ({ kind, path, growthBytes }) =>
    operations.has(kind) && (!ofGrowthOnly || growthBytes > 0)
      ? new DiskError(code, `${message}: ${path}`)
      : undefined;
};

/** When a fault strikes, counted in the operations that it could strike. */
export interface Window {
  readonly from: number;
  readonly count: number;
}

export const within = ({ from, count }: Window, given: Fault): Fault => {
  let seen = 0;
  return (operation) => {
    const error = given(operation);
    if (error === undefined) return undefined;
    seen += 1;
    return seen > from && seen <= from + count ? error : undefined;
  };
};

/** All files together hold no more. */
export const capacity =
  (bytesMax: number): Fault =>
  ({ growthBytes, usedBytes, path }) =>
    growthBytes > 0 && usedBytes() + growthBytes > bytesMax
      ? new DiskError('full', `ENOSPC: ${path}`)
      : undefined;
