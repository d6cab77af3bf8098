/** For so long a client that asks again with its token is told of the first time (API documentation). */
export const TOKEN_LIFETIME_MS = 10 * 60_000;
