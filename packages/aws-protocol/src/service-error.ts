/**
 * An error that AWS has a name for: thrown by operations and by steps of the pipeline, turned into the wire's
 * form by the encode step alone. The message is API and is tested verbatim.
 */
export class ServiceError extends Error {
  /** AWS's name, such as `ResourceNotFoundException`. */
  readonly code: string;
  readonly status: number;
  /** What the error says beside its text, as the model's shape of that name has it. */
  readonly members: object | undefined;
  constructor(code: string, message: string, status = 400, members?: object) {
    super(message);
    this.name = 'ServiceError';
    this.code = code;
    this.status = status;
    this.members = members;
  }
}

/** Throwing functions for the errors a service may answer, checked against the names in its model. */
export const serviceErrors =
  <Name extends string>() =>
  (code: Name, message: string): ServiceError =>
    new ServiceError(
      code,
      message,
      code === 'InternalFailureException' || code === 'InternalFailure' ? 500 : 400,
    );
