import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { readWorkspace } from '../../src/db/workspace.ts';
import { recordEngagement } from '../../src/engagement/record-engagement.ts';
import { SamepageError } from '../../src/kernel/errors.ts';
import { describeDatabases } from '../support/databases.ts';
import { workspaceDigest, workspaceRows } from '../support/digest.ts';
import { ACCOUNTS, EVENTS, importText, PEOPLE, peopleRows, stateOf, useWorkspaces } from '../support/imports.ts';

/** What each database held after the same imports. */
const held = new Map<string, Record<string, string[]>>();

describeDatabases('import', (open, dialect) => {
  const fresh = useWorkspaces(open);

  it('takes in accounts, people and events, and puts them together', async () => {
    const ctx = await fresh();
    expect((await importText(ctx, 'accounts', ACCOUNTS)).rows).toMatchObject({ read: 3, created: 3, bad: 0 });
    expect((await importText(ctx, 'people', PEOPLE)).rows).toMatchObject({ read: 3, created: 3 });
    expect((await importText(ctx, 'events', EVENTS)).rows).toMatchObject({ read: 4, created: 4 });
    const state = await stateOf(ctx);
    expect(state.accounts.map((a) => [a.domain, a.name])).toEqual([
      ['acme.com', 'Acme'],
      ['globex.com', 'Globex'],
      ['initech.co.uk', 'Initech Ltd'],
    ]);
    expect(state.accounts[1]?.fields).toMatchObject({ employees: 1500, country: 'us', industry: expect.stringMatching(/bank/) });
    expect(state.accounts[2]?.fields).toMatchObject({ employees: 10, country: 'gb' });
    expect(state.people.map((p) => [p.email, p.account, p.evidence])).toEqual([
      ['ada@acme.com', 'acme.com', 'domain'],
      ['bob@gmail.com', 'globex.com', 'record'],
      ['cy@unknown.org', null, null],
      ['new@globex.com', 'globex.com', 'domain'],
    ]);
    expect(state.events.map((e) => [e.external_id, e.account])).toEqual([
      ['E1', 'acme.com'],
      ['E2', 'initech.co.uk'],
      ['E3', 'globex.com'],
      ['E4', null],
    ]);
  });

  it('fills the tables', async () => {
    const ctx = await fresh({ workspaceId: 'same' });
    await importText(ctx, 'events', EVENTS);
    await importText(ctx, 'people', PEOPLE);
    await importText(ctx, 'people', `id,email,first name,title,account id\n${peopleRows(20).join('\n')}`, {}, { chunkRows: 6 });
    await importText(ctx, 'accounts', ACCOUNTS);
    held.set(dialect, await workspaceRows(ctx));
    expect(held.get(dialect)?.observation?.length).toBeGreaterThan(10);
  });

  it('changes nothing when the same file comes twice', async () => {
    const ctx = await fresh();
    for (const again of [false, true]) {
      const before = await workspaceDigest(ctx);
      const results = [
        await importText(ctx, 'accounts', ACCOUNTS),
        await importText(ctx, 'people', PEOPLE),
        await importText(ctx, 'events', EVENTS),
      ];
      ctx.advance(60_000);
      expect(results.map((result) => result.already_imported)).toEqual([again, again, again]);
      if (!again) continue;
      expect(results.map((result) => result.rows)).toEqual([
        expect.objectContaining({ read: 3, created: 0, updated: 0, unchanged: 3 }),
        expect.objectContaining({ read: 3, created: 0, updated: 0, unchanged: 3 }),
        expect.objectContaining({ read: 4, created: 0, updated: 0, unchanged: 4 }),
      ]);
      expect(await workspaceDigest(ctx)).toBe(before);
    }
  });

  it('leaves rows alone that are in already, in a file that is not the same', async () => {
    const ctx = await fresh();
    await importText(ctx, 'accounts', ACCOUNTS);
    await importText(ctx, 'events', EVENTS);
    const bookkeeping = ['import_run', 'source_mapping', 'workspace', 'audit_entry'];
    const before = await workspaceRows(ctx, { without: bookkeeping });
    ctx.advance(3_600_000);
    expect((await importText(ctx, 'accounts', `${ACCOUNTS}\n`)).rows).toMatchObject({ unchanged: 3, created: 0, updated: 0 });
    expect((await importText(ctx, 'events', `${EVENTS}\n\n`)).rows).toMatchObject({ unchanged: 4, created: 0, updated: 0 });
    expect(await workspaceRows(ctx, { without: bookkeeping })).toEqual(before);
  });

  describe('recorded engagement', () => {
    const event = { event_id: 'w1', type: 'pricing_page', occurred_at: '2026-02-20T10:00:00Z', email: 'ada@acme.com' };

    it('is idempotent by id, corrects, and makes the person', async () => {
      const ctx = await fresh();
      await importText(ctx, 'accounts', ACCOUNTS);
      const first = await recordEngagement(ctx, { events: [event, { ...event, event_id: 'w2', attributes: { url: '/pricing' } }] });
      expect(first).toMatchObject({ created: 2, corrected: 0, duplicates: 0 });
      expect(first.events[0]?.accountId).not.toBeNull();
      const before = await workspaceRows(ctx, { without: ['workspace'] });
      expect(await recordEngagement(ctx, { events: [event] })).toMatchObject({ created: 0, duplicates: 1 });
      expect(await workspaceRows(ctx, { without: ['workspace'] })).toEqual(before);
      expect(await recordEngagement(ctx, { events: [{ ...event, type: 'web_visit' }] })).toMatchObject({ corrected: 1 });
      expect((await stateOf(ctx)).events.map((e) => [e.external_id, e.type, e.account])).toEqual([
        ['w1', 'web_visit', 'acme.com'],
        ['w2', 'pricing_page', 'acme.com'],
      ]);
    });

    it('takes a batch whole or not at all', async () => {
      const ctx = await fresh();
      const before = await workspaceDigest(ctx);
      const error = await recordEngagement(ctx, { events: [event, { ...event, event_id: 'w2', type: 'nonsense' }] }).catch(
        (e: unknown) => e,
      );
      expect(error).toBeInstanceOf(SamepageError);
      expect((error as SamepageError).problems).toEqual([expect.objectContaining({ path: 'events[1].type', value: 'nonsense' })]);
      expect(await workspaceDigest(ctx)).toBe(before);
    });
  });

  it('records each change in the audit', async () => {
    const ctx = await fresh();
    await importText(ctx, 'accounts', ACCOUNTS, {}, { chunkRows: 2 });
    const entries = z
      .array(z.object({ verb: z.string(), detail: z.string() }))
      .parse(
        await readWorkspace(ctx, (tx) =>
          tx.query('select verb, detail from audit_entry where workspace_id = $1 order by seq', [ctx.workspaceId]),
        ),
      );
    const imports = entries.filter((entry) => entry.verb === 'import_records');
    expect(imports).toHaveLength(2);
    expect(JSON.stringify(imports)).not.toMatch(/acme|Acme/);
  });
});

describe('all databases', () => {
  it('hold the same rows after the same imports', () => {
    const [first, ...others] = held.values();
    expect(first).toBeDefined();
    for (const other of others) expect(other).toEqual(first);
  });
});
