import { ServiceError } from '../service-error.ts';
import type { SignatureParts } from './authorization-header.ts';

/** In the order in which AWS complains of them (recorded). */
const NEEDED = [
  'X-Amz-Algorithm',
  'X-Amz-Credential',
  'X-Amz-Signature',
  'X-Amz-SignedHeaders',
  'X-Amz-Date',
] as const;

/** The query of a target that is signed there; undefined for all others. */
export const presignedQueryOf = (target: string): URLSearchParams | undefined => {
  const start = target.indexOf('?');
  if (start < 0) return undefined;
  const query = new URLSearchParams(target.slice(start + 1));
  return query.has('X-Amz-Algorithm') ? query : undefined;
};

/** Reads the parameters that a presigned URL carries. */
export const readPresignedQuery = (query: URLSearchParams): SignatureParts => {
  const missing = NEEDED.filter((name) => !query.get(name));
  if (missing.length > 0) {
    const texts = missing.map((name) => `AWS query-string parameters must include '${name}'. `);
    throw new ServiceError(
      'IncompleteSignatureException',
      `${texts.join('')}Re-examine the query-string parameters.`,
    );
  }
  return {
    algorithm: query.get('X-Amz-Algorithm') ?? '',
    credential: query.get('X-Amz-Credential') ?? '',
    signedHeaders: query.get('X-Amz-SignedHeaders') ?? '',
    signature: query.get('X-Amz-Signature') ?? '',
  };
};
