import type { ServiceModel } from '@millrace/aws-model';
import type { Codec } from './codec.ts';
import { xmlEncoder, xmlText } from './encode-xml.ts';
import { type FormNode, readForm } from './form.ts';
import { formParser } from './parse-form.ts';
import { isFault, queryCodeOf } from './query-codes.ts';

export const FORM_TYPE = 'application/x-www-form-urlencoded';

/** Which call an answer belongs to: unlike other formats, this one says so in the body. */
export interface QueryCall {
  readonly model: ServiceModel;
  readonly operationName: string;
  readonly requestId: string;
}

/** The AWS query protocol for one call: a form in, XML out. */
export const queryCodec = ({ model: service, operationName: name, requestId }: QueryCall): Codec => {
  const id = `<RequestId>${xmlText(requestId)}</RequestId>`;
  const document = (root: string, content: string): Uint8Array =>
    Buffer.from(`<${root} xmlns="${xmlText(service.query?.xmlNamespace ?? '')}">${content}</${root}>\n`);
  const answer = (result: string): Uint8Array =>
    document(`${name}Response`, `${result}<ResponseMetadata>${id}</ResponseMetadata>`);
  return {
    contentType: 'text/xml',
    decode: readForm,
    parse: (model, shape, value) => formParser(model, shape)(value as FormNode),
    encode: (model, shape, value) =>
      answer(`<${name}Result>${xmlEncoder(model, shape)(value)}</${name}Result>`),
    encodeNothing: () => answer(''),
    encodeError: (code, message = '') => {
      const type = isFault(service, code) ? 'Receiver' : 'Sender';
      const error = `<Type>${type}</Type><Code>${queryCodeOf(service, code)}</Code><Message>${xmlText(message)}</Message>`;
      return document('ErrorResponse', `<Error>${error}</Error>${id}`);
    },
  };
};
