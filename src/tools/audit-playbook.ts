import { z } from 'zod';
import { SECTIONS } from '../definitions/core/playbook.ts';
import { auditPlaybook, auditPlaybookInput } from '../playbook/audit-playbook.ts';
import { defineTool } from './define-tool.ts';
import { definitionRefs } from './shared.ts';
import { count, definitionsLine, paragraphs, table } from './text.ts';

export const auditPlaybookTool = defineTool({
  name: 'audit_playbook',
  title: 'Audit the playbook',
  toolset: 'playbook',
  description: `What is missing or stale in the playbook, most important first: sections, segments, roles, stages, lost reasons and competitors without an answer, plays that hold for nothing. Use it before a quarterly review. Not for one account (find_plays). Example: {"section":"objections"}`,
  input: auditPlaybookInput,
  output: z.strictObject({
    gaps: z.array(
      z.strictObject({ importance: z.int().describe('1 matters most'), section: z.enum(SECTIONS), what: z.string(), next: z.string() }),
    ),
    coverage: z.array(z.strictObject({ area: z.string(), complete: z.int(), sections: z.int() })),
    definitions: definitionRefs,
  }),
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  run: (ctx, input) => auditPlaybook(ctx, input),
  text: ({ gaps, coverage, definitions }) =>
    paragraphs(
      `${count(gaps.length, 'gap')}. Sections complete: ${coverage.map((one) => `${one.area.replaceAll('_', ' ')} ${one.complete} of ${one.sections}`).join(', ')}.`,
      gaps.length > 0 &&
        table(
          ['', 'section', 'what', 'next'],
          gaps.map((gap) => [gap.importance, gap.section, gap.what, gap.next]),
        ),
      definitionsLine(definitions),
    ),
});
