import { z } from 'zod';
import { readWorkspace, requireScope } from '../db/workspace.ts';
import type { Context } from '../kernel/context.ts';
import { parseInput } from '../kernel/parse-input.ts';

const completeAccountInput = z.strictObject({
  /** What was typed so far. */
  typed: z.string().max(300),
});

const rowSchema = z.array(z.object({ value: z.string() }));
const MOST = 101;

/**
 * The domains of accounts that begin with what was typed, in order; one more than a client takes, so that it can tell.
 * @throws SamepageError `invalid_input` for what no domain begins with
 */
export async function completeAccount(ctx: Context, given: z.input<typeof completeAccountInput>): Promise<string[]> {
  requireScope(ctx, 'read');
  const { typed } = parseInput(completeAccountInput, given, 'completion/complete');
  const prefix = typed
    .trim()
    .toLowerCase()
    .replace(/[\\%_]/g, '\\$&');
  const rows = await readWorkspace(ctx, (tx) =>
    tx.query(
      `select distinct d.domain as value from account_domain d
       where d.workspace_id = $1 and d.believed_to is null and d.domain like $2 order by d.domain limit ${MOST}`,
      [ctx.workspaceId, `${prefix}%`],
    ),
  );
  return rowSchema.parse(rows).map((row) => row.value);
}
