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

/** What the environment says of enrichment providers. */
export interface ProviderSettings {
  /** Folder of the team's own descriptions. */
  folder: string | undefined;
  secretsFile: string | undefined;
  /** How those who are asked can reach who asks. */
  contact: string | undefined;
  /** Ceilings of what paid providers may cost a UTC day, and in all. */
  dayUsd: number | undefined;
  workspaceUsd: number | undefined;
  /** The value of a variable, as a key. */
  variable(name: string): string | undefined;
}

/** What a person is asked to put their name to. */
export interface Question {
  /** What they would do, one line: `Sign rubric v2 for marketing?` */
  title: string;
  /** What they need to know for it. */
  text: string;
  /** Who may answer; the person says which of them they are. */
  names: readonly string[];
  /** What is typed or ticked to say yes. */
  word: string;
}

/** The person at the other end. An answer is theirs and never a program's: no tool's input stands in for it. */
export interface Person {
  readonly way: 'elicitation' | 'terminal';
  /** The name of who said yes; undefined when nobody did. */
  ask(question: Question): Promise<string | undefined>;
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
  /** Left out: nobody can be asked. */
  person?: Person;
  /** Left out: the shipped providers that need no key. */
  providers?: ProviderSettings;
  /**
   * Called by whoever regroups people, in the transaction that does: ids of all whose group changed, and those people that several became.
   * Rooms above identity settle what of theirs hangs on who is whom.
   */
  peopleRegrouped(
    tx: Tx,
    ctx: Context,
    change: { people: readonly string[]; joined: readonly string[]; recordedAt: Date },
  ): Promise<unknown>;
  /** Private networks to which webhooks may be sent. Left out: none. */
  webhookNetworks?: readonly string[];
}

export const NO_PROGRESS: Progress = { report() {} };
