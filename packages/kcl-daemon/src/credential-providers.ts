import type { CredentialSource } from './config/credentials.ts';

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  /** The SDK asks again before that. */
  readonly expiration?: Date;
}

export type CredentialProvider = () => Promise<Credentials>;

type Source<Kind extends CredentialSource['kind']> = Extract<CredentialSource, { readonly kind: Kind }>;

const assumedRole = ({ roleArn, sessionName, ...rest }: Source<'assumeRole'>): CredentialProvider => {
  const { externalId, endpoint, region } = rest;
  return async () => {
    const { AssumeRoleCommand, STSClient } = await import('@aws-sdk/client-sts');
    const client = new STSClient({ ...(endpoint && { endpoint }), ...(region && { region }) });
    try {
      const input = { RoleArn: roleArn, RoleSessionName: sessionName, ExternalId: externalId };
      const { Credentials: given } = await client.send(new AssumeRoleCommand(input));
      const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '', Expiration } = given ?? {};
      return {
        accessKeyId: AccessKeyId,
        secretAccessKey: SecretAccessKey,
        sessionToken: SessionToken,
        ...(Expiration && { expiration: Expiration }),
      };
    } finally {
      client.destroy();
    }
  };
};

/** Each loads only what it needs, and only when it is asked. */
const PROVIDERS: {
  readonly [Kind in CredentialSource['kind']]: (source: Source<Kind>) => CredentialProvider;
} = {
  default: () => async () => (await import('@aws-sdk/credential-provider-node')).defaultProvider()(),
  environment: () => async () => (await import('@aws-sdk/credential-provider-env')).fromEnv()(),
  profile:
    ({ profile }) =>
    async () =>
      (await import('@aws-sdk/credential-provider-ini')).fromIni(profile === undefined ? {} : { profile })(),
  webIdentity: () => async () =>
    (await import('@aws-sdk/credential-provider-web-identity')).fromTokenFile()(),
  container: () => async () => (await import('@aws-sdk/credential-provider-http')).fromHttp()(),
  instance: () => async () => (await import('@smithy/credential-provider-imds')).fromInstanceMetadata()(),
  static:
    ({ accessKeyId, secretAccessKey, sessionToken }) =>
    async () => ({ accessKeyId, secretAccessKey, ...(sessionToken !== undefined && { sessionToken }) }),
  assumeRole: assumedRole,
};

const providerOf = <Kind extends keyof typeof PROVIDERS>(
  kind: Kind,
  source: Source<Kind>,
): CredentialProvider => PROVIDERS[kind](source);

/** The first of them that has credentials. */
const firstOf =
  (providers: readonly CredentialProvider[]): CredentialProvider =>
  async () => {
    const errors: unknown[] = [];
    for (const provider of providers) {
      try {
        return await provider();
      } catch (error) {
        errors.push(error);
      }
    }
    const reasons = errors.map((error) => (error instanceof Error ? error.message : String(error)));
    const failure = new AggregateError(errors, `no credentials: ${reasons.join('; ')}`);
    // By this name the consumer knows that asking again will not help.
    failure.name = 'CredentialsProviderError';
    throw failure;
  };

/** Undefined where the SDK's own chain alone is meant, which looks in all the places of Java's. */
export const credentialProvider = (sources: readonly CredentialSource[]): CredentialProvider | undefined => {
  if (sources.every(({ kind }) => kind === 'default')) return undefined;
  return firstOf(sources.map((source) => providerOf(source.kind, source as never)));
};
