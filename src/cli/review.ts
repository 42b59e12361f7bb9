import type { CliDeps, Register } from './deps.ts';
import { inContext } from './in-context.ts';

interface Options {
  period?: string;
  out?: string;
  freeze: boolean;
  reason?: string;
  json: boolean;
}

const KINDS = [
  ['weekly', 'the hand-offs of a week, as 2026-W47'],
  ['monthly', 'the performance of a month, as 2026-11'],
  ['quarterly', 'the ICP refresh of a quarter, as 2026-Q4'],
] as const;

/** `samepage-mcp review weekly | monthly | quarterly | due`. */
export const register: Register = (program, deps) => {
  const review = program
    .command('review')
    .description('reviews as documents, to read, write to a folder and freeze: weekly, monthly, quarterly, due');
  for (const [kind, what] of KINDS)
    review
      .command(kind)
      .description(`${what}: the page on stdout, or with --out files`)
      .option('--period <period>', 'which; the last whole one when left out')
      .option('--out <folder>', 'write the page (Markdown), its data (JSON) and its plots (SVG) there')
      .option('--freeze', 'publish its figures first: they stay, and later runs show the difference', false)
      .option('--reason <text>', 'why it is published again, of one that is frozen and came out otherwise')
      .option('--json', 'its data as one JSON object', false)
      .action((options: Options) => printReview(deps, kind, options));
  review
    .command('due')
    .description('the last whole period of each review: is it frozen, and when its meeting is due')
    .option('--json', 'print as JSON', false)
    .action(async ({ json }: { json: boolean }) => {
      const [{ listDueDocuments }, { dueDocumentData, dueDocumentText }] = await Promise.all([
        import('../review/list-reviews.ts'),
        import('../review/core/due-document.ts'),
      ]);
      const due = await inContext(deps, false, listDueDocuments);
      deps.out(json ? JSON.stringify(due.map(dueDocumentData), null, 2) : due.map(dueDocumentText).join('\n'));
    });
};

async function printReview(deps: CliDeps, kind: (typeof KINDS)[number][0], options: Options): Promise<void> {
  const { period, out, freeze, reason, json } = options;
  const [{ freezeReviewTool }, { answer }, { getReview }, { viewData, viewMarkdown }, { writeReview }, { neutralText }] = await Promise.all(
    [
      import('../tools/freeze-review.ts'),
      import('./print-tool.ts'),
      import('../review/get-review.ts'),
      import('../review/view-markdown.ts'),
      import('../review/write-review.ts'),
      import('../server/neutralise.ts'),
    ],
  );
  const named = { kind, ...(period !== undefined && { period }) };
  await inContext(deps, freeze, async (ctx) => {
    if (freeze) {
      const said = await answer(freezeReviewTool, { ...named, ...(reason !== undefined && { reason }) }, ctx, false);
      // with --json stdout is one object
      (json ? deps.err : deps.out)(said);
    }
    const { view, files } =
      out === undefined ? { view: await getReview(ctx, named), files: [] } : await writeReview(ctx, { ...named, folder: out });
    if (json) deps.out(JSON.stringify(viewData(view), null, 2));
    else deps.out(out === undefined ? neutralText(viewMarkdown(view)) : `Written: ${files.join(', ')}`);
  });
}
