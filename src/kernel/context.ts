import type { Database, Tx } from './database.ts';

export type Scope = 'read' | 'write';

export interface Actor {
  /** Who acts, as the audit names it: `cli`, `mcp:claude-code`, an e-mail address later. */
  id: string;
  scopes: ReadonlySet<Scope>;
}

export interface Progress {
  /** `done` of `total` units; `total` is left out while it is not known. */
  report(done: number, total: number | undefined, message: string): void;
}

/** Everything a verb needs from outside: `verb(ctx, input)`. */
export interface Context {
  workspaceId: string;
  actor: Actor;
  db: Database;
  /** The only clock. Tests give their own. */
  now(): Date;
  progress: Progress;
  signal: AbortSignal;
  /** The caller's working folder, where that is not this process's: a path that is not whole begins there. */
  cwd?: string;
  /** Notes the call's idempotency key, where it has one, in each transaction that writes. */
  noteKey?(tx: Tx): Promise<void>;
}

export const NO_PROGRESS: Progress = { report() {} };
