import { expect, it } from 'vitest';
import { deriveInWorkspace, readWorkspace, recordInWorkspace } from '../../src/db/workspace.ts';
import { ensureWorkspace } from '../../src/definitions/ensure-workspace.ts';
import { coverNodes } from '../../src/identity/cover-nodes.ts';
import { decideMatch } from '../../src/identity/decide-match.ts';
import { loadIndex, saveFitted } from '../../src/identity/identity-index.ts';
import { matchLead } from '../../src/identity/match-lead.ts';
import { importRecords } from '../../src/records/import-records.ts';
import { type TestContext, testContext } from '../support/context.ts';
import { describeDatabases } from '../support/databases.ts';

const SYLLABLES = ['ba', 'kel', 'lin', 'mor', 'nu', 'ras', 'sev', 'ti', 'vol', 'zug'];
const name = (i: number) => [i, i * 3 + 1, Math.floor(i / 10)].map((place) => SYLLABLES[place % 10]).join('');

async function importPeople(ctx: TestContext, from: number, to: number): Promise<void> {
  const rows = Array.from(
    { length: to - from },
    (_, i) => `p${from + i},${name(from + i)},${name(from + i + 7)}son,u${from + i}@corp${(from + i) % 9}.example`,
  );
  await importRecords(ctx, {
    kind: 'people',
    source: `crm${from}`,
    content: ['id,first,last,email', ...rows].join('\n'),
    mapping: { id: 'external_id', first: 'person.first_name', last: 'person.last_name', email: 'person.email' },
  });
}

/** People of whom no key is stored. */
async function uncovered(ctx: TestContext): Promise<number> {
  const [row] = await readWorkspace(ctx, (tx) =>
    tx.query(
      `select count(*)::int as n from person p where p.workspace_id = $1 and not exists (
         select 1 from block_key b where b.workspace_id = $1 and b.node_id = p.id)`,
      [ctx.workspaceId],
    ),
  );
  return Number(row?.n);
}

describeDatabases('the keys of nodes', (open) => {
  it('are stored slice by slice, whatever comes in between, and once', async () => {
    const ctx = testContext(await open(), { workspaceId: 'covered' });
    await ensureWorkspace(ctx);
    await importPeople(ctx, 0, 90);
    // an instant is cut in the middle
    expect(await coverNodes(ctx, { slices: 2, kinds: ['person'], sliceNodes: 40 })).toBe(80);
    await importPeople(ctx, 90, 130);
    await Promise.all([coverNodes(ctx, { sliceNodes: 25 }), importPeople(ctx, 130, 170), coverNodes(ctx, { sliceNodes: 30 })]);
    await coverNodes(ctx);
    expect(await uncovered(ctx)).toBe(0);
    expect(await coverNodes(ctx)).toBe(0);
    // a tick that changed no node leaves nothing to do
    await recordInWorkspace(ctx, async () => {});
    expect(await coverNodes(ctx)).toBe(0);
  });

  it('are not stored for who may not write, who finds by address all the same', async () => {
    const ctx = testContext(await open(), { workspaceId: 'reader' });
    await ensureWorkspace(ctx);
    await importPeople(ctx, 0, 20);
    const reader = { ...ctx, actor: { id: 'reader', scopes: new Set(['read'] as const) } };
    expect((await matchLead(reader, { email: 'u3@corp3.example' })).person).toMatchObject({ decision: 'match', rule: 'same_address' });
    expect(await uncovered(ctx)).toBe(20);
    expect((await matchLead(ctx, { email: 'u3@corp3.example' })).person).toMatchObject({ decision: 'match' });
    expect(await uncovered(ctx)).toBe(0);
  });

  it('are dropped and made anew when what they are made of has changed', async () => {
    const ctx = testContext(await open(), { workspaceId: 'versioned' });
    await ensureWorkspace(ctx);
    await importPeople(ctx, 0, 20);
    await coverNodes(ctx);
    const state = () =>
      readWorkspace(ctx, (tx) =>
        tx.query('select key, node_id::text from block_key where workspace_id = $1 order by key, node_id', [ctx.workspaceId]),
      );
    const before = await state();
    await recordInWorkspace(ctx, async (tx) => {
      await tx.query("update identity_index set key_version = '0' where workspace_id = $1", [ctx.workspaceId]);
      await tx.query('update block_key set key = key + 1 where workspace_id = $1', [ctx.workspaceId]);
    });
    await matchLead(ctx, { email: 'u3@corp3.example' });
    expect(await state()).toEqual(before);
  });

  it('and what is known of all nodes are those of now, though they are kept from call to call', async () => {
    const ctx = testContext(await open(), { workspaceId: 'kept' });
    await ensureWorkspace(ctx);
    await importPeople(ctx, 0, 20);
    await coverNodes(ctx);
    const index = () => readWorkspace(ctx, (tx) => loadIndex(tx, ctx));
    const first = await index();
    expect(await index()).toBe(first);
    expect(await index()).toBe(first);
    // what a stitching fitted moves no clock
    const fitted = { records: 20, prior: -4, weights: {} };
    await deriveInWorkspace(ctx, (tx) => saveFitted(tx, ctx, 'person', fitted));
    expect((await index()).people.fitted).toEqual(fitted);
    for (const verdict of ['suppress_identifier', 'allow_identifier'] as const) {
      // so that it is at hand, and asked whether it still is
      for (let i = 0; i < 3; i += 1) await index();
      ctx.advance(1000);
      await decideMatch(ctx, { kind: 'person', verdict, identifier: { kind: 'email', value: 'u3@corp3.example' } });
      const { suppressed } = await index();
      expect(suppressed.person.get('email')?.has('u3@corp3.example') ?? false).toBe(verdict === 'suppress_identifier');
      const { person } = await matchLead(ctx, { email: 'u3@corp3.example' });
      expect(person.rule === 'same_address').toBe(verdict === 'allow_identifier');
    }
    for (let i = 0; i < 3; i += 1) await index();
    ctx.advance(1000);
    await importPeople(ctx, 20, 40);
    expect((await index()).isBehind).toBe(true);
    for (let i = 0; i < 3; i += 1) await index();
    await coverNodes(ctx);
    expect((await index()).isBehind).toBe(false);
  });
});
