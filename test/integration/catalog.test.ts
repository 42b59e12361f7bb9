import { expect, test } from 'vitest';
import { recordInWorkspace } from '../../src/db/workspace.ts';
import { testContext } from '../support/context.ts';
import { describeDatabases } from '../support/databases.ts';

describeDatabases('catalog', (open) => {
  test('opens', async () => {
    const db = await open();
    const ctx = testContext(db);
    const at = await recordInWorkspace(ctx, async (_tx, recordedAt) => recordedAt);
    expect(at).toEqual(ctx.now());
  });
});
