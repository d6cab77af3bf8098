/**
 * A client that this machine cannot have: the language is missing or the registry is out of reach.
 * In CI that is a failure; elsewhere its tests are skipped with this message.
 */
export class ClientUnavailable extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ClientUnavailable';
  }
}

/** Runs a step that needs the network, and says which one it was when it fails. */
export const fetching = async <Value>(what: string, step: () => Promise<Value>): Promise<Value> => {
  try {
    return await step();
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    throw new ClientUnavailable(`${what} could not be fetched. ${detail}`, { cause: error });
  }
};
