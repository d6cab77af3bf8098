import type { TablesOperation } from '../deps.ts';
import { knownTable, tableNamed } from '../model/find-table.ts';

export const describeTimeToLive: TablesOperation<'DescribeTimeToLive'> = async (
  input,
  { tables },
  context,
) => {
  const { expiryAttribute: attribute } = knownTable(tables, tableNamed(input.TableName, context)).definition;
  return {
    TimeToLiveDescription:
      attribute === undefined
        ? { TimeToLiveStatus: 'DISABLED' }
        : { TimeToLiveStatus: 'ENABLED', AttributeName: attribute },
  };
};
