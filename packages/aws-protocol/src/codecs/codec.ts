import type { ServiceModel } from '@millrace/aws-model';
import type { HttpResponse } from '../exchange.ts';

/**
 * One body format. `decode` only takes the bytes apart; `parse` then reads the value as the shape says (drops
 * unknown members, turns null into absent, converts blobs and timestamps) and throws the
 * SerializationException of AWS for a wrong type. Inside the server a blob is a `Uint8Array`, a timestamp is
 * a number of epoch milliseconds, a map is a plain object without prototype.
 */
export interface Codec {
  /**
   * The short way through `decode` and `parse` for bodies that are written plainly and are what the shape says.
   * Undefined for all others, the damaged ones among them: those go the long way. Blobs of one body share memory.
   */
  read?(model: ServiceModel, shape: string, body: Uint8Array): unknown;
  /** The content type of bodies that this codec writes. */
  readonly contentType: string;
  /** Throws a `MalformedBody` when the bytes are not of this format at all. */
  decode(body: Uint8Array): unknown;
  parse(model: ServiceModel, shape: string, value: unknown): unknown;
  encode(model: ServiceModel, shape: string, value: unknown): Uint8Array;
  /** What an operation without output answers, where that is not an empty body. */
  encodeNothing?(): Uint8Array;
  /** What goes beside the content type with an answer, or with the error of this code. */
  headers?(body: HttpResponse['body'], errorCode?: string): Readonly<Record<string, string>>;
  /**
   * A body of AWS's error form; `messageKey` is `Message` for type errors, `message` for all others. Formats that
   * have no place for the error's other members leave them out.
   */
  encodeError(
    code: string,
    message: string | undefined,
    messageKey: 'message' | 'Message',
    members?: object,
  ): Uint8Array;
}

export class MalformedBody extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'MalformedBody';
  }
}
