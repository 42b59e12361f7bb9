import { readWorkspace } from '../../src/db/workspace.ts';
import type { Context } from '../../src/kernel/context.ts';
import { compareProjections } from '../../src/records/compare-projections.ts';

/** Everything derived that is not what its logs give, by projection; all of it is looked at. */
export async function wrongProjections(ctx: Context): Promise<Record<string, string[]>> {
  return readWorkspace(ctx, async (tx) => {
    const wrong: Record<string, string[]> = {};
    for await (const one of compareProjections(tx, ctx, { most: Number.MAX_SAFE_INTEGER, start: '00000000-0000-0000-0000-000000000000' }))
      if (one.wrong.length > 0) wrong[one.projection] = one.wrong;
    return wrong;
  });
}
