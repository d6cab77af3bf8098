import type { HttpRequest } from '../exchange.ts';
import { ServiceError } from '../service-error.ts';

export interface SignatureParts {
  readonly algorithm: string;
  readonly credential: string;
  /** Names in lower case with semicolons between. */
  readonly signedHeaders: string;
  /** Hexadecimal. */
  readonly signature: string;
}

/** In the order in which AWS complains of them (recorded). */
const NEEDED = ['Credential', 'Signature', 'SignedHeaders'] as const;

const parametersOf = (text: string): ReadonlyMap<string, string> => {
  const parameters = new Map<string, string>();
  for (const part of text.split(/[\s,]+/)) {
    const equals = part.indexOf('=');
    if (equals > 0) parameters.set(part.slice(0, equals), part.slice(equals + 1));
  }
  return parameters;
};

const complaints = (parameters: ReadonlyMap<string, string>, hasDate: boolean): string[] => {
  const missing = NEEDED.filter((name) => !parameters.get(name));
  const texts = missing.map((name) => `Authorization header requires '${name}' parameter. `);
  if (hasDate) return texts;
  return [...texts, "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. "];
};

/** Reads `ALGORITHM Credential=…, SignedHeaders=…, Signature=…`. */
export const readAuthorizationHeader = (header: string, { headers }: HttpRequest): SignatureParts => {
  const [algorithm = ''] = header.trim().split(/\s/, 1);
  const parameters = parametersOf(header);
  const hasDate = Boolean(headers['x-amz-date'] || headers.date);
  const texts = complaints(parameters, hasDate);
  if (texts.length > 0) {
    throw new ServiceError('IncompleteSignatureException', `${texts.join('')}Authorization=${header}`);
  }
  return {
    algorithm,
    credential: parameters.get('Credential') ?? '',
    signedHeaders: parameters.get('SignedHeaders') ?? '',
    signature: parameters.get('Signature') ?? '',
  };
};
