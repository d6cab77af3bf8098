/** The types of a JSON body, as the API reference names them. */
export type Type = 'String' | 'Integer' | 'Boolean' | 'Blob' | 'Timestamp' | 'List' | 'Map' | 'Structure';

const LIST = 'Start of list found where not expected';
const MAP = 'Start of structure or map found where not expected.';
const NUMBER = 'class com.amazon.coral.value.json.numbers.TruncatingBigNumber';
const BOOLEAN = 'class java.lang.Boolean';
const STRING = 'class java.lang.String';

/** What AWS says when another JSON type is given (recorded); one sentence has a dot, its sister has none. */
export const TYPE_ERRORS: Readonly<Record<Type, readonly (readonly [given: unknown, text: string])[]>> = {
  String: [
    [true, `${BOOLEAN} can not be converted to an String`],
    [7, `${NUMBER} can not be converted to an String`],
    [[], LIST],
    [{}, MAP],
  ],
  Integer: [
    [true, `${BOOLEAN} can not be converted to an Integer`],
    ['7', `${STRING} can not be converted to an Integer`],
    [[], LIST],
    [{}, MAP],
  ],
  Boolean: [
    [7, `${NUMBER} can not be converted to an Boolean`],
    ['perhaps', "'PERHAPS' can not be converted to an Boolean"],
    [[], LIST],
    [{}, MAP],
  ],
  Blob: [
    [true, `${BOOLEAN} can not be converted to a Blob`],
    [7, `${NUMBER} can not be converted to a Blob`],
    [
      'abc',
      "'abc' can not be converted to a Blob: Base64 encoded length is expected a multiple of 4 bytes but found: 3",
    ],
    ['ab!d', "'ab!d' can not be converted to a Blob: Invalid Base64 character: '!'"],
    [
      'aGVsbG9=',
      "'aGVsbG9=' can not be converted to a Blob: Invalid last non-pad Base64 character dectected",
    ],
    [[], LIST],
    [{}, MAP],
  ],
  Timestamp: [
    [true, `${BOOLEAN} can not be converted to milliseconds since epoch`],
    ['2026-01-01', `${STRING} can not be converted to milliseconds since epoch`],
    [[], LIST],
    [{}, MAP],
  ],
  List: [
    ['a', 'Expected list or null'],
    [{}, MAP],
  ],
  Map: [
    ['a', 'Expected map or null'],
    [[], LIST],
  ],
  Structure: [
    ['a', 'Expected null'],
    [[], LIST],
  ],
};
