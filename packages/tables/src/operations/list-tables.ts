import type { TablesOperation } from '../deps.ts';

/** API documentation. */
const PAGE_MAX = 100;

export const listTables: TablesOperation<'ListTables'> = async (input, { tables }, { account, region }) => {
  const { ExclusiveStartTableName: start = '', Limit: limit = PAGE_MAX } = input;
  const names = [...tables.all()]
    .filter(({ definition }) => definition.account === account && definition.region === region)
    .map(({ definition }) => definition.name)
    .filter((name) => name > start)
    .sort();
  const page = names.slice(0, limit);
  const last = page.at(-1);
  return {
    TableNames: page,
    ...(names.length > page.length && last !== undefined ? { LastEvaluatedTableName: last } : {}),
  };
};
