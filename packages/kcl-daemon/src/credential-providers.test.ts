import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import type { CredentialSource } from './config/credentials.ts';
import { credentialProvider } from './credential-providers.ts';

const VARIABLES = {
  AWS_ACCESS_KEY_ID: 'from the environment',
  AWS_SECRET_ACCESS_KEY: 'secret',
  AWS_SESSION_TOKEN: undefined,
  AWS_EC2_METADATA_DISABLED: 'true',
  AWS_SHARED_CREDENTIALS_FILE: '/nowhere/credentials',
  AWS_CONFIG_FILE: '/nowhere/config',
  AWS_PROFILE: undefined,
  AWS_WEB_IDENTITY_TOKEN_FILE: undefined,
  AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: undefined,
  AWS_CONTAINER_CREDENTIALS_FULL_URI: undefined,
};

const withVariables = async (
  variables: Readonly<Record<string, string | undefined>>,
  work: () => Promise<void>,
): Promise<void> => {
  const before = Object.keys(variables).map((name) => [name, process.env[name]] as const);
  const set = (name: string, value: string | undefined): void => {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  };
  for (const [name, value] of Object.entries(variables)) set(name, value);
  try {
    await work();
  } finally {
    for (const [name, value] of before) set(name, value);
  }
};

const keyOf = async (...sources: CredentialSource[]): Promise<string | undefined> =>
  (await credentialProvider(sources)?.())?.accessKeyId;

const given: CredentialSource = {
  kind: 'static',
  accessKeyId: 'given',
  secretAccessKey: 'secret',
  sessionToken: undefined,
};
const nobody: CredentialSource = { kind: 'profile', profile: 'nobody' };

test("the default alone is left to the SDK, and among others it is the SDK's own chain", () =>
  withVariables(VARIABLES, async () => {
    assert.equal(credentialProvider([{ kind: 'default' }]), undefined);
    assert.equal(await keyOf({ kind: 'default' }, given), 'from the environment');
  }));

test('the first that has credentials counts', () =>
  withVariables(VARIABLES, async () => {
    assert.equal(await keyOf(nobody, given, { kind: 'environment' }), 'given');
    assert.equal(await keyOf(nobody, { kind: 'environment' }, given), 'from the environment');
  }));

test('where none has any, all reasons are told, and the consumer does not ask again', () =>
  withVariables({ ...VARIABLES, AWS_ACCESS_KEY_ID: undefined }, async () => {
    const provider = credentialProvider([nobody, { kind: 'environment' }, { kind: 'webIdentity' }]);
    await assert.rejects(provider?.() ?? Promise.resolve(), {
      name: 'CredentialsProviderError',
      message: /no credentials: .*nobody.*; .*environment.*; /,
    });
  }));

const ROLE = `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials>
<AccessKeyId>of the role</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken>
<Expiration>2036-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`;

test('a role is assumed where it was said, under the name and with the external id that were said', async () => {
  const asked = Promise.withResolvers<URLSearchParams>();
  const server = createServer(async (request, response) => {
    const body = Buffer.concat(await Array.fromAsync(request));
    asked.resolve(new URLSearchParams(body.toString()));
    response.setHeader('content-type', 'text/xml').end(ROLE);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const role = { roleArn: 'arn:aws:iam::000000000000:role/reader', sessionName: 'me', externalId: 'x' };
  try {
    await withVariables(VARIABLES, async () => {
      const place = { endpoint: `http://127.0.0.1:${port}`, region: 'eu-west-1' };
      const credentials = await credentialProvider([{ kind: 'assumeRole', ...role, ...place }])?.();
      assert.deepEqual(credentials, {
        accessKeyId: 'of the role',
        secretAccessKey: 's',
        sessionToken: 't',
        expiration: new Date('2036-01-01T00:00:00Z'),
      });
    });
    const query = await asked.promise;
    const names = ['Action', 'RoleArn', 'RoleSessionName', 'ExternalId'];
    assert.deepEqual(
      names.map((name) => query.get(name)),
      ['AssumeRole', role.roleArn, 'me', 'x'],
    );
  } finally {
    server.closeAllConnections();
    server.close();
  }
});
