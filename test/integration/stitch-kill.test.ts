import { spawn } from 'node:child_process';
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, inject, it } from 'vitest';
import { openDatabase } from '../../src/db/client.ts';
import { readWorkspace, recordInWorkspace } from '../../src/db/workspace.ts';
import { ensureWorkspace } from '../../src/definitions/ensure-workspace.ts';
import { mergeNodes } from '../../src/identity/merge-nodes.ts';
import { stitchRecords } from '../../src/identity/stitch-records.ts';
import type { Database } from '../../src/kernel/database.ts';
import { childProgram } from '../support/child-program.ts';
import { testContext } from '../support/context.ts';
import { createPostgresDatabase } from '../support/databases.ts';
import { importDoublePeople } from '../support/double-people.ts';
import { derivedState } from '../support/identity-world.ts';
import { onceLeft } from '../support/owners.ts';
import { placeFolder, usePlace } from '../support/places.ts';
import { wrongProjections } from '../support/wrong-projections.ts';

/** Merges of two transactions, and more with those that are taken back. */
const PEOPLE = 420;
const WRONG = 120;

/** Stitches in a process of its own, which is killed as soon as it says that a first part is merged. */
function killedStitch(where: string, workspaceId: string): Promise<void> {
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, [childProgram('stitch'), where, workspaceId], { stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    child.stderr.on('data', (text) => {
      said += String(text);
    });
    child.stdout.on('data', (text) => {
      if (/person: [1-9]\d* of \d+ merged/.test(String(text))) child.kill('SIGKILL');
    });
    child.on('error', fail);
    child.on('close', (_code, signal) => (signal === 'SIGKILL' ? done() : fail(new Error(`it was through before it was killed: ${said}`))));
  });
}

async function peopled(db: Database, workspaceId: string): Promise<void> {
  const ctx = testContext(db, { workspaceId });
  await ensureWorkspace(ctx);
  await importDoublePeople(ctx, PEOPLE);
  // an earlier model took strangers for one
  const ids = (
    await readWorkspace(ctx, (tx) => tx.query('select id::text from person where workspace_id = $1 order by id', [workspaceId]))
  ).map(({ id }) => String(id));
  const merges = Array.from({ length: WRONG }, (_, i) => ({ nodes: ids.slice(2 * i, 2 * i + 2), decider: { by: 'model' as const } }));
  await recordInWorkspace(ctx, (tx, recordedAt) => mergeNodes(tx, ctx, 'person', merges, recordedAt));
}

/** What a workspace comes to when it is stitched from here on, without its name. */
async function stitchedState(db: Database, workspaceId: string) {
  const ctx = testContext(db, { workspaceId });
  const [before] = await readWorkspace(ctx, (tx) =>
    tx.query('select count(*)::int as merges from identity_decision where workspace_id = $1', [workspaceId]),
  );
  const { kinds } = await stitchRecords(ctx, {});
  const { import_run: _, ...tables } = await derivedState(ctx);
  const state = JSON.stringify(tables)
    .replaceAll(workspaceId, '')
    .replace(/\\"(import_id|believed_from)\\":\\"[^"]*\\",?/g, '');
  return {
    before: Number(before?.merges),
    after: kinds.person?.entitiesAfter,
    takenBack: kinds.person?.takenBack,
    state,
    wrong: await wrongProjections(ctx),
  };
}

function expectSame(cut: Awaited<ReturnType<typeof stitchedState>>, whole: typeof cut): void {
  expect(cut.before).toBeGreaterThan(WRONG);
  expect(whole.before).toBe(WRONG);
  expect(whole.takenBack).toBeGreaterThan(WRONG / 2);
  expect(cut.after).toBe(whole.after);
  expect(cut.state).toBe(whole.state);
  expect(cut.wrong).toEqual({});
}

describe('a stitching that is killed', () => {
  const place = usePlace('stitch-kill');

  it('ends like an undisturbed one when it is started again, in an embedded folder', async () => {
    const [cut, whole] = [await placeFolder(join(place(), 'cut')), join(place(), 'whole')];
    await onceLeft(cut, (db) => peopled(db, 'test'));
    await cp(cut, whole, { recursive: true });
    await killedStitch(cut, 'test');
    expectSame(await onceLeft(cut, (db) => stitchedState(db, 'test')), await onceLeft(whole, (db) => stitchedState(db, 'test')));
  }, 120_000);

  it.skipIf(inject('postgres') === undefined)(
    'and on PostgreSQL',
    async () => {
      const created = await createPostgresDatabase('migrated');
      const db = await openDatabase({ databaseUrl: created.url, dataDir: '' });
      try {
        for (const workspaceId of ['stitch-cut', 'stitch-whole']) await peopled(db, workspaceId);
        await killedStitch(created.url, 'stitch-cut');
        expectSame(await stitchedState(db, 'stitch-cut'), await stitchedState(db, 'stitch-whole'));
      } finally {
        await db.close();
        await created.drop();
      }
    },
    120_000,
  );
});
