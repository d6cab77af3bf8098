import { readdirSync, readFileSync } from 'node:fs';

/** What a client did in one round, and what it took. */
export interface ProducerSample {
  readonly recordsPerSecond: number;
  readonly cpuMicrosPerRecord: number;
  /** The most that its processes ever held. */
  readonly residentBytesMax: number;
}

/** One way of putting records, in processes of its own. */
export interface ProducerClient {
  round(seconds: number): Promise<ProducerSample>;
  close(): Promise<void>;
}

/** Linux counts in hundredths of a second, whatever the machine. */
const TICKS_PER_SECOND = 100;
const KIB = 1024;

/** The process and those that it started. */
const processesOf = (pid: number): readonly number[] => {
  const children = readdirSync(`/proc/${pid}/task`).flatMap((task) =>
    readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
  );
  return [pid, ...children.flatMap(processesOf)];
};

/** User and system time are fields 14 and 15; what stands before is the name, in parentheses. */
const cpuSecondsOf = (pid: number): number => {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
};

const residentBytesOf = (pid: number): number => {
  const [, kib] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kib) * KIB;
};

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

export interface ProcessUsage {
  readonly cpuSeconds: number;
  readonly residentBytesMax: number;
}

/** Of a process and those that it started, as Linux tells it. */
export const usageOf = (pid: number): ProcessUsage => {
  const processes = processesOf(pid);
  return {
    cpuSeconds: sum(processes.map(cpuSecondsOf)),
    residentBytesMax: sum(processes.map(residentBytesOf)),
  };
};
