import { Buffer, isUtf8 } from 'node:buffer';
import { MalformedBody } from './codec.ts';

/** Parameters of one form: AWS's largest call (1,000 metrics with 150 values and counts, 30 dimensions) has fewer. */
const PARAMETERS_MAX = 500_000;
/** Names within names, as in `MetricData.member.1.MetricName`. */
const DEPTH_MAX = 32;

/** A place in a form: what stands there, and what its dotted names go on to. */
export class FormNode {
  text: string | undefined;
  readonly children = new Map<string, FormNode>();

  at(name: string): FormNode {
    const known = this.children.get(name);
    if (known !== undefined) return known;
    const child = new FormNode();
    this.children.set(name, child);
    return child;
  }
}

/** `A.b.1=x&A.b.2=y` as a tree; a name that comes twice has its last value. */
export const readForm = (body: Uint8Array): FormNode => {
  if (!isUtf8(body)) throw new MalformedBody('the body is not UTF-8');
  const root = new FormNode();
  let count = 0;
  for (const [name, text] of new URLSearchParams(Buffer.from(body).toString('utf8'))) {
    count += 1;
    if (count > PARAMETERS_MAX) throw new MalformedBody(`more than ${PARAMETERS_MAX} parameters`);
    const names = name.split('.', DEPTH_MAX + 1);
    if (names.length > DEPTH_MAX) throw new MalformedBody(`names deeper than ${DEPTH_MAX}`);
    names.reduce((node, part) => node.at(part), root).text = text;
  }
  return root;
};
