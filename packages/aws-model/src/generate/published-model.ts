/** The layout of AWS's published service models, as far as we read it. */
export interface PublishedModel {
  readonly metadata: {
    readonly protocol: string;
    readonly serviceFullName: string;
    readonly endpointPrefix: string;
    readonly signingName?: string;
    readonly targetPrefix?: string;
    readonly jsonVersion?: string;
    /** All that the service speaks; `protocol` is the one that AWS prefers. */
    readonly protocols?: readonly string[];
    readonly apiVersion?: string;
    readonly xmlNamespace?: string;
  };
  readonly operations: Readonly<Record<string, PublishedOperation>>;
  readonly shapes: Readonly<Record<string, PublishedShape>>;
}

export interface PublishedOperation {
  readonly http: { readonly method: string; readonly requestUri: string };
  readonly input?: Reference;
  readonly output?: Reference;
  readonly errors?: readonly Reference[];
}

export interface Reference {
  readonly shape: string;
}

export interface PublishedMember extends Reference {
  readonly location?: 'header' | 'uri' | 'querystring' | 'statusCode' | 'headers';
  readonly locationName?: string;
  readonly streaming?: boolean;
}

export interface PublishedShape {
  readonly type: string;
  readonly members?: Readonly<Record<string, PublishedMember>>;
  readonly required?: readonly string[];
  readonly exception?: boolean;
  readonly fault?: boolean;
  readonly error?: { readonly code?: string; readonly httpStatusCode: number };
  readonly eventstream?: boolean;
  readonly payload?: string;
  readonly streaming?: boolean;
  readonly member?: Reference;
  readonly key?: Reference;
  readonly value?: Reference;
  readonly min?: number;
  readonly max?: number;
  readonly pattern?: string;
  readonly enum?: readonly string[];
}
