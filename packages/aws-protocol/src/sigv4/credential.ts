import { ServiceError } from '../service-error.ts';

/** The parts of a Credential: KEY/DATE/REGION/SERVICE/aws4_request. */
export interface Credential {
  readonly accessKeyId: string;
  /** `YYYYMMDD`. */
  readonly date: string;
  readonly region: string;
  readonly service: string;
  /** `aws4_request` where the client follows the rules. */
  readonly terminator: string;
}

const PARTS = 5;
/** Regions name ARNs and data, so they are made of what can stand there. */
const REGION = /^[A-Za-z0-9_-]{1,64}$/;

export const parseCredential = (text: string): Credential => {
  const [accessKeyId, date, region, service, terminator, ...rest] = text.split('/');
  const isWhole = accessKeyId !== undefined && date !== undefined && region !== undefined;
  if (!isWhole || service === undefined || terminator === undefined || rest.length > 0) {
    throw new ServiceError(
      'IncompleteSignatureException',
      `Credential must have exactly ${PARTS} slash-delimited elements, e.g. keyid/date/region/service/term, got '${text}'`,
    );
  }
  if (!REGION.test(region)) {
    throw new ServiceError(
      'InvalidSignatureException',
      `Credential should be scoped to a valid region, not '${region}'. `,
    );
  }
  return { accessKeyId, date, region, service, terminator };
};
