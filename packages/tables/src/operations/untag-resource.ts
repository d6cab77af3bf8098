import type { TablesOperation } from '../deps.ts';
import { decide } from '../model/decide.ts';
import { tableOfResource } from '../model/tags.ts';
import { putTable } from '../store/tables.ts';

export const untagResource: TablesOperation<'UntagResource'> = (input, { tables }) =>
  decide(tables, () => {
    const table = tableOfResource(tables, input.ResourceArn);
    const tags = table.tags.filter(([key]) => !input.TagKeys.includes(key));
    return { changes: [putTable({ ...table, tags })], answer: undefined };
  });
