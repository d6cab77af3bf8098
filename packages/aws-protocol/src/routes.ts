import type { OperationModel } from '@millrace/aws-model';
import type { BoundService } from './define-service.ts';
import type { HttpRequest } from './exchange.ts';

export interface Route {
  readonly service: BoundService;
  readonly operationName: string;
  readonly operation: OperationModel;
}

const RPC_V2_PATH = /\/service\/([^/?]+)\/operation\/([^/?]+)$/;

/** `Service.Operation`, as X-Amz-Target has it or, for Smithy's RPC v2, the path. */
const targetOf = ({ headers, target }: HttpRequest): string | undefined => {
  if (headers['x-amz-target'] !== undefined) return headers['x-amz-target'];
  if (headers['smithy-protocol'] !== 'rpc-v2-cbor') return undefined;
  const [, service, operation] = RPC_V2_PATH.exec(target) ?? [];
  return service === undefined ? undefined : `${service}.${operation}`;
};

/**
 * Which operation of which service a request asks for. JSON services say it in X-Amz-Target and ignore the
 * path; services of the kind `rest-json` say it by method and path, and their look-up belongs here too.
 */
export class Routes {
  readonly #byTarget = new Map<string, Route>();
  readonly #byTargetPrefix = new Map<string, BoundService>();
  readonly #byQueryVersion = new Map<string, BoundService>();

  constructor(services: readonly BoundService[]) {
    for (const service of services) this.#add(service);
  }

  find(request: HttpRequest): Route | undefined {
    const target = targetOf(request);
    return target === undefined ? undefined : this.#byTarget.get(target);
  }

  /** The service that is asked, whether or not it has the operation. */
  findService(request: HttpRequest): BoundService | undefined {
    const target = targetOf(request);
    return target === undefined ? undefined : this.#byTargetPrefix.get(target.slice(0, target.indexOf('.')));
  }

  /** The query protocol names the version of a service, and no service. */
  findQueryService(version: string): BoundService | undefined {
    return this.#byQueryVersion.get(version);
  }

  #add(service: BoundService): void {
    const { targetPrefix, operations, query } = service.model;
    if (query !== undefined) this.#byQueryVersion.set(query.version, service);
    if (targetPrefix === undefined) return;
    this.#byTargetPrefix.set(targetPrefix, service);
    for (const [operationName, operation] of Object.entries(operations)) {
      this.#byTarget.set(`${targetPrefix}.${operationName}`, { service, operationName, operation });
    }
  }
}
