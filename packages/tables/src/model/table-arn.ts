import { formatArn, partitionOf } from '@millrace/core';
import type { TableName } from './table-definition.ts';

export const tableArn = ({ account, region, name }: TableName): string =>
  formatArn({
    partition: partitionOf(region),
    service: 'dynamodb',
    region,
    account,
    resource: `table/${name}`,
  });

export const indexArn = (table: TableName, index: string): string => `${tableArn(table)}/index/${index}`;
