import { type Clock, PAGE_TOKEN_LIFETIME_MS } from '@millrace/core';
import { invalidPageToken, pageTokenExpired } from './errors.ts';
import type { TokenSealer } from './token-sealer.ts';

interface Issuing {
  readonly tokens: TokenSealer;
  readonly clock: Clock;
}

/**
 * The NextToken of one operation: where the next page starts, as JSON. A token of another operation is none.
 */
export class PageTokens<Place extends object> {
  readonly #purpose: string;

  constructor(operation: string) {
    this.#purpose = `page.${operation}.v1`;
  }

  /** Good for 300 seconds from now. */
  issue(place: Place, { tokens, clock }: Issuing): string {
    return tokens.seal(this.#purpose, Buffer.from(JSON.stringify({ issuedAtMs: clock.now(), place })));
  }

  read(text: string, { tokens, clock }: Issuing): Place {
    const bytes = tokens.open(this.#purpose, text);
    if (bytes === undefined) throw invalidPageToken();
    const { issuedAtMs, place } = JSON.parse(bytes.toString()) as { issuedAtMs: number; place: Place };
    if (clock.now() - issuedAtMs > PAGE_TOKEN_LIFETIME_MS) throw pageTokenExpired(PAGE_TOKEN_LIFETIME_MS);
    return place;
  }
}
