import { Buffer } from 'node:buffer';
import type { ListShape, MapShape, ServiceModel, StructureShape } from '@millrace/aws-model';
import { bodyMembers } from './body-members.ts';
import { perShape, type ShapeContext } from './per-shape.ts';
import { boundedRecursion } from './recursion.ts';

type Encode = (value: unknown) => string;
type Context = ShapeContext<Encode>;

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** What XML 1.0 has no way to say, not even escaped. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
const UNSAYABLE = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;

export const xmlText = (text: string): string =>
  text
    .toWellFormed()
    .replace(/[&<>"]/g, (found) => entities[found] ?? '')
    .replace(UNSAYABLE, '\ufffd')
    .replaceAll('\r', '&#xD;');

/** A value as the AWS query protocol writes it in an answer, without the element around it. */
export const xmlEncoder: (model: ServiceModel, shape: string) => Encode = perShape<Encode>(
  (shape, context) => {
    if (shape.type === 'structure') return encodeStructure(shape, context);
    if (shape.type === 'list') return encodeList(shape, context);
    if (shape.type === 'map') return encodeMap(shape, context);
    if (shape.type === 'blob') return (value) => Buffer.from(value as Uint8Array).toString('base64');
    if (shape.type === 'timestamp') return (value) => new Date(value as number).toISOString();
    return (value) => xmlText(String(value));
  },
  boundedRecursion,
);

const element = (name: string, content: string): string => `<${name}>${content}</${name}>`;

const encodeStructure = (shape: StructureShape, { model, name, of }: Context): Encode => {
  const members = bodyMembers(model, name, shape).map((member) => ({
    name: member.name,
    encode: of(member.shape),
  }));
  return (value) => {
    const structure = value as Readonly<Record<string, unknown>>;
    let xml = '';
    for (const { name: key, encode } of members) {
      const member = structure[key];
      if (member !== undefined && member !== null) xml += element(key, encode(member));
    }
    return xml;
  };
};

const encodeList = (shape: ListShape, { of }: Context): Encode => {
  const encode = of(shape.member);
  return (value) => (value as readonly unknown[]).map((item) => element('member', encode(item))).join('');
};

const encodeMap = (shape: MapShape, { of }: Context): Encode => {
  const encode = of(shape.value);
  return (value) =>
    Object.entries(value as object)
      .filter(([, item]) => item !== undefined && item !== null)
      .map(([key, item]) => element('entry', element('key', xmlText(key)) + element('value', encode(item))))
      .join('');
};
