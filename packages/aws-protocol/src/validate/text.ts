import type { ServiceModel } from '@millrace/aws-model';

/** How AWS's messages print a value: as Java prints the object that it has become. */
export const printed = (model: ServiceModel, shapeName: string, value: unknown): string => {
  const shape = model.shapes[shapeName];
  if (shape?.type === 'list') return printedList(model, shape.member, value as readonly unknown[]);
  if (shape?.type === 'map') return printedMap(model, shape.value, value as object);
  if (shape?.type === 'structure') return javaObject(model, shapeName, 0);
  if (value instanceof Uint8Array) return javaBuffer(value.byteLength);
  return String(value);
};

const javaBuffer = (length: number): string => `java.nio.HeapByteBuffer[pos=0 lim=${length} cap=${length}]`;

const printedList = (model: ServiceModel, itemShape: string, items: readonly unknown[]): string => {
  const isStructure = model.shapes[itemShape]?.type === 'structure';
  const texts = items.map((item, index) => {
    if (item === null) return 'null';
    return isStructure ? javaObject(model, itemShape, index) : printed(model, itemShape, item);
  });
  return `[${texts.join(', ')}]`;
};

const printedMap = (model: ServiceModel, valueShape: string, map: object): string =>
  `{${Object.entries(map)
    .map(([key, value]) => `${key}=${printed(model, valueShape, value)}`)
    .join(', ')}}`;

/** Where Java prints the object's hash code we print its place, spread over 32 bits (golden ratio). */
const javaObject = (model: ServiceModel, shapeName: string, index: number): string => {
  const hash = Math.imul(index + 1, 0x9e3779b9) >>> 0;
  const name = model.javaPackage === undefined ? shapeName : `${model.javaPackage}.${shapeName}`;
  return `${name}@${hash.toString(16)}`;
};

/** `StreamName` is `streamName` in messages. */
export const memberPath = (path: string, member: string): string => {
  const name = member.charAt(0).toLowerCase() + member.slice(1);
  return path === '' ? name : `${path}.${name}`;
};

/** Items of lists and values of maps; AWS counts items from 1. */
export const itemPath = (path: string, key: string | number): string => `${path}.${key}.member`;
