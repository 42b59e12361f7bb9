import { z } from 'zod';
import { type Problem, SamepageError, shown } from '../kernel/errors.ts';
import { ENCODINGS } from './core/file-format.ts';
import { RECORD_KINDS } from './core/targets.ts';

/** What `importRecords` takes. */
export const importInput = z.strictObject({
  path: z.string().min(1).max(4096).optional(),
  content: z.string().min(1).max(1_048_576).optional(),
  kind: z.enum(RECORD_KINDS).optional(),
  source: z.string().trim().min(1).max(100).optional(),
  /** Column → field of the taxonomy, special target, or `ignore`. */
  mapping: z.record(z.string(), z.string()).optional(),
  strict: z.boolean().default(false),
  dry_run: z.boolean().default(false),
  /** When rows without a stamp of their own were true; now when left out. */
  observed_at: z.iso.datetime({ offset: true }).or(z.iso.date()).optional(),
  encoding: z.enum(ENCODINGS).optional(),
  date_order: z.enum(['dmy', 'mdy']).optional(),
  decimal: z.enum(['point', 'comma']).optional(),
});
export type ImportInput = z.input<typeof importInput>;

/** Parses the input, or says what is wrong with it in one error. */
export function parseInput<T extends z.ZodType>(schema: T, input: unknown, next: string): z.output<T> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const problems: Problem[] = parsed.error.issues.map((issue) => ({
    path: issue.path.map(String).join('.') || 'input',
    reason: issue.message,
  }));
  throw new SamepageError('invalid_input', `${shown(problems[0]?.path)}: ${problems[0]?.reason}.`, next, { problems });
}
