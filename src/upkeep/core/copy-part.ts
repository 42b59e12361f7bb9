import type { BackupHeader } from './backup-format.ts';

/** What a copy consists of, in this order for each table; the same from a database and from a file. */
export type CopyPart =
  | { part: 'table'; workspace: string; table: string; columns: readonly string[] }
  | { part: 'rows'; lines: readonly string[] }
  | { part: 'counted'; rows: number; sha256: string };

/** A whole copy, to be read once. */
export interface CopySource {
  header: BackupHeader;
  /** Rows of all tables together. */
  totalRows: number;
  parts: AsyncIterable<CopyPart>;
}

/** A table that was copied, as it was counted on the way. */
export interface CopiedTable {
  workspace: string;
  table: string;
  rows: number;
  sha256: string;
}
