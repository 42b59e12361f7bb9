import { expect, test } from 'vitest';
import { readWorkspace } from '../../src/db/workspace.ts';
import { lateWork } from '../../src/enrichment/late-work.ts';
import { addSaved, unwrittenSaved } from '../../src/enrichment/savings.ts';
import type { Database } from '../../src/kernel/database.ts';
import { newWorkspace } from '../support/context.ts';
import { describeDatabases } from '../support/databases.ts';

/** A database whose next writes are undone: as many as are put into `undone`, each with what is done meanwhile. */
function undoing(db: Database): { db: Database; undone: (() => void)[] } {
  const undone: (() => void)[] = [];
  const transaction: Database['transaction'] = (mode, run, options) => {
    const meanwhile = mode === 'write' ? undone.shift() : undefined;
    if (meanwhile === undefined) return db.transaction(mode, run, options);
    const cut = async (tx: Parameters<typeof run>[0]) => {
      await run(tx);
      meanwhile();
      throw new Error('undone');
    };
    return db.transaction(mode, cut, options);
  };
  return { db: { ...db, transaction }, undone };
}

describeDatabases('what kept answers saved', (open) => {
  test('is kept until it is written, whatever fails meanwhile', async () => {
    const { db, undone } = undoing(await open());
    const ctx = await newWorkspace(db);
    const written = async () => {
      const [row] = await readWorkspace(ctx, (tx) =>
        tx.query("select charged_micros::int as micros from spending where workspace_id = $1 and scope = 'saved'", [ctx.workspaceId]),
      );
      return row?.micros ?? 0;
    };
    const nothing = () => {};
    undone.push(nothing, () => addSaved(ctx, 20), nothing);
    addSaved(ctx, 1);
    await lateWork(db);
    expect(undone).toEqual([]);
    expect([await written(), unwrittenSaved(ctx)]).toEqual([0, 21]);
    // the next one takes it along
    addSaved(ctx, 300);
    await lateWork(db);
    expect([await written(), unwrittenSaved(ctx)]).toEqual([321, 0]);
  });
});
