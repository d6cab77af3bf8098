import type { ContinuousBackupsDescription } from '@millrace/aws-model/dynamodb';

/** There are none, of any table; AWS has them always on, and this part of them only when asked. */
export const CONTINUOUS_BACKUPS: ContinuousBackupsDescription = {
  ContinuousBackupsStatus: 'DISABLED',
  PointInTimeRecoveryDescription: { PointInTimeRecoveryStatus: 'DISABLED' },
};
