import type { TablesOperation } from '../deps.ts';
import { invalid } from '../errors.ts';
import { decide } from '../model/decide.ts';
import { newestKnownTable, tableNamed } from '../model/find-table.ts';
import type { TableDefinition } from '../model/table-definition.ts';
import { putTable } from '../store/tables.ts';

const changed = (table: TableDefinition, attribute: string, isEnabled: boolean): TableDefinition => {
  const { expiryAttribute: known, ...rest } = table;
  if (isEnabled && known === attribute) throw invalid('TimeToLive is already enabled');
  if (isEnabled && known !== undefined) {
    throw invalid(`TimeToLive is active on a different AttributeName: current AttributeName is ${known}`);
  }
  if (isEnabled) return { ...rest, expiryAttribute: attribute };
  if (known === undefined) throw invalid('TimeToLive is already disabled');
  if (known === attribute) return rest;
  throw invalid(`TimeToLive is active on a different AttributeName: current AttributeName is ${known}`);
};

/** In force at once: AWS takes up to an hour. */
export const updateTimeToLive: TablesOperation<'UpdateTimeToLive'> = async (input, { tables }, context) => {
  const name = tableNamed(input.TableName, context);
  const { Enabled: isEnabled, AttributeName: attribute } = input.TimeToLiveSpecification;
  return decide(tables, () => {
    const table = changed(newestKnownTable(tables, name), attribute, isEnabled);
    return {
      changes: [putTable(table)],
      answer: { TimeToLiveSpecification: { Enabled: isEnabled, AttributeName: attribute } },
    };
  });
};
