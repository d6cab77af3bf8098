import { CONTINUOUS_BACKUPS } from '../answers/continuous-backups.ts';
import type { TablesOperation } from '../deps.ts';
import { noContinuousBackups } from '../errors.ts';
import { knownTable, tableNamed } from '../model/find-table.ts';

/** Switching off what is never on is fine; nobody is told that it was switched on. */
export const updateContinuousBackups: TablesOperation<'UpdateContinuousBackups'> = async (
  input,
  { tables },
  context,
) => {
  knownTable(tables, tableNamed(input.TableName, context));
  if (input.PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled) throw noContinuousBackups();
  return { ContinuousBackupsDescription: CONTINUOUS_BACKUPS };
};
