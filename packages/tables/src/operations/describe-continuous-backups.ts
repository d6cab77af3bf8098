import { CONTINUOUS_BACKUPS } from '../answers/continuous-backups.ts';
import type { TablesOperation } from '../deps.ts';
import { knownTable, tableNamed } from '../model/find-table.ts';

export const describeContinuousBackups: TablesOperation<'DescribeContinuousBackups'> = async (
  input,
  { tables },
  context,
) => {
  knownTable(tables, tableNamed(input.TableName, context));
  return { ContinuousBackupsDescription: CONTINUOUS_BACKUPS };
};
