export const DEFAULT_ENDPOINT = 'http://127.0.0.1:4567';

/** Names that say that the user configured credentials; the SDK then finds them by itself. */
const CREDENTIAL_VARIABLES = ['AWS_ACCESS_KEY_ID', 'AWS_PROFILE', 'AWS_WEB_IDENTITY_TOKEN_FILE'] as const;

export interface ClientEnvironment {
  readonly endpoint: string;
  readonly region: string;
  /** Any will do for a server that checks none, and looking for real ones takes seconds where there are none. */
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string } | undefined;
}

/** What the AWS SDK's usual variables say about where to go and as whom. */
export const clientEnvironment = (environment: NodeJS.ProcessEnv = process.env): ClientEnvironment => ({
  endpoint: environment.AWS_ENDPOINT_URL_KINESIS ?? environment.AWS_ENDPOINT_URL ?? DEFAULT_ENDPOINT,
  region: environment.AWS_REGION ?? environment.AWS_DEFAULT_REGION ?? 'us-east-1',
  credentials: CREDENTIAL_VARIABLES.some((name) => environment[name] !== undefined)
    ? undefined
    : { accessKeyId: 'millrace', secretAccessKey: 'millrace' },
});
