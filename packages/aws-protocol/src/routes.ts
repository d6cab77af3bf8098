import type { OperationModel } from '@millrace/aws-model';
import type { BoundService } from './define-service.ts';
import type { HttpRequest } from './exchange.ts';

export interface Route {
  readonly service: BoundService;
  readonly operationName: string;
  readonly operation: OperationModel;
}

/**
 * Which operation of which service a request asks for. JSON services say it in X-Amz-Target and ignore the
 * path; services of the kind `rest-json` say it by method and path, and their look-up belongs here too.
 */
export class Routes {
  readonly #byTarget = new Map<string, Route>();

  constructor(services: readonly BoundService[]) {
    for (const service of services) this.#add(service);
  }

  find(request: HttpRequest): Route | undefined {
    const target = request.headers['x-amz-target'];
    return target === undefined ? undefined : this.#byTarget.get(target);
  }

  #add(service: BoundService): void {
    const { targetPrefix, operations } = service.model;
    if (targetPrefix === undefined) return;
    for (const [operationName, operation] of Object.entries(operations)) {
      this.#byTarget.set(`${targetPrefix}.${operationName}`, { service, operationName, operation });
    }
  }
}
