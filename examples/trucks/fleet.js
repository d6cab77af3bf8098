import { fork } from 'node:child_process';
import { once } from 'node:events';

/** Processes of one program each, which can be ended in good order or killed. */
export class Fleet {
  #program;
  #running = new Map();

  constructor(program) {
    this.#program = new URL(program, import.meta.url);
  }

  start(name, ...args) {
    const child = fork(this.#program, args);
    this.#running.set(name, { child, exited: once(child, 'exit') });
  }

  /** As power loss would: with no chance to say or write anything. */
  async kill(name) {
    const { child, exited } = this.#running.get(name);
    this.#running.delete(name);
    child.kill('SIGKILL');
    await exited;
  }

  /** Lets go of all of them, which is their sign to end, and tells the names of those that did not end well. */
  async end() {
    const failed = [];
    for (const [name, { child, exited }] of this.#running) {
      if (child.connected) child.disconnect();
      const [code] = await exited;
      if (code !== 0) failed.push(name);
    }
    return failed;
  }
}
