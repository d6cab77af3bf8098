/** What the library says of itself at WARN and above that is no sign of a mistake of the server. */
const EXPECTED: readonly (readonly [text: RegExp, why: string])[] = [
  [/Did not find an operating range metadata provider/, 'it looks for EC2, ECS and EKS, and runs on none'],
  [
    /ResourceInUseException: Another active subscription exists for this consumer/,
    'a lease that comes back within five seconds of a subscription has to wait, on AWS too',
  ],
  [/Dropping metrics .* because CloudWatchPublisherRunnable is shutting down/, 'so it is'],
  [/Http2PingHandler - .* Flushing PING frame took/, 'the machine is busy'],
  [
    /FutureCancelledException: .*Subscriber cancelled before all events were published/,
    'it leaves subscriptions in the middle of an event, and its own network library minds that',
  ],
  [
    /ShutdownTask - Lease .*\n.*Lease for shard \S+ does not exist/,
    'its leader hands over the lease of an ended shard while the last owner removes it',
  ],
];

const BEGINNING = /^\d+ \[.*\] (?:WARN|ERROR) /;
const CAUSE = /^(?:Caused by: |[\w.]+(?:Exception|Error)\b)/;
/** The library failed, or the server's answer was not what the library wanted. */
const TROUBLE = /^\d+ \[.*\] ERROR |\(Service: |SdkClientException|Invalid GetRecords response/;

/** What workers mind: entries with the causes they name, without the lines of their stacks. */
export class WorkerLog {
  readonly #entries: string[] = [];

  add(line: string): void {
    if (BEGINNING.test(line) || this.#entries.length === 0) this.#entries.push(line);
    else if (CAUSE.test(line)) this.#entries.push(`${this.#entries.pop()}\n  ${line}`);
  }

  /** Of workers that have the machine and their leases for themselves: everything but what is always expected. */
  unexpected(): string[] {
    return this.#entries.filter((entry) => !EXPECTED.some(([text]) => text.test(entry)));
  }

  /** Of workers that come and go: without the library's warnings about others and about its own pace. */
  troubles(): string[] {
    return this.unexpected().filter((entry) => TROUBLE.test(entry));
  }
}
