import type { Command } from 'commander';
import type { Context } from '../kernel/context.ts';

/** What a subcommand needs from the process it runs in. */
export interface CliDeps {
  /**
   * Opens the workspace that the environment names. `write` gives the scope to write; reading is always given.
   * The context's signal follows Ctrl-C and its progress is drawn on stderr. Close it when done, also after an error.
   */
  openContext(options?: { write?: boolean }): Promise<{ ctx: Context; close(): Promise<void> }>;
  /** One line (or several) on stdout. */
  out(text: string): void;
  /** One line (or several) on stderr. */
  err(text: string): void;
  /** Ctrl-C, for work that opens no context. */
  signal: AbortSignal;
}

/** Each file of a subcommand exports one: it declares the command, and loads what is heavy inside its action. */
export type Register = (program: Command, deps: CliDeps) => void;
