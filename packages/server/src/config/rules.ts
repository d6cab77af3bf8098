import type { Settings } from './settings.ts';

const LOOPBACK = /^(127(\.\d{1,3}){3}|::1|localhost)$/;

/** Settings that contradict each other: the first rule that is broken says what to do. */
const RULES: readonly { readonly broken: (settings: Settings) => boolean; readonly advice: string }[] = [
  {
    broken: ({ auth, host, insecure }) => auth === 'none' && !insecure && !LOOPBACK.test(host),
    advice:
      'With --auth none anyone who reaches the port may read and write, so --host must be a loopback address. Add --insecure if the network around it is trusted.',
  },
  {
    broken: ({ tlsCert, tlsKey }) => (tlsCert === undefined) !== (tlsKey === undefined),
    advice: 'Give --tls-cert and --tls-key together.',
  },
  {
    broken: ({ rootKey, rootKeyFile }) => rootKey !== undefined && rootKeyFile !== undefined,
    advice: 'Give the root key or --root-key-file, not both.',
  },
];

export class ContradictorySettings extends Error {
  constructor(advice: string) {
    super(advice);
    this.name = 'ContradictorySettings';
  }
}

export const checkSettings = (settings: Settings): void => {
  const rule = RULES.find(({ broken }) => broken(settings));
  if (rule !== undefined) throw new ContradictorySettings(rule.advice);
};
