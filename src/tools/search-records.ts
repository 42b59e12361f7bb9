import { z } from 'zod';
import { searchRecords, searchRecordsInput } from '../accounts/search-records.ts';
import { bullets, count, paragraphs, table } from '../kernel/markdown.ts';
import { defineTool } from './define-tool.ts';
import { answersFor, definitionRefs, outsideText, outsideValue, pageCursor, pageOutput, pageSize, responseFormat } from './shared.ts';
import { aliasLine, definitionsLine, pageLine } from './text.ts';

const record = z.strictObject({
  id: z.string(),
  answers_for: answersFor,
  kind: z.enum(['account', 'person', 'opportunity']),
  name: outsideText.nullable(),
  domain: z.string().nullable(),
  email: outsideText.nullable(),
  account: z.strictObject({ id: z.string(), name: outsideText.nullable() }).nullable(),
  tier: z.string().nullable(),
  score: z.int().nullable(),
  heat: z.string().nullable(),
  scored_as_of: z.string().nullable().describe('null: never scored'),
  changed_at: z.string(),
  fields: z.record(z.string(), outsideValue).optional().describe('with response_format detailed'),
});

export const searchRecordsTool = defineTool({
  name: 'search_records',
  title: 'Search records',
  toolset: 'accounts',
  description: `Finds accounts, people or opportunities by text and filters, with tier, score and heat on file. Use it to list ("hot A-tier software accounts") or to get an id. For the whole of one account use get_account. Example: {"kind":"account","tier":"A","heat":"hot","where":{"field":"account.industry","eq":"software"}}`,
  input: searchRecordsInput.extend({
    query: searchRecordsInput.shape.query.describe('start of a name, domain or e-mail'),
    account: searchRecordsInput.shape.account.describe('of people, opportunities: id, domain or exact name'),
    where: searchRecordsInput.shape.where.describe('a rubric predicate; {"all":[…]} joins'),
    limit: pageSize,
    cursor: pageCursor,
    response_format: responseFormat,
  }),
  output: z.strictObject({ records: z.array(record), ...pageOutput, definitions: definitionRefs }),
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  async run(ctx, { response_format, ...input }) {
    const result = await searchRecords(ctx, input);
    return response_format === 'detailed' ? result : { ...result, records: result.records.map(({ fields: _, ...row }) => row) };
  },
  text(output, { kind }) {
    const rows = output.records.map((row) => {
      const whose = kind === 'account' ? [row.domain] : [row.email, row.account?.name ?? row.account?.id];
      const scored = kind === 'opportunity' ? [] : [row.tier, row.score];
      const heat = kind === 'account' ? [row.heat] : [];
      const fields = row.fields === undefined ? [] : [JSON.stringify(row.fields)];
      return [row.name, ...whose, ...scored, ...heat, row.changed_at.slice(0, 10), row.id, ...fields];
    });
    const head = [
      'name',
      ...(kind === 'account' ? ['domain'] : ['e-mail', 'account']),
      ...(kind === 'opportunity' ? [] : ['tier', 'score']),
      ...(kind === 'account' ? ['heat'] : []),
      'changed',
      'id',
      ...(output.records.some((row) => row.fields !== undefined) ? ['fields'] : []),
    ];
    const days = [...new Set(output.records.flatMap((row) => row.scored_as_of ?? []))].sort();
    return paragraphs(
      `${count(output.total, 'match', 'matches')}.`,
      table(head, rows),
      output.records.some((row) => row.answers_for !== undefined) &&
        bullets(output.records.flatMap(({ id, answers_for }) => (answers_for === undefined ? [] : [aliasLine(answers_for, id)]))),
      days.length > 0 && `Scored as of ${days.join(', ')}.`,
      pageLine(output.records.length, output.total, output.next_cursor),
      definitionsLine(output.definitions),
    );
  },
});
