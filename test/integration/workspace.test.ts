import { beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { verifyAudit } from '../../src/db/verify-audit.ts';
import { audit, deriveInWorkspace, readWorkspace, recordInWorkspace, requireScope } from '../../src/db/workspace.ts';
import type { Tx } from '../../src/kernel/database.ts';
import { testContext } from '../support/context.ts';
import { describeDatabases, type TestDatabase } from '../support/databases.ts';

const snapshotSchema = z.array(z.object({ known_at: z.coerce.date(), ticks: z.array(z.coerce.date()) })).max(1);

/** Something recorded at the tick: any table with `recorded_at` will do. */
const remember = (tx: Tx, workspaceId: string, recordedAt: Date) =>
  tx.query(`insert into definition_head (workspace_id, kind, recorded_at, hash, recorded_by) values ($1, 'k', $2::timestamptz, '', '')`, [
    workspaceId,
    recordedAt.toISOString(),
  ]);

describeDatabases('a workspace', (open) => {
  test('the knowledge clock moves forward at every write, though the clock stands or goes back', async () => {
    const ctx = testContext(await open());
    const tick = () => recordInWorkspace(ctx, async (_tx, recordedAt) => recordedAt.toISOString());
    expect(await tick()).toBe('2026-03-02T09:00:00.000Z');
    expect(await tick()).toBe('2026-03-02T09:00:00.001Z');
    ctx.setNow('2026-03-01T00:00:00.000Z');
    expect(await tick()).toBe('2026-03-02T09:00:00.002Z');
    ctx.setNow('2026-03-03T00:00:00.123Z');
    expect(await tick()).toBe('2026-03-03T00:00:00.123Z');
  });

  test('a write that fails does not tick', async () => {
    const ctx = testContext(await open());
    await recordInWorkspace(ctx, async () => {});
    await expect(
      recordInWorkspace(ctx, async () => {
        throw new Error('no');
      }),
    ).rejects.toThrow('no');
    await deriveInWorkspace(ctx, (tx) => tx.query('select 1'));
    expect(await recordInWorkspace(ctx, async (_tx, recordedAt) => recordedAt.toISOString())).toBe('2026-03-02T09:00:00.001Z');
  });

  test('whoever reads the clock sees all that was recorded up to it, and no later write adds to that', async () => {
    const db = await open();
    const ctx = testContext(db);
    let writing = true;
    const write = async (writer: number) => {
      for (let i = 0; i < 25; i += 1) {
        await recordInWorkspace(ctx, async (tx, recordedAt) => {
          if ((i + writer) % 3 === 0) await tx.query('select pg_sleep(0.003)');
          await remember(tx, ctx.workspaceId, recordedAt);
        });
      }
    };
    const snapshots: z.infer<typeof snapshotSchema> = [];
    const read = async () => {
      while (writing) {
        const rows = await readWorkspace(ctx, async (tx) => {
          const [clock] = await tx.query('select known_at from workspace where workspace_id = $1', [ctx.workspaceId]);
          const ticks = await tx.query('select recorded_at from definition_head where workspace_id = $1', [ctx.workspaceId]);
          return clock === undefined ? [] : [{ known_at: clock.known_at, ticks: ticks.map((row) => row.recorded_at) }];
        });
        snapshots.push(...snapshotSchema.parse(rows));
      }
    };
    const readers = [read(), read()];
    await Promise.all([write(0), write(1), write(2), write(3)]);
    writing = false;
    await Promise.all(readers);

    const rows = await readWorkspace(ctx, (tx) => tx.query('select recorded_at from definition_head order by recorded_at'));
    const all = z
      .array(z.object({ recorded_at: z.coerce.date() }))
      .parse(rows)
      .map((row) => row.recorded_at.getTime());
    expect(new Set(all).size).toBe(100);
    expect(snapshots.length).toBeGreaterThan(3);
    for (const { known_at, ticks } of snapshots) {
      const seen = ticks.map((tick) => tick.getTime()).sort((a, b) => a - b);
      expect(seen).toEqual(all.filter((tick) => tick <= known_at.getTime()));
    }
  });

  test('a read transaction writes nothing', async () => {
    const ctx = testContext(await open());
    await expect(readWorkspace(ctx, (tx) => remember(tx, 'test', ctx.now()))).rejects.toMatchObject({ code: '25006' });
  });

  test('an actor without the scope is refused', async () => {
    const ctx = testContext(await open(), { actor: { id: 'reader', scopes: new Set(['read'] as const) } });
    expect(() => requireScope(ctx, 'read')).not.toThrow();
    expect(() => requireScope(ctx, 'write')).toThrow(expect.objectContaining({ code: 'permission_denied' }));
  });
});

const swapped = (column: string) =>
  `update audit_entry set ${column} = (select o.${column} from audit_entry o where o.workspace_id = audit_entry.workspace_id and o.seq = 5 - audit_entry.seq)
   where workspace_id = 'test' and seq in (2, 3)`;

const TAMPERING: readonly (readonly [what: string, statements: readonly string[], broken: unknown])[] = [
  ['nothing', [], undefined],
  ['an edited detail', [`update audit_entry set detail = 'rows=9' where workspace_id = 'test' and seq = 3`], { seq: 3, reason: 'changed' }],
  [
    'an edited actor',
    [`update audit_entry set actor = 'someone else' where workspace_id = 'test' and seq = 1`],
    { seq: 1, reason: 'changed' },
  ],
  [
    'an edited time',
    [`update audit_entry set recorded_at = recorded_at + interval '1 ms' where workspace_id = 'test' and seq = 4`],
    { seq: 4, reason: 'changed' },
  ],
  ['a dropped entry', [`delete from audit_entry where workspace_id = 'test' and seq = 2`], { seq: 2, reason: 'missing' }],
  ['the first dropped', [`delete from audit_entry where workspace_id = 'test' and seq = 1`], { seq: 1, reason: 'missing' }],
  ['the last dropped', [`delete from audit_entry where workspace_id = 'test' and seq = 5`], { seq: 5, reason: 'missing' }],
  ['all dropped', [`delete from audit_entry where workspace_id = 'test'`], { seq: 1, reason: 'missing' }],
  ['two entries whose words were swapped', [swapped('detail')], { seq: 2, reason: 'changed' }],
  [
    'two entries that were swapped whole',
    [
      `update audit_entry set seq = 99 where workspace_id = 'test' and seq = 2`,
      `update audit_entry set seq = 2 where workspace_id = 'test' and seq = 3`,
      `update audit_entry set seq = 3 where workspace_id = 'test' and seq = 99`,
    ],
    { seq: 2, reason: 'out of order' },
  ],
  [
    'an entry put at the end',
    [
      `insert into audit_entry select workspace_id, 6, recorded_at, actor, verb, detail, hash, hash from audit_entry where workspace_id = 'test' and seq = 5`,
    ],
    { seq: 6, reason: 'unexpected' },
  ],
  [
    'the entry of another workspace',
    [
      `delete from audit_entry where workspace_id = 'test' and seq = 1`,
      `update audit_entry set workspace_id = 'test' where workspace_id = 'other' and seq = 1`,
    ],
    { seq: 1, reason: 'changed' },
  ],
];

describeDatabases('the audit chain', (open) => {
  let db: TestDatabase;
  beforeAll(async () => {
    db = await open();
  });

  test.each(TAMPERING.map((row, index) => [index, ...row] as const))('%i %s', async (index, _what, statements, broken) => {
    // one database for all, a pair of workspaces for each
    const named = (workspace: string) => `${workspace}-${index}`;
    const ctx = testContext(db, { workspaceId: named('test') });
    for (const workspaceId of [named('test'), named('other')]) {
      for (let i = 1; i <= 5; i += 1) {
        ctx.advance(1_000);
        await recordInWorkspace({ ...ctx, workspaceId }, (tx) => audit(tx, { ...ctx, workspaceId }, 'import_records', `rows=${i}`));
      }
    }
    await db.transaction('write', async (tx) => {
      for (const statement of statements) await tx.query(statement.replace(/'(test|other)'/g, (_, workspace) => `'${named(workspace)}'`));
    });
    const verdict = await verifyAudit(ctx);
    expect(verdict.broken).toEqual(broken);
    if (broken === undefined) expect(verdict.entries).toBe(5);
  });

  test('a client that names itself strangely is written down, and the chain holds', async () => {
    const ctx = testContext(db, {
      workspaceId: 'strange',
      actor: { id: 'mcp:\u0000\n\ud800"\u202e', scopes: new Set(['read', 'write'] as const) },
    });
    await recordInWorkspace(ctx, (tx) => audit(tx, ctx, 'import_records', ''));
    expect(await verifyAudit(ctx)).toEqual({ entries: 1, broken: undefined });
  });

  test('a workspace without entries is whole', async () => {
    expect(await verifyAudit(testContext(db, { workspaceId: 'empty' }))).toEqual({ entries: 0, broken: undefined });
  });
});
