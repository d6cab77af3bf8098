import { crc32 } from 'node:zlib';
import type { ServiceModel } from '@millrace/aws-model';
import type { HttpResponse } from '../exchange.ts';
import type { Codec } from './codec.ts';
import { encodeShapeAsJson, jsonCodec, writeJson } from './json.ts';
import { queryErrorHeader } from './query-codes.ts';

export const JSON_1_0_TYPE = 'application/x-amz-json-1.0';

/** Where errors live that are not the service's own (known from AWS's answers). */
const VALIDATION_NAMESPACE = 'com.amazon.coral.validate';
const FRONT_DOOR_NAMESPACE = 'com.amazon.coral.service';

const namespaceOf = ({ shapes, errorNamespace }: ServiceModel, code: string): string | undefined => {
  if (errorNamespace === undefined || shapes[code] !== undefined) return errorNamespace;
  return code === 'ValidationException' ? VALIDATION_NAMESPACE : FRONT_DOOR_NAMESPACE;
};

const qualified = (model: ServiceModel, code: string): string => {
  const namespace = namespaceOf(model, code);
  return namespace === undefined ? code : `${namespace}#${code}`;
};

/** A few errors are modelled with their text under `Message`. */
const messageKeyOf = ({ shapes }: ServiceModel, code: string) => {
  const shape = shapes[code];
  return shape?.type === 'structure' && 'Message' in shape.members ? 'Message' : undefined;
};

const checksum = ({ checksumHeader }: ServiceModel, body: HttpResponse['body']) =>
  checksumHeader === undefined || !(body instanceof Uint8Array)
    ? {}
    : { [checksumHeader]: String(crc32(body)) };

/** AWS's JSON 1.0, as the clients of one service speak it. */
export const json10Codec = (model: ServiceModel): Codec => ({
  ...jsonCodec,
  contentType: JSON_1_0_TYPE,
  headers: (body, code) => ({
    ...checksum(model, body),
    ...(code === undefined ? {} : queryErrorHeader(model, code)),
  }),
  encodeError: (code, message, messageKey, members) =>
    writeJson({
      __type: qualified(model, code),
      ...(message === undefined ? {} : { [messageKeyOf(model, code) ?? messageKey]: message }),
      ...(members === undefined ? {} : encodeShapeAsJson(model, code, members)),
    }),
});
