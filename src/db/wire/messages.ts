import type { SqlParam, SqlRow } from '../../kernel/database.ts';

/** `objects`: rows as `Tx.query` gives them; `arrays`: rows as the query builder takes them. */
export type RowForm = 'objects' | 'arrays';

/** What a client of a database asks, over a socket or from thread to thread. Transactions have the client's own numbers. */
export type Request =
  | { do: 'begin'; tx: number; mode: 'read' | 'write' }
  | { do: 'statement'; tx: number; id: number; text: string; params: readonly SqlParam[]; form: RowForm; prepare: boolean }
  /** The last of a transaction. */
  | { do: 'end'; tx: number; id: number; commit: boolean }
  /** Its caller no longer waits: what runs long is ended. */
  | { do: 'cancel'; tx: number }
  | { do: 'maintain'; id: number; tables: readonly string[] | undefined }
  | { do: 'close'; id: number };

export type Rows = SqlRow[] | unknown[][];

export type Reply = { id: number; rows: Rows } | { id: number; done: true } | { id: number; error: WireError };

/** An error on its way: ours, the driver's with its code, or any other. */
export interface WireError {
  ours?: { code: string; next: string; problems: readonly { path: string; value?: string; reason: string }[] };
  name: string;
  message: string;
  facts: Readonly<Record<string, string>>;
  stack: string | undefined;
}

/** A two-way line of messages. What arrives before `receive` waits. */
export interface Channel<In, Out> {
  send(message: Out): void;
  receive(onMessage: (message: In) => void, onClose: (error?: Error) => void): void;
  close(): void;
}
