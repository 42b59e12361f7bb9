import { z } from 'zod';
import { stitchRecords, stitchRecordsInput } from '../identity/stitch-records.ts';
import { count, paragraphs, table } from '../kernel/markdown.ts';
import { defineTool } from './define-tool.ts';
import { definitionRefs } from './shared.ts';
import { definitionsLine } from './text.ts';

const n = z.int().min(0);
const stitched = z.strictObject({
  records: n.describe('compared, each by what its own sources say'),
  before: n.describe('how many they counted as'),
  after: n,
  merges: n,
  taken_back: n.describe('merges of a model that are no longer found'),
  held_apart: n.describe('left, since a decision or a domain of their own holds them apart'),
  reviews: n.describe('pairs left to a person: list_match_reviews'),
  examples: z.array(z.strictObject({ id: z.string(), merged: z.array(z.string()), decision: z.string().nullable(), why: z.string() })),
});

const leads = z
  .strictObject({ asked: n, placed: n, released: n.describe('of no account any more') })
  .nullable()
  .describe('of whom the account may be another since accounts came or changed: placed are now of another');

const isRegrouped = ({ merges, taken_back }: z.infer<typeof stitched>) => merges > 0 || taken_back > 0;

const isChanged = ({ kinds, leads: placed }: { kinds: Record<string, z.infer<typeof stitched>>; leads: z.infer<typeof leads> }) =>
  Object.values(kinds).some(isRegrouped) || (placed !== null && placed.placed + placed.released > 0);

export const stitchRecordsTool = defineTool({
  name: 'stitch_records',
  title: 'Stitch records',
  toolset: 'identity',
  description: `Finds the accounts and people that are in the workspace more than once and merges them, each merge with its evidence, and takes back what a model merged and is not found any more; what people decided holds, and unmerge_record takes a merge back. Use it after imports, with preview first. Not for two records that somebody names (decide_match). Example: {"kinds":["person"],"preview":true}`,
  input: stitchRecordsInput,
  output: z.strictObject({ preview: z.boolean(), kinds: z.record(z.string(), stitched), leads, definitions: definitionRefs }),
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  async run(ctx, input) {
    const { preview, kinds, leads, definitions } = await stitchRecords(ctx, input);
    const shaped = Object.entries(kinds).map(([kind, one]) => {
      const examples = one.examples.map(({ entity, merged, decision, sentence }) => ({ id: entity, merged, decision, why: sentence }));
      const { nodes, entitiesBefore, entitiesAfter, merges, takenBack, heldApart, reviews } = one;
      const counts = { records: nodes, before: entitiesBefore, after: entitiesAfter, merges, taken_back: takenBack };
      return [kind, { ...counts, held_apart: heldApart, reviews, examples }] as const;
    });
    return { preview, kinds: Object.fromEntries(shaped), leads, definitions };
  },
  text: ({ preview, kinds, leads, definitions }) =>
    paragraphs(
      preview && 'A preview: nothing was merged.',
      ...Object.entries(kinds).map(([kind, one]) =>
        paragraphs(
          `${kind}: ${count(one.records, 'record')} counted as ${one.before.toLocaleString('en-US')}, ${preview ? 'would count' : 'count now'} as ${one.after.toLocaleString('en-US')}, by ${count(one.merges, 'merge')}${one.taken_back > 0 ? `, and ${count(one.taken_back, 'merge')} taken back` : ''}. Held apart: ${one.held_apart}. Left to a person: ${count(one.reviews, 'pair')} (list_match_reviews).`,
          one.examples.length > 0 &&
            table(
              ['id', 'merged into it', 'decision', 'why'],
              one.examples.map((example) => [example.id, example.merged.join(' '), example.decision, example.why]),
            ),
        ),
      ),
      leads !== null &&
        leads.asked > 0 &&
        `${count(leads.asked, 'lead')} asked about again, since accounts came or changed: ${leads.placed} belong to another now, ${leads.released} to none any more.`,
      !preview && isChanged({ kinds, leads }) && 'Call rescore_records with scope changed for the scores.',
      definitionsLine(definitions),
    ),
  changes: ({ preview, kinds, leads }) => (!preview && isChanged({ kinds, leads }) ? ['samepage://accounts/*'] : []),
  changesList: ({ preview, kinds: { account } }) => !preview && account !== undefined && isRegrouped(account),
});
