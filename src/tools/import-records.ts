import { z } from 'zod';
import { count, paragraphs, table } from '../kernel/markdown.ts';
import { importInput } from '../records/import-input.ts';
import { importRecords } from '../records/import-records.ts';
import { defineTool } from './define-tool.ts';
import { definitionRefs, outsideText } from './shared.ts';
import { definitionsLine } from './text.ts';

const MOST_BAD = 20;
const MOST_UNMAPPED = 50;
const n = z.int().min(0);

const badCell = z.strictObject({
  line: n,
  column: outsideText.nullable().describe('null: the whole line'),
  value: outsideText,
  reason: outsideText,
});

export const importRecordsTool = defineTool({
  name: 'import_records',
  title: 'Import records',
  toolset: 'accounts',
  description: `Imports accounts, people, opportunities, events or signals from CSV or JSONL (Salesforce, HubSpot, Marketo or any export). Bad rows are reported and the good ones go in; the same file twice changes nothing. Use it for files and lists; with dry_run first it shows the mapping, to correct with mapping. For single events use record_engagement instead. Example: {"path":"/home/me/leads.csv","source":"salesforce","mapping":{"Seats":"account.employees"}}`,
  input: importInput,
  output: z.strictObject({
    import_id: z.string().nullable().describe('null: nothing was written'),
    state: z.enum(['done', 'dry_run', 'rejected', 'cancelled']),
    already_imported: z.boolean(),
    kind: z.string(),
    kind_reason: z.string(),
    source: outsideText,
    file: outsideText,
    format: z.string(),
    rows: z
      .strictObject({ read: n, created: n, updated: n, unchanged: n, bad: n, not_written: n })
      .describe('read = the sum of the others; not_written: good rows of a dry run or a refused file'),
    lines: z
      .strictObject({ total: n, preamble: n, header: n, rows: n, continued: n, blank: n, footer: n })
      .describe("the file's physical lines: total = the sum of the others"),
    mapping: z.array(z.strictObject({ column: outsideText, target: z.string(), reason: outsideText, example: outsideText })),
    unmapped: z.array(outsideText).describe(`columns kept with the raw record alone; the first ${MOST_UNMAPPED}`),
    unmapped_total: n,
    bad: z.array(badCell).describe(`the first ${MOST_BAD} bad cells`),
    bad_summary: z.array(z.strictObject({ column: outsideText.nullable(), reason: outsideText, count: n, first_line: n })),
    definitions: definitionRefs,
  }),
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  async run(ctx, input) {
    const { mapping, bad, bad_summary, ...rest } = await importRecords(ctx, input);
    const unmapped = mapping.flatMap((m) => (m.target === null ? [m.column] : []));
    return {
      ...rest,
      mapping: mapping.flatMap((m) => (m.target === null ? [] : [{ ...m, target: m.target }])),
      unmapped: unmapped.slice(0, MOST_UNMAPPED),
      unmapped_total: unmapped.length,
      bad: bad.slice(0, MOST_BAD),
      bad_summary: bad_summary.slice(0, MOST_BAD),
    };
  },
  text(output) {
    const { rows, lines } = output;
    const outcome = {
      done: output.already_imported ? 'was imported before: nothing changed' : 'is imported',
      dry_run: 'was read; nothing was written',
      rejected: 'was refused for its bad rows (strict): nothing was written',
      cancelled: 'was cancelled',
    }[output.state];
    return paragraphs(
      `${output.file} (${output.kind}: ${output.kind_reason}; source ${output.source}; ${output.format}) ${outcome}.`,
      `${count(rows.read, 'row')}: ${rows.created} created, ${rows.updated} updated, ${rows.unchanged} unchanged, ${rows.bad} bad${rows.not_written > 0 ? `, ${rows.not_written} good but not written` : ''}.`,
      `${count(lines.total, 'line')}: ${lines.rows} of rows, ${lines.continued} inside quoted cells, ${lines.header} header, ${lines.blank} blank, ${lines.footer} footer${lines.preamble > 0 ? `, ${lines.preamble} preamble` : ''}.`,
      table(
        ['column', 'means', 'why', 'example'],
        output.mapping.map((m) => [m.column, m.target, m.reason, m.example]),
      ),
      output.unmapped_total > 0 &&
        `Kept in the raw record alone (${output.unmapped_total}): ${output.unmapped.join(', ')}${output.unmapped_total > output.unmapped.length ? ', …' : ''}. Map one with mapping.`,
      rows.bad > 0 &&
        paragraphs(
          'Bad rows, refused whole:',
          table(
            ['line', 'column', 'value', 'reason'],
            output.bad.map((cell) => [cell.line, cell.column, cell.value, cell.reason]),
          ),
          table(
            ['cells', 'column', 'reason', 'first line'],
            output.bad_summary.map((group) => [group.count, group.column, group.reason, group.first_line]),
          ),
        ),
      definitionsLine(output.definitions),
    );
  },
  changes: ({ rows }) => (rows.created + rows.updated > 0 ? ['samepage://accounts/*'] : []),
});
