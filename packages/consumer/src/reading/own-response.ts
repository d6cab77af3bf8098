/** An HTTP answer on its way to the SDK's reader. */
export interface SuccessfulResponse {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: AsyncIterable<Uint8Array>;
}

const isStream = (body: unknown): boolean =>
  typeof body === 'object' && body !== null && Symbol.asyncIterator in body;

const isSuccess = (response: unknown): response is SuccessfulResponse =>
  typeof response === 'object' &&
  response !== null &&
  'statusCode' in response &&
  response.statusCode === 200 &&
  'headers' in response &&
  'body' in response &&
  isStream(response.body);

/**
 * Lets us read a success of a format that we know before the SDK does: it finds credentials, signs, sends, and reads
 * what is no success, but goes through every record by its schema, which was half of a consumer's work. `read` takes
 * the body and leaves another for the SDK.
 */
export const readFirst =
  (contentType: RegExp, read: (response: SuccessfulResponse) => Promise<void>) =>
  <Input, Result extends { readonly response: unknown }>(next: (input: Input) => Promise<Result>) =>
  async (input: Input): Promise<Result> => {
    const result = await next(input);
    const { response } = result;
    if (isSuccess(response) && contentType.test(response.headers['content-type'] ?? '')) await read(response);
    return result;
  };

/** Where it stands: the SDK's own reader gets what it leaves. */
export const FIRST = { step: 'deserialize', priority: 'low', name: 'readFirst' } as const;
