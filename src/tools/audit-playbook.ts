import { z } from 'zod';
import { SECTIONS } from '../definitions/core/playbook.ts';
import { bullets, count, paragraphs, table } from '../kernel/markdown.ts';
import { auditPlaybook, auditPlaybookInput } from '../playbook/audit-playbook.ts';
import { interval } from '../playbook/core/data-gaps.ts';
import { PLAYED_ON } from '../playbook/core/plays.ts';
import { defineTool } from './define-tool.ts';
import { definitionRefs } from './shared.ts';
import { definitionsLine } from './text.ts';

const deals = z.strictObject({ decided: z.int(), won: z.int() });
const VERDICTS = { better: 'better', worse: 'worse', no_better: 'no better', too_little: 'too little data' } as const;
const METHOD =
  'Won rates of decided deals, those of which the play held on the day they were opened against the rest: difference in percentage points with its 95 % interval (Newcombe, from Wilson scores). “No better”: the interval rules out an advantage of more than 10 points. The interval is each play’s own; the verdicts are corrected for all plays compared (Benjamini and Hochberg, 5 %), so one whose interval leaves out 0 may still have too little data. No proof of cause.';

export const auditPlaybookTool = defineTool({
  name: 'audit_playbook',
  title: 'Audit the playbook',
  toolset: 'playbook',
  description: `What is missing or stale in the playbook, most important first: sections, segments, roles, stages, lost reasons and competitors without an answer, plays that hold for nothing or do not win more deals. Use it before a quarterly review. Not for one account (find_plays). Example: {"section":"objections"}`,
  input: auditPlaybookInput,
  output: z.strictObject({
    gaps: z.array(
      z.strictObject({ importance: z.int().describe('1 matters most'), section: z.enum(SECTIONS), what: z.string(), next: z.string() }),
    ),
    coverage: z.array(z.strictObject({ area: z.string(), complete: z.int(), sections: z.int(), open: z.array(z.string()) })),
    plays: z.array(
      z.strictObject({
        id: z.string(),
        kind: z.enum(PLAYED_ON).nullable(),
        holds: z.int().describe('records today'),
        verdict: z.enum(['better', 'worse', 'no_better', 'too_little']).nullable(),
        held: deals.nullable(),
        rest: deals.nullable(),
        difference: z.strictObject({ points: z.number(), low: z.number(), high: z.number() }).nullable(),
        left_out: z.array(z.string()).describe('conditions that a deal’s end sets'),
      }),
    ),
    method: z.string(),
    unseen: z.array(z.string()),
    definitions: definitionRefs,
  }),
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  async run(ctx, input) {
    const { plays, ...rest } = await auditPlaybook(ctx, input);
    return {
      ...rest,
      plays: plays.map(({ deals: compared, leftOut, ...play }) => ({
        ...play,
        verdict: compared?.verdict ?? null,
        held: compared?.held ?? null,
        rest: compared?.rest ?? null,
        difference: compared?.difference ?? null,
        left_out: leftOut,
      })),
      method: METHOD,
    };
  },
  text: ({ gaps, coverage, plays, method, unseen, definitions }) =>
    paragraphs(
      `${count(gaps.length, 'gap')}. Sections complete: ${coverage.map((one) => `${one.area.replaceAll('_', ' ')} ${one.complete} of ${one.sections}${one.open.length === 0 ? '' : ` (open: ${one.open.join(', ')})`}`).join(', ')}.`,
      gaps.length > 0 &&
        table(
          ['importance', 'section', 'what', 'next'],
          gaps.map((gap) => [gap.importance, gap.section, gap.what, gap.next]),
        ),
      plays.length > 0 &&
        table(
          ['play', 'holds today for', 'deals won with it', 'without', 'difference', 'verdict', 'left out'],
          plays.map(({ id, kind, holds, verdict, held, rest, difference, left_out }) => [
            id,
            kind === null
              ? 'nothing'
              : `${holds.toLocaleString('en-US')} ${kind === 'opportunity' ? 'opportunities' : kind === 'person' ? 'people' : 'accounts'}`,
            held && `${held.won} of ${held.decided}`,
            rest && `${rest.won} of ${rest.decided}`,
            difference && verdict && interval({ verdict, difference }),
            verdict === null ? 'cannot be compared' : VERDICTS[verdict],
            left_out.join('; '),
          ]),
        ),
      plays.length > 0 && method,
      `Not to be seen yet:\n${bullets(unseen)}`,
      definitionsLine(definitions),
    ),
});
