import type { TablesOperation } from '../deps.ts';
import { decide } from '../model/decide.ts';
import { tableOfResource, tagsWith } from '../model/tags.ts';
import { putTable } from '../store/tables.ts';

export const tagResource: TablesOperation<'TagResource'> = (input, { tables }) =>
  decide(tables, () => {
    const table = tableOfResource(tables, input.ResourceArn);
    const tags = tagsWith(table.tags, input.Tags);
    return { changes: [putTable({ ...table, tags })], answer: undefined };
  });
