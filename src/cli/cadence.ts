import type { Register } from './deps.ts';

/** `samepage-mcp cadence due | held`. */
export const register: Register = (program, deps) => {
  const cadence = program.command('cadence').description('the reviews that both teams hold: due, held');
  cadence
    .command('due')
    .description('when each review is due, and what is overdue; exits with 1 when something is')
    .option('--json', 'print as JSON', false)
    .action(async ({ json }: { json: boolean }) => {
      const [{ listDueReviews }, { dueData, dueText }] = await Promise.all([
        import('../definitions/list-due-reviews.ts'),
        import('../definitions/core/due.ts'),
      ]);
      const { ctx, close } = await deps.openContext();
      try {
        const due = await listDueReviews(ctx);
        deps.out(json ? JSON.stringify(due.map(dueData), null, 2) : due.map((one) => `${one.id}  ${dueText(one)}`).join('\n'));
        if (due.some(({ overdueSince }) => overdueSince !== null)) process.exitCode = 1;
      } finally {
        await close();
      }
    });
  cadence
    .command('held')
    .description('record that a review was held; it counts for the week, month or quarter of its day')
    .argument('<review>', 'its id in the cadence')
    .option('--on <date>', 'the day on which it was held, YYYY-MM-DD; today when left out')
    .action(async (review: string, { on }: { on?: string }) => {
      const [{ holdReview }, { dueText }] = await Promise.all([
        import('../definitions/hold-review.ts'),
        import('../definitions/core/due.ts'),
      ]);
      const { ctx, close } = await deps.openContext({ write: true });
      try {
        deps.out(dueText(await holdReview(ctx, { review, ...(on === undefined ? {} : { on }) })));
      } finally {
        await close();
      }
    });
};
