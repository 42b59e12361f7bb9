import { beforeEach, expect, it } from 'vitest';
import { deriveInWorkspace, readWorkspace } from '../../src/db/workspace.ts';
import { readPredicate } from '../../src/definitions/core/predicate.ts';
import { truthSql } from '../../src/engagement/core/where-sql.ts';
import { segmentSql } from '../../src/handoff/core/segment-sql.ts';
import { segmentWhen } from '../../src/handoff/core/segments.ts';
import { decideSegmentRule } from '../../src/handoff/decide-segment-rule.ts';
import { listSegmentRules } from '../../src/handoff/list-segment-rules.ts';
import { proposeSegmentRules } from '../../src/handoff/propose-segment-rules.ts';
import { chanceFrom } from '../../src/kernel/chance.ts';
import { derivedId } from '../../src/kernel/ids.ts';
import { SqlParams } from '../../src/kernel/sql-params.ts';
import type { TestContext } from '../support/context.ts';
import { describeDatabases } from '../support/databases.ts';
import { addHandOffs, type HandOffRow } from '../support/hand-off-rows.ts';
import { importText, useWorkspaces } from '../support/imports.ts';

const DAY = 86_400_000;

describeDatabases('segment rules', (open) => {
  let ctx: TestContext;

  const fresh = useWorkspaces(open);
  beforeEach(async () => {
    ctx = await fresh();
  });

  /** Retail is rejected as too small, media for wrong territory; the rest hangs on nothing. */
  function quarter(leads: number, seed: number, rates = { retail: 0.6, media: 0.5 }): HandOffRow[] {
    const chance = chanceFrom(seed);
    const industries = ['software', 'banking', 'retail', 'media', 'energy'];
    return Array.from({ length: leads }, (_, i) => {
      const industry = industries[Math.floor(chance() * industries.length)] ?? null;
      const employees = chance() < 0.1 ? null : Math.floor(chance() ** 3 * 3000) + 1;
      const handed = new Date(ctx.now().getTime() - (1 + 80 * chance()) * DAY);
      const facts = { industry, size: employees, country: chance() < 0.5 ? 'us' : 'de', source: 'website' };
      const [planted, other] = [chance(), chance()];
      const elsewhere = other < 0.1 ? 'INT-01' : other < 0.15 ? 'FIT-01' : undefined;
      const code =
        industry === 'retail' && planted < rates.retail ? 'FIT-01' : industry === 'media' && planted < rates.media ? 'OWN-01' : elsewhere;
      const row = { handed, source: 'website', facts, owner: `owner-${i % 3}`, disposed: new Date(handed.getTime() + DAY) };
      return code === undefined ? { ...row, stage: 'accepted' } : { ...row, stage: code === 'OWN-01' ? 'mql' : 'disqualified', code };
    });
  }

  it('one code waits for a decision, the other applies at once, each with its evidence, and a week passes before the next look', async () => {
    const rows = quarter(600, 1);
    await addHandOffs(ctx, rows);
    const { compared, next, moves } = await proposeSegmentRules(ctx);
    expect([compared, next]).toEqual([true, '2026-03-09T09:00:00.000Z']);
    expect(moves.map(({ move, label, code }) => [move, label, code]).sort()).toEqual([
      ['apply', 'Industry: media', 'OWN-01'],
      ['propose', 'Industry: retail', 'FIT-01'],
    ]);
    const { rules, active } = await listSegmentRules(ctx);
    const retail = rows.filter(({ facts }) => facts.industry === 'retail');
    const count = (of: HandOffRow[], ...codes: (string | undefined)[]) => of.filter(({ code }) => codes.includes(code)).length;
    // a lead with another code tells nothing of this one
    const inside = { decided: count(retail, 'FIT-01', undefined), rejected: count(retail, 'FIT-01') };
    const all = { decided: count(rows, 'FIT-01', undefined), rejected: count(rows, 'FIT-01') };
    const [rule] = rules.filter(({ state }) => state === 'proposed');
    expect(rule).toMatchObject({ action: 'exclude', condition: { field: 'account.industry', eq: 'retail' }, changed_by: 'job' });
    expect(rule?.evidence).toMatchObject({
      segment: inside,
      rest: { decided: all.decided - inside.decided, rejected: all.rejected - inside.rejected },
      effect: {
        handed_off: retail.length,
        accepted: retail.filter(({ stage }) => stage === 'accepted').length,
        rejected: retail.length - count(retail, undefined),
        rejected_so: inside.rejected,
        won: 0,
      },
    });
    expect(rule?.evidence.q).toBeLessThanOrEqual(0.05);
    expect(active).toMatchObject([{ rule: 'reroute', because: 'OWN-01', since: '2026-03-02', sentence: 'industry is media' }]);
    expect([...(active[0]?.not ?? [])].sort()).toEqual(['owner-0', 'owner-1', 'owner-2']);

    ctx.advance(6 * DAY);
    expect(await proposeSegmentRules(ctx)).toMatchObject({ compared: false, next, moves: [] });
    ctx.advance(DAY);
    expect(await proposeSegmentRules(ctx)).toMatchObject({ compared: true, moves: [] });
  });

  it('nothing is proposed where nothing differs', async () => {
    await addHandOffs(ctx, quarter(600, 2, { retail: 0, media: 0 }));
    expect((await proposeSegmentRules(ctx)).moves).toEqual([]);
    expect((await listSegmentRules(ctx)).rules).toEqual([]);
  });

  it('the deals that a rule would have cost are those that were opened after a hand-off and won', async () => {
    const acme = derivedId('account', 'domain', 'acme.com');
    const deals = [
      [acme, 'closed_won', '2026-02-20'],
      [acme, 'closed_won', '2025-02-20'],
      [acme, 'closed_lost', '2026-02-20'],
      [derivedId('account', 'domain', 'bolt.com'), 'closed_won', '2026-02-20'],
    ];
    await deriveInWorkspace(ctx, async (tx) => {
      for (const [i, [account = '', stage, created_date]] of deals.entries())
        await tx.query(
          `insert into opportunity (workspace_id, id, account_id, fields, created_at, changed_at) values ($1, $2::uuid, $3::uuid, $4::text::jsonb, now(), now())`,
          [ctx.workspaceId, derivedId('opportunity', String(i)), account, JSON.stringify({ stage, created_date })],
        );
    });
    const rows = quarter(400, 3).map((row) =>
      row.facts.industry === 'retail' ? { ...row, handed: new Date('2026-02-01T12:00:00Z'), account: acme } : row,
    );
    await addHandOffs(ctx, rows);
    await proposeSegmentRules(ctx);
    const rule = (await listSegmentRules(ctx)).rules.find(({ code }) => code === 'FIT-01');
    expect(rule?.evidence.effect.won).toBe(1);
  });

  it('a person decides, once and in an order that makes sense; the log keeps all of it', async () => {
    await addHandOffs(ctx, quarter(600, 1));
    const { moves } = await proposeSegmentRules(ctx);
    const idOf = (code: string) => moves.find((one) => one.code === code)?.rule ?? '';
    const [fit, own] = [idOf('FIT-01'), idOf('OWN-01')];
    await expect(decideSegmentRule(ctx, { rule: fit, decision: 'decline' })).rejects.toMatchObject({
      code: 'invalid_input',
      problems: [{ path: 'reason' }],
    });
    await expect(decideSegmentRule(ctx, { rule: fit, decision: 'withdraw' })).rejects.toMatchObject({
      code: 'conflict',
      next: 'Decide one of accept, decline.',
    });
    await expect(decideSegmentRule(ctx, { rule: derivedId('no', 'rule'), decision: 'accept' })).rejects.toMatchObject({
      code: 'not_found',
      next: expect.stringContaining(fit),
    });
    expect(await decideSegmentRule(ctx, { rule: fit, decision: 'accept' })).toMatchObject({ was: 'proposed', state: 'in_force' });
    await expect(decideSegmentRule(ctx, { rule: fit, decision: 'accept' })).rejects.toMatchObject({ code: 'conflict' });
    expect(await decideSegmentRule(ctx, { rule: own, decision: 'withdraw', reason: 'a new team' })).toMatchObject({ state: 'removed' });
    expect((await listSegmentRules(ctx)).active.map(({ because }) => because)).toEqual(['FIT-01']);

    // what was withdrawn is not applied again, and only proposed after a quarter
    ctx.advance(7 * DAY);
    expect((await proposeSegmentRules(ctx)).moves).toEqual([]);
    ctx.advance(90 * DAY);
    await addHandOffs(ctx, quarter(600, 4), 'later');
    expect((await proposeSegmentRules(ctx)).moves).toMatchObject([{ code: 'OWN-01', move: 'propose' }]);

    // and a rule that stopped being true is proposed for removal
    ctx.advance(91 * DAY);
    await addHandOffs(ctx, quarter(600, 5, { retail: 0, media: 0 }), 'last');
    expect((await proposeSegmentRules(ctx)).moves.map(({ move, code }) => [move, code]).sort()).toEqual([
      ['doubt', 'FIT-01'],
      ['lapse', 'OWN-01'],
    ]);
    expect((await listSegmentRules(ctx)).active.map(({ because }) => because)).toEqual(['FIT-01']);
    await decideSegmentRule(ctx, { rule: fit, decision: 'withdraw' });
    expect((await listSegmentRules(ctx)).active).toEqual([]);
    const kinds = await readWorkspace(ctx, (tx) =>
      tx.query('select kind from segment_rule_event where workspace_id = $1 and rule_id = $2::uuid order by ordinal', [
        ctx.workspaceId,
        fit,
      ]),
    );
    expect(kinds.map(({ kind }) => kind)).toEqual(['propose', 'accept', 'doubt', 'withdraw']);
    const told = await readWorkspace(ctx, (tx) =>
      tx.query('select type from outbox_event where workspace_id = $1 and subject = $2 order by position', [ctx.workspaceId, fit]),
    );
    expect(told.map(({ type }) => type)).toEqual(['proposed', 'in_force', 'doubted', 'removed'].map((state) => `segment_rule.${state}`));
  });

  it('two that compare at once note it once', async () => {
    await addHandOffs(ctx, quarter(600, 1));
    const both = await Promise.all([proposeSegmentRules(ctx), proposeSegmentRules(ctx)]);
    expect(both.map(({ compared }) => compared).sort()).toEqual([false, true]);
    expect((await listSegmentRules(ctx)).rules).toHaveLength(2);
  });

  it('each value is of one segment, the one whose predicate holds for it', async () => {
    const sizes = [null, 0, 1, 49, 50, 51, 199, 200, 999, 1000, 5000, 123_456];
    const side = { id: 'size', label: 'Company size', field: 'account.employees', steps: [1, 50, 200, 1000, 5000] };
    const content = `domain,name,employees\n${sizes.map((n, i) => `c${i}.example,C${i},${n ?? ''}`).join('\n')}\n`;
    await importText(ctx, 'accounts', content, { source: 'salesforce' });
    const segments = [null, ...side.steps.map(String)];
    const fields = [{ name: 'account.employees', type: 'integer' as const, label: 'Employees' }];
    const params = new SqlParams();
    const scope = { params, workspaceId: ctx.workspaceId, kind: 'account', asOfDay: 0 } as const;
    const holding = segments.map((segment) => `(${truthSql(readPredicate(segmentWhen(side, segment, fields)), scope)}) is true`);
    const rows = await readWorkspace(ctx, (tx) =>
      tx.query(
        `select ${segmentSql(side, params)} as segment, to_json(array[${holding.join(', ')}]) as holds
         from (select r.*, jsonb_build_object('size', r.fields -> 'employees') as facts from account r where r.workspace_id = ${params.add(ctx.workspaceId)}) h
         cross join lateral (select h.fields) r`,
        params.values,
      ),
    );
    expect(rows).toHaveLength(sizes.length);
    for (const { segment, holds } of rows)
      expect((holds as boolean[]).flatMap((held, i) => (held ? [segments[i]] : []))).toEqual([segment]);
  });
});
