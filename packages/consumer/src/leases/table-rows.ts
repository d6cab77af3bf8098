import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  ScanCommand,
  type ScanCommandInput,
  type ScanCommandOutput,
} from '@aws-sdk/client-dynamodb';
import type { LeaseItem } from './lease-item.ts';

/** A page has 1 MB, some thousand leases: an endless list would be a broken service. */
const PAGES_MAX = 10_000;

/** Every row, by pages that are not of one moment. */
export const scanRows = async (
  client: DynamoDBClient,
  scan: Omit<ScanCommandInput, 'ExclusiveStartKey'>,
): Promise<readonly LeaseItem[]> => {
  const rows: LeaseItem[] = [];
  let ExclusiveStartKey: ScanCommandOutput['LastEvaluatedKey'];
  for (let pages = 0; pages < PAGES_MAX; pages++) {
    const page: ScanCommandOutput = await client.send(new ScanCommand({ ...scan, ExclusiveStartKey }));
    rows.push(...(page.Items ?? []));
    ExclusiveStartKey = page.LastEvaluatedKey;
    if (ExclusiveStartKey === undefined) return rows;
  }
  throw new Error(`table ${scan.TableName} has more than ${PAGES_MAX} pages`);
};

/** What a write on a condition came to. */
export interface RowWrite {
  readonly isApplied: boolean;
  /** As it is after the call, where the service tells; some tell nothing when the condition fails. */
  readonly item: LeaseItem | undefined;
}

export const conditionally = async (
  call: () => Promise<{ readonly Attributes?: LeaseItem | undefined }>,
): Promise<RowWrite> => {
  try {
    return { isApplied: true, item: (await call()).Attributes };
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return { isApplied: false, item: error.Item };
    throw error;
  }
};
