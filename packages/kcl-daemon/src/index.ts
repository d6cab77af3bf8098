export type { Child, ChildExit, Spawn } from './child/child.ts';
export type { DaemonConfig, ServiceAddress } from './config/config.ts';
export type { CredentialSource } from './config/credentials.ts';
export { type IgnoredProperty, type ReadConfig, readConfig } from './config/read-config.ts';
export { Daemon, type DaemonParts, type ProcessorRunner } from './daemon.ts';
export { DaemonError, type DaemonErrorCode } from './errors.ts';
export type { DaemonEvent } from './event.ts';
export { createDaemon, loadConfig, spawnChild } from './node.ts';
