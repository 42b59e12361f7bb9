import { z } from 'zod';
import { SamepageError } from '../../kernel/errors.ts';
import { jsonOrUndefined } from '../../kernel/json.ts';

/** The version of the file's form. A program reads its own and older ones. */
export const FORMAT = 1;

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** The latest migration of the database that a copy was made from. */
const migrationHead = z.object({ when: z.int(), hash: sha256 });
export type MigrationHead = z.infer<typeof migrationHead>;

const workspaceName = z.string().regex(/^[a-z0-9][a-z0-9_-]{0,62}$/);

const backupHeader = z.object({
  product: z.literal('samepage'),
  format: z.int().min(1),
  /** Of the program that wrote it. */
  version: z.string(),
  created_at: z.iso.datetime(),
  migrations: migrationHead,
  workspaces: z.array(workspaceName),
});
export type BackupHeader = z.infer<typeof backupHeader>;

const tableStart = z.object({ workspace: workspaceName, table: z.string(), columns: z.array(z.string()).min(1) });
const tableEnd = z.object({ rows: z.int().min(0), sha256 });
const trailer = z.object({ tables: z.int().min(0), rows: z.int().min(0), sha256 });

export type TableStart = z.infer<typeof tableStart>;
export type TableEnd = z.infer<typeof tableEnd>;
export type Trailer = z.infer<typeof trailer>;

/**
 * A line of a backup. Rows are JSON objects as they are; the others begin with their word:
 * `samepage {…}`, then for each table `table {…}`, its rows and `rows {…}`, and `end {…}` last.
 */
export type BackupLine =
  | { is: 'header'; value: BackupHeader }
  | { is: 'table'; value: TableStart }
  | { is: 'row'; text: string }
  | { is: 'rows'; value: TableEnd }
  | { is: 'end'; value: Trailer };

export const headerLine = (header: BackupHeader) => `samepage ${JSON.stringify(header)}\n`;
export const tableLine = (start: TableStart) => `table ${JSON.stringify(start)}\n`;
export const rowsLine = (end: TableEnd) => `rows ${JSON.stringify(end)}\n`;
export const endLine = (end: Trailer) => `end ${JSON.stringify(end)}\n`;

/** Reads one line of a backup, without its end. @throws SamepageError `file_rejected`. */
export function parseLine(text: string): BackupLine {
  if (text.startsWith('{')) return { is: 'row', text };
  const space = text.indexOf(' ');
  const rest = () => jsonOrUndefined(text.slice(space + 1));
  switch (text.slice(0, Math.max(0, space))) {
    case 'samepage':
      return { is: 'header', value: headerOf(rest()) };
    case 'table':
      return { is: 'table', value: checked(tableStart, rest()) };
    case 'rows':
      return { is: 'rows', value: checked(tableEnd, rest()) };
    case 'end':
      return { is: 'end', value: checked(trailer, rest()) };
    default:
      throw altered('it has a line that is none of a backup');
  }
}

function headerOf(value: unknown): BackupHeader {
  const format = z.object({ product: z.literal('samepage'), format: z.int() }).safeParse(value);
  if (format.success && format.data.format > FORMAT) {
    throw new SamepageError(
      'file_rejected',
      'The backup was made by a newer version of samepage-mcp.',
      'Update samepage-mcp (`npm install -g samepage-mcp@latest`), then restore it.',
    );
  }
  return checked(backupHeader, value);
}

function checked<T extends z.ZodType>(schema: T, value: unknown): z.output<T> {
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw altered('a line that says what follows cannot be read');
  return parsed.data;
}

/** What is said of a file that is not as it was written. */
export function altered(how: string): SamepageError {
  return new SamepageError(
    'file_rejected',
    `The backup is cut off or was altered: ${how}. Nothing was written.`,
    'Take another copy of the file, or an earlier backup.',
  );
}
