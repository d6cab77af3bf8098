/** Where the keys come from that requests are signed with. */
export type CredentialSource =
  | { readonly kind: 'default' | 'environment' | 'instance' | 'container' | 'webIdentity' }
  | { readonly kind: 'profile'; readonly profile: string | undefined }
  | {
      readonly kind: 'static';
      readonly accessKeyId: string;
      readonly secretAccessKey: string;
      readonly sessionToken: string | undefined;
    }
  | {
      readonly kind: 'assumeRole';
      readonly roleArn: string;
      readonly sessionName: string;
      readonly externalId: string | undefined;
      readonly endpoint: string | undefined;
      readonly region: string | undefined;
    };

type Read = (args: readonly string[]) => CredentialSource;

const plain =
  (kind: 'default' | 'environment' | 'instance' | 'container' | 'webIdentity'): Read =>
  () => ({ kind });

const refused =
  (why: string): Read =>
  () => {
    throw new Error(why);
  };

const nested = (args: readonly string[], key: string): string | undefined =>
  args.find((arg) => arg.startsWith(`${key}=`))?.slice(key.length + 1);

const assumeRole: Read = ([roleArn, sessionName, ...rest]) => {
  if (!roleArn || !sessionName) throw new Error('needs |<role ARN>|<session name> behind it');
  const [endpoint, region] = nested(rest, 'endpoint')?.split('^') ?? [];
  if (endpoint !== undefined && region === undefined)
    throw new Error('its endpoint needs ^<region> behind it');
  return {
    kind: 'assumeRole',
    roleArn,
    sessionName,
    endpoint,
    region,
    externalId: nested(rest, 'externalId'),
  };
};

const staticKeys: Read = ([accessKeyId, secretAccessKey, sessionToken]) => {
  if (!accessKeyId || !secretAccessKey) throw new Error('needs |<access key>|<secret key> behind it');
  return { kind: 'static', accessKeyId, secretAccessKey, sessionToken };
};

/** The providers of Java's SDK, those of its version 1 and those of the Java daemon. */
const PROVIDERS: Readonly<Record<string, Read>> = {
  DefaultCredentialsProvider: plain('default'),
  DefaultAWSCredentialsProviderChain: plain('default'),
  EnvironmentVariableCredentialsProvider: plain('environment'),
  InstanceProfileCredentialsProvider: plain('instance'),
  ContainerCredentialsProvider: plain('container'),
  EC2ContainerCredentialsProviderWrapper: plain('default'),
  WebIdentityTokenFileCredentialsProvider: plain('webIdentity'),
  WebIdentityTokenCredentialsProvider: plain('webIdentity'),
  ProfileCredentialsProvider: ([profile]) => ({ kind: 'profile', profile }),
  KclStaticCredentialsProvider: staticKeys,
  StsAssumeRoleCredentialsProvider: assumeRole,
  KclStsAssumeRoleCredentialsProvider: assumeRole,
  STSAssumeRoleSessionCredentialsProvider: assumeRole,
  KclSTSAssumeRoleSessionCredentialsProvider: assumeRole,
  StaticCredentialsProvider: refused(
    'cannot be given keys here; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY and say DefaultCredentialsProvider',
  ),
  SystemPropertyCredentialsProvider: refused("reads a JVM's system properties, and there is none"),
  AnonymousCredentialsProvider: refused('does not sign, and every request of the daemon is signed'),
  ProcessCredentialsProvider: refused(
    'cannot be told its command here; use ProfileCredentialsProvider and credential_process in the profile',
  ),
};

const withoutPackage = (name: string): string => name.slice(name.lastIndexOf('.') + 1);

const sourceFrom = (text: string): CredentialSource => {
  const [className = '', ...args] = text.split('|').map((part) => part.trim());
  const name = withoutPackage(className);
  const read = Object.hasOwn(PROVIDERS, name) ? PROVIDERS[name] : undefined;
  if (read === undefined) throw new Error(`${className} is none of ${Object.keys(PROVIDERS).join(', ')}`);
  try {
    return read(args);
  } catch (error) {
    throw new Error(`${name} ${error instanceof Error ? error.message : error}`);
  }
};

/** Names of Java classes, with or without their packages, to be asked in this order; arguments behind `|`. */
export const credentialSources = (text: string): readonly CredentialSource[] => {
  const names = text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  if (names.length === 0) throw new Error('must name a provider, such as DefaultCredentialsProvider');
  return names.map(sourceFrom);
};
