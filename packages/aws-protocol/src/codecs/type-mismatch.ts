import { ServiceError } from '../service-error.ts';

/**
 * A body of the right format with a value of the wrong type in it. AWS answers these alone under the key
 * `Message` instead of `message`.
 */
export class TypeMismatch extends ServiceError {
  constructor(message: string) {
    super('SerializationException', message);
    this.name = 'TypeMismatch';
  }
}

/** What a decoded body consists of, whatever the format. */
export type Kind = 'list' | 'map' | 'string' | 'number' | 'boolean' | 'blob';

const kindOf = (raw: unknown): Kind => {
  if (Array.isArray(raw)) return 'list';
  if (isMap(raw)) return 'map';
  if (raw instanceof Uint8Array) return 'blob';
  return primitiveKinds[typeof raw] ?? 'number';
};

const primitiveKinds: Readonly<Record<string, Kind>> = { string: 'string', boolean: 'boolean' };

/** Both decoders make plain objects for maps, and give nothing else that prototype. */
export const isMap = (raw: unknown): raw is Readonly<Record<string, unknown>> =>
  typeof raw === 'object' && raw !== null && Object.getPrototypeOf(raw) === Object.prototype;

const javaClasses = {
  string: 'java.lang.String',
  boolean: 'java.lang.Boolean',
  number: 'com.amazon.coral.value.json.numbers.TruncatingBigNumber',
  blob: 'java.nio.HeapByteBuffer',
} as const;

/** AWS's texts (recorded); one ends with a dot, the other does not. */
const misplaced: Readonly<Partial<Record<Kind, string>>> = {
  list: 'Start of list found where not expected',
  map: 'Start of structure or map found where not expected.',
};

/** `target` as AWS words it: `an String`, `a Blob`, `milliseconds since epoch`. */
export const wrongScalar = (raw: unknown, target: string): TypeMismatch => {
  const kind = kindOf(raw);
  if (kind === 'list' || kind === 'map') return new TypeMismatch(misplaced[kind] ?? '');
  return new TypeMismatch(`class ${javaClasses[kind]} can not be converted to ${target}`);
};

/** `expected` as AWS words it: `list or null`, `map or null`, `null` (for a structure). */
export const wrongContainer = (raw: unknown, expected: string): TypeMismatch =>
  new TypeMismatch(misplaced[kindOf(raw)] ?? `Expected ${expected}`);
