export type { TablesDeps } from './deps.ts';
export type { TablesEvent } from './event.ts';
export { type OpenTables, openTables, type TablesOptions } from './open-tables.ts';
export { dynamoDbTable } from './service.ts';
