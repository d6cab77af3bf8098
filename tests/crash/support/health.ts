import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';

const PAUSE_MS = 20;

export interface Health {
  readonly httpStatus: number;
  readonly status: string;
  readonly problem?: string;
  readonly since?: string;
  readonly reason?: string;
  readonly advice?: string;
  readonly otherProblems?: readonly string[];
}

export const healthOf = async (endpoint: string): Promise<Health> => {
  const answer = await fetch(`${endpoint}/health`);
  return { httpStatus: answer.status, ...((await answer.json()) as Omit<Health, 'httpStatus'>) };
};

/** Waits for it as a monitor does, for as long as the test may take. */
export const untilHealth = async (
  endpoint: string,
  isAwaited: (health: Health) => boolean,
): Promise<Health> => {
  for (;;) {
    const health = await healthOf(endpoint);
    if (isAwaited(health)) return health;
    // It stays so, and waiting for anything else would be in vain.
    assert.notEqual(health.status, 'failed', JSON.stringify(health));
    await pause(PAUSE_MS);
  }
};

/** The value of one gauge of Prometheus's page. */
export const gauge = async (endpoint: string, name: string): Promise<number> => {
  const text = await (await fetch(`${endpoint}/metrics`)).text();
  return Number(new RegExp(`^${name} (.*)$`, 'm').exec(text)?.[1]);
};
