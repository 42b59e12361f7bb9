import { expect, test } from 'vitest';
import { readWorkspace } from '../../src/db/workspace.ts';
import { goesOn, lateWork } from '../../src/enrichment/late-work.ts';
import { NO_PROGRESS } from '../../src/kernel/context.ts';
import { workspaceOn } from '../../src/open-workspace.ts';
import { describeDatabases } from '../support/databases.ts';

const turns = async (count: number) => {
  for (let i = 0; i < count; i += 1) await new Promise((turn) => setImmediate(turn));
};

describeDatabases('what goes on after an answer', (open) => {
  test('is waited for when its workspace is closed, with what it begins, and however it ends', async () => {
    const db = await open();
    const workspace = await workspaceOn(db, 'late', () => new Date());
    const ctx = workspace.context({
      actor: { id: 'test', scopes: new Set(['read']) },
      progress: NO_PROGRESS,
      signal: new AbortController().signal,
    });
    const said: string[] = [];
    const written = async (what: string) => {
      await turns(5);
      await readWorkspace(ctx, (tx) => tx.query('select 1'));
      said.push(what);
    };
    goesOn(db, Promise.reject(new Error('of nobody')));
    goesOn(
      db,
      written('first').then(() => goesOn(db, written('what it began'))),
    );
    await workspace.close();
    expect(said).toEqual(['first', 'what it began']);
    // nothing goes on: nobody waits
    await lateWork(db);
  });

  test('is waited for no longer than is said', async () => {
    const db = await open();
    goesOn(db, new Promise(() => {}));
    await lateWork(db, 10);
  });
});
