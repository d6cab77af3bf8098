import type { TablesOperation } from '../deps.ts';
import { decide } from '../model/decide.ts';
import { tableOfResource } from '../model/tags.ts';

/** There are never more than fit one page. */
export const listTagsOfResource: TablesOperation<'ListTagsOfResource'> = (input, { tables }) =>
  decide(tables, () => {
    const { tags } = tableOfResource(tables, input.ResourceArn);
    return { changes: [], answer: { Tags: tags.map(([Key, Value]) => ({ Key, Value })) } };
  });
