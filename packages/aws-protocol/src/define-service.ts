import type { ServiceModel } from '@millrace/aws-model';

/** What a handler may know about the call beside its input. */
export interface CallContext {
  readonly requestId: string;
  /** Twelve digits. */
  readonly account: string;
  readonly region: string;
  readonly accessKeyId?: string;
  /** Aborts when the client goes away or the server shuts down. */
  readonly signal: AbortSignal;
}

export type Operation<Ops, Name extends keyof Ops, Deps> = Ops[Name] extends {
  input: infer Input;
  output: infer Output;
}
  ? (input: Input, deps: Deps, context: CallContext) => Promise<Output>
  : never;

const reason = Symbol('reason');

export interface Unsupported {
  readonly [reason]: string;
}

/** Stands in a service's table for an operation that is not built, and says why. */
export const unsupported = (why: string): Unsupported => ({ [reason]: why });

/** Undefined for an operation that is built. */
export const whyUnsupported = (row: unknown): string | undefined =>
  typeof row === 'object' && row !== null && reason in row ? (row as Unsupported)[reason] : undefined;

/** Total: every modelled operation has a row. */
export type ServiceTable<Ops, Deps> = {
  readonly [Name in keyof Ops]: Operation<Ops, Name, Deps> | Unsupported;
};

/** Exact: a row for anything that is not modelled would have type never. */
type Exact<Table, Ops> = Table & Record<Exclude<keyof Table, keyof Ops>, never>;

export const defineService =
  <Ops, Deps>() =>
  <Table extends ServiceTable<Ops, Deps>>(table: Exact<Table, Ops>): Table =>
    table;

/** One operation with its dependencies filled in; what the pipeline calls. */
export type Handler = (input: unknown, context: CallContext) => Promise<unknown>;

/** A service ready to serve: the model routes and checks, the handlers answer. */
export interface BoundService {
  readonly model: ServiceModel;
  readonly handlers: ReadonlyMap<string, Handler | Unsupported>;
}

export const bindService = <Ops, Deps>(
  model: ServiceModel,
  table: ServiceTable<Ops, Deps>,
  deps: Deps,
): BoundService => ({
  model,
  handlers: new Map(
    Object.entries(table).map(([name, row]): [string, Handler | Unsupported] => {
      if (whyUnsupported(row) !== undefined) return [name, row as Unsupported];
      const operation = row as (input: unknown, deps: Deps, context: CallContext) => Promise<unknown>;
      return [name, (input: unknown, context: CallContext) => operation(input, deps, context)];
    }),
  ),
});
