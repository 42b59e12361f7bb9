import { z } from 'zod';
import { instantText } from '../kernel/instant-text.ts';
import { fileContent } from '../kernel/parse-input.ts';
import { ENCODINGS } from './core/file-format.ts';
import { RECORD_KINDS } from './core/targets.ts';

/** What `importRecords` takes. */
export const importInput = z.strictObject({
  path: z.string().min(1).max(4096).optional().describe('a .csv, .tsv, .txt, .jsonl or .ndjson file on this machine'),
  content: z.string().min(1).max(1_048_576).optional().describe('or the text itself').register(fileContent, {}),
  kind: z.enum(RECORD_KINDS).optional().describe('guessed when left out'),
  source: z.string().trim().min(1).max(100).optional().describe('system the data is from; else the file name'),
  mapping: z
    .record(z.string().max(500), z.string().max(200))
    .optional()
    .describe('column → field as account.industry, external_id, observed_at, account_external_id, …, or ignore; others are guessed'),
  strict: z.boolean().default(false).describe('all rows or none'),
  dry_run: z.boolean().default(false).describe('mapping and bad rows; writes nothing'),
  observed_at: instantText.optional().describe('when the rows were true; else now'),
  date_order: z.enum(['dmy', 'mdy']).optional().describe('for 03/04/2026'),
  decimal: z.enum(['point', 'comma']).optional(),
  encoding: z.enum(ENCODINGS).optional(),
});
export type ImportInput = z.input<typeof importInput>;
