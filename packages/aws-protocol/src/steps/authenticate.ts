import type { CallContext } from '../define-service.ts';
import type { HttpRequest } from '../exchange.ts';
import { type Authentication, readAuthentication } from '../sigv4/authentication.ts';
import type { Step } from './step.ts';

export interface AccountDefaults {
  /** Twelve digits. */
  readonly defaultAccountId: string;
  /** For calls that name none; a signed one always does. */
  readonly defaultRegion: string;
}

/** Checks what the request says of itself; throws a `ServiceError` when it is not to be believed. */
export type Verify = (authentication: Authentication, request: HttpRequest) => void | Promise<void>;

/** Access key ids of AWS begin with letters, so digits alone can name the account that is meant. */
const ACCOUNT_ID = /^\d{12}$/;

class Call implements CallContext {
  readonly requestId: string;
  readonly account: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly #request: HttpRequest;

  constructor(
    requestId: string,
    account: string,
    { region, accessKeyId }: Authentication,
    request: HttpRequest,
  ) {
    this.requestId = requestId;
    this.account = account;
    this.region = region;
    this.accessKeyId = accessKeyId;
    this.#request = request;
  }

  /** Only made when it is looked at. */
  get signal(): AbortSignal {
    return this.#request.signal;
  }
}

/** Says who calls, for which account and region. AWS only looks when the body has been taken apart (recorded). */
export const authenticate =
  (account: AccountDefaults, verify: Verify | undefined): Step =>
  (exchange) => {
    const { request, requestId } = exchange;
    const authentication = readAuthentication(request);
    const { accessKeyId } = authentication;
    const accountId = ACCOUNT_ID.test(accessKeyId) ? accessKeyId : account.defaultAccountId;
    exchange.context = new Call(requestId, accountId, authentication, request);
    return verify?.(authentication, request);
  };
