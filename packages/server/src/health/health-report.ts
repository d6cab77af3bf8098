import type { Clock } from '@millrace/core';
import type { ProcessSample } from '@millrace/telemetry';
import type { Logger } from '../logging.ts';
import { type HealthStatus, PROBLEM_NAMES, PROBLEMS, type ProblemName } from './problems.ts';

/** What `GET /health` answers. */
export interface HealthAnswer {
  readonly status: HealthStatus;
  /** The worst of the problems there are; absent when there is none. */
  readonly problem?: ProblemName;
  readonly since?: string;
  readonly reason?: string;
  readonly advice?: string;
  readonly otherProblems?: readonly ProblemName[];
}

interface Spell {
  readonly sinceMs: number;
  readonly reason: string;
}

/** In Prometheus's page. */
const LEVELS: Readonly<Record<HealthStatus, number>> = { ok: 0, degraded: 1, failed: 2 };

/** What is wrong with the server now, and since when. Each problem is logged when it begins and when it is over. */
export class HealthReport {
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #spells = new Map<ProblemName, Spell>();

  constructor(clock: Clock, logger: Logger) {
    this.#clock = clock;
    this.#logger = logger;
  }

  get status(): HealthStatus {
    const [worst] = this.#present;
    return worst === undefined ? 'ok' : PROBLEMS[worst].status;
  }

  /** What was said first of a problem stays until it is over. */
  begin(problem: ProblemName, reason: string): void {
    if (this.#spells.has(problem)) return;
    this.#spells.set(problem, { sinceMs: this.#clock.now(), reason });
    const { status, advice } = PROBLEMS[problem];
    this.#logger[status === 'failed' ? 'error' : 'warn']({ problem, status, reason, advice }, 'health');
  }

  end(problem: ProblemName): void {
    const spell = this.#spells.get(problem);
    if (!this.#spells.delete(problem) || spell === undefined) return;
    const tookMs = this.#clock.now() - spell.sinceMs;
    this.#logger.warn({ problem, status: this.status, tookMs }, 'health: the problem is over');
  }

  answer(): HealthAnswer {
    const [problem, ...otherProblems] = this.#present;
    const spell = problem && this.#spells.get(problem);
    if (problem === undefined || spell === undefined) return { status: 'ok' };
    return {
      status: this.status,
      problem,
      since: new Date(spell.sinceMs).toISOString(),
      reason: spell.reason,
      advice: PROBLEMS[problem].advice,
      ...(otherProblems.length > 0 ? { otherProblems } : {}),
    };
  }

  samples(): readonly ProcessSample[] {
    const help = 'Health as GET /health tells it: 0 ok, 1 degraded, 2 failed';
    const all = { name: 'millrace_health', type: 'gauge', help, value: LEVELS[this.status] } as const;
    const each = PROBLEM_NAMES.map((problem) => ({
      name: `millrace_problem_${problem.replaceAll('-', '_')}`,
      type: 'gauge' as const,
      help: `1 while GET /health names ${problem}`,
      value: this.#spells.has(problem) ? 1 : 0,
    }));
    return [all, ...each];
  }

  get #present(): readonly ProblemName[] {
    return PROBLEM_NAMES.filter((name) => this.#spells.has(name));
  }
}
