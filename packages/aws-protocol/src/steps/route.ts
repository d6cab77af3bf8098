import type { Routes } from '../routes.ts';
import { ServiceError } from '../service-error.ts';
import type { Step } from './step.ts';

/** Finds the operation that the request asks for. */
export const route =
  (routes: Routes): Step =>
  (exchange) => {
    if (exchange.operation !== undefined) return;
    const found = routes.find(exchange.request);
    if (found === undefined) throw new ServiceError('UnknownOperationException', '');
    exchange.service = found.service;
    exchange.operationName = found.operationName;
    exchange.operation = found.operation;
  };
