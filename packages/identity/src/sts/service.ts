import type { StsOperations } from '@millrace/aws-model/sts';
import { defineService, type ServiceTable, unsupported } from '@millrace/aws-protocol';
import { getCallerIdentity } from './get-caller-identity.ts';

const credentials = unsupported('there are no users and roles yet to make credentials of');
const keys = unsupported('access keys are not kept yet');

/** The calls that tell who somebody is; there is nothing yet that they could depend on. */
export type StsDeps = object;

/** Every operation of the API: its handler, or why there is none. */
export const stsTable: ServiceTable<StsOperations, StsDeps> = defineService<StsOperations, StsDeps>()({
  AssumeRole: credentials,
  AssumeRoleWithSAML: credentials,
  AssumeRoleWithWebIdentity: credentials,
  AssumeRoot: credentials,
  DecodeAuthorizationMessage: unsupported('no call is refused with an encoded message'),
  GetAccessKeyInfo: keys,
  GetCallerIdentity: getCallerIdentity,
  GetDelegatedAccessToken: credentials,
  GetFederationToken: credentials,
  GetSessionToken: credentials,
  GetWebIdentityToken: credentials,
});
