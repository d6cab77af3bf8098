import type { HttpRequest } from '../exchange.ts';
import { ServiceError } from '../service-error.ts';
import { readAuthorizationHeader, type SignatureParts } from './authorization-header.ts';
import { type Credential, parseCredential } from './credential.ts';
import { presignedQueryOf, readPresignedQuery } from './presigned-query.ts';

/** What a request says of its sender; nothing here is verified. */
export interface Authentication extends Credential {
  readonly algorithm: string;
  readonly place: 'header' | 'query';
  /** Names in lower case. */
  readonly signedHeaders: readonly string[];
  /** Hexadecimal. */
  readonly signature: string;
}

const authenticationFrom = (parts: SignatureParts, place: Authentication['place']): Authentication => ({
  ...parseCredential(parts.credential),
  algorithm: parts.algorithm,
  place,
  signedHeaders: parts.signedHeaders.split(';'),
  signature: parts.signature,
});

/** Reads Signature Version 4 from the header or from the query, never from both. */
export const readAuthentication = (request: HttpRequest): Authentication => {
  const header = request.headers.authorization;
  const query = presignedQueryOf(request.target);
  if (header && query) {
    throw new ServiceError(
      'InvalidSignatureException',
      "Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as HTTP header.",
    );
  }
  if (query) return authenticationFrom(readPresignedQuery(query), 'query');
  // Another scheme (Basic, Bearer) counts as none.
  if (!header?.trimStart().startsWith('AWS4-')) {
    throw new ServiceError('MissingAuthenticationTokenException', 'Missing Authentication Token');
  }
  return authenticationFrom(readAuthorizationHeader(header, request), 'header');
};
