import { beforeAll, beforeEach, expect, it } from 'vitest';
import { verifyAudit } from '../../src/db/verify-audit.ts';
import { readWorkspace } from '../../src/db/workspace.ts';
import { currentDefinition } from '../../src/definitions/current-definition.ts';
import { ensureWorkspace } from '../../src/definitions/ensure-workspace.ts';
import { getDefinition } from '../../src/definitions/get-definition.ts';
import { proposeDefinition } from '../../src/definitions/propose-definition.ts';
import { setTeamMember } from '../../src/definitions/set-team-member.ts';
import { shippedDefinitions } from '../../src/definitions/shipped.ts';
import { signDefinition } from '../../src/definitions/sign-definition.ts';
import type { Question } from '../../src/kernel/context.ts';
import type { Database } from '../../src/kernel/database.ts';
import { getScore } from '../../src/scoring/get-score.ts';
import { rescoreRecords } from '../../src/scoring/rescore-records.ts';
import { verifyScore } from '../../src/scoring/verify-score.ts';
import { type TestContext, testContext } from '../support/context.ts';
import { describeDatabases } from '../support/databases.ts';
import { importText } from '../support/imports.ts';
import { makeLeaders, sign, signBoth, willing } from '../support/leaders.ts';

type Loose = Record<string, unknown>;

describeDatabases('signing', (open) => {
  let database: Database;
  let shipped: Awaited<ReturnType<typeof shippedDefinitions>>;
  let ctx: TestContext;
  let workspaces = 0;

  beforeAll(async () => {
    database = await open();
    shipped = await shippedDefinitions();
  });
  beforeEach(async () => {
    workspaces += 1;
    ctx = testContext(database, { workspaceId: `s${workspaces}` });
    await ensureWorkspace(ctx);
    await makeLeaders(ctx);
  });

  const points = (value: number) => [{ path: 'criteria.pricing.events.points', value }];
  const propose = (value: number) => proposeDefinition(ctx, { kind: 'rubric', changes: points(value) });
  const current = () => readWorkspace(ctx, (tx) => currentDefinition(tx, ctx, 'rubric'));

  it('a draft in use is signed by both teams, and says draft until then', async () => {
    expect((await current()).status).toBe('draft');
    expect(await sign(ctx, { kind: 'rubric', team: 'sales' })).toMatchObject({ state: 'draft', signed: ['sales'], missing: ['marketing'] });
    expect((await current()).status).toBe('draft');
    expect(await sign(ctx, { kind: 'rubric', team: 'marketing' })).toMatchObject({ state: 'active', missing: [], activated: [] });
    expect((await current()).status).toBe('signed');
    expect((await getDefinition(ctx, { kind: 'rubric' })).signing.signatures.map(({ name }) => name)).toEqual(['Sam Ode', 'Mara Lind']);
  });

  it('attribution needs finance too; a team that does not sign a kind is refused', async () => {
    await sign(ctx, { kind: 'attribution', team: 'sales' });
    expect(await sign(ctx, { kind: 'attribution', team: 'marketing' })).toMatchObject({ state: 'draft', missing: ['finance'] });
    expect(await sign(ctx, { kind: 'attribution', team: 'finance' })).toMatchObject({ state: 'active' });
    await expect(sign(ctx, { kind: 'rubric', team: 'finance' })).rejects.toMatchObject({
      message: 'team: finance does not sign the rubric.',
    });
  });

  it('a proposal comes into use with the last signature, and not before', async () => {
    const before = await current();
    const proposed = await propose(9);
    expect(proposed).toMatchObject({ outcome: 'proposed', version: 2, previous: { hash: before.hash } });
    await sign(ctx, { kind: 'rubric', team: 'sales' });
    expect((await current()).hash).toBe(before.hash);
    expect((await getDefinition(ctx, { kind: 'rubric' })).signing.open).toMatchObject({ hash: proposed.hash, missing: ['marketing'] });
    expect(await sign(ctx, { kind: 'rubric', team: 'marketing' })).toMatchObject({ state: 'active', activated: [{ hash: proposed.hash }] });
    expect(await current()).toMatchObject({ hash: proposed.hash, status: 'signed' });
  });

  it('shows the person what changes, who has signed, and through whom they are asked', async () => {
    await signBoth(ctx, 'rubric');
    await proposeDefinition(ctx, { kind: 'rubric', changes: [...points(9), { path: 'criteria.champion' }] });
    await sign(ctx, { kind: 'rubric', team: 'marketing' });
    const asked: Question[] = [];
    await sign({ ...ctx, person: willing(undefined, asked) }, { kind: 'rubric', team: 'sales' });
    expect(asked[0]).toMatchObject({ title: 'Sign rubric v2 for sales?', names: ['Sam Ode'], word: 'sign' });
    expect(asked[0]?.text).toContain('Signed so far: Mara Lind for marketing.\nAsked to sign: sales, through test.');
    expect(asked[0]?.text).toContain('takes the place of v1 (signed).');
    expect(asked[0]?.text).toContain('\ncriteria.pricing.events.points: 6 → 9\n− criteria.champion: ');
  });

  it('nobody signs without a person: no one to ask, a no, someone else', async () => {
    await propose(9);
    const attempts = [
      [undefined, 'Only a person signs, and this client has no way to ask one.'],
      [{ way: 'terminal' as const, ask: async () => undefined }, 'Nobody who was asked agreed; nothing was signed.'],
      [willing('Mallory'), 'Mallory does not lead sales.'],
    ] as const;
    for (const [person, message] of attempts) {
      const asked = person === undefined ? ctx : { ...ctx, person };
      await expect(signDefinition(asked, { kind: 'rubric', team: 'sales' }, async () => {})).rejects.toMatchObject({
        code: 'permission_denied',
        message,
      });
    }
    expect((await getDefinition(ctx, { kind: 'rubric' })).signing.open?.missing).toEqual(['marketing', 'sales']);
    await setTeamMember(ctx, { team: 'sales', name: 'Sam Ode', role: 'none' });
    await expect(sign(ctx, { kind: 'rubric', team: 'sales' })).rejects.toMatchObject({
      message: 'The team sales has no leader who could sign.',
    });
  });

  it('refuses an outdated hash, a second signature of a team, and what changed while the leader read', async () => {
    const first = await propose(9);
    await sign(ctx, { kind: 'rubric', team: 'sales', hash: first.hash });
    await expect(sign(ctx, { kind: 'rubric', team: 'sales' })).rejects.toMatchObject({
      code: 'conflict',
      message: /has signed .* already/,
    });
    const second = await propose(10);
    await expect(sign(ctx, { kind: 'rubric', team: 'marketing', hash: first.hash })).rejects.toMatchObject({
      code: 'conflict',
      message: `rubric ${first.hash} is not open for signature; ${second.hash} is.`,
    });
    // an agent proposes another while the leader reads
    const whileReading = (happens: () => Promise<unknown>) => ({
      way: 'terminal' as const,
      async ask() {
        await happens();
        return 'Mara Lind';
      },
    });
    const slow = whileReading(() => propose(11));
    await expect(sign({ ...ctx, person: slow }, { kind: 'rubric', team: 'marketing' })).rejects.toMatchObject({ code: 'conflict' });
    // and proposes the same again for another day
    const later = whileReading(() => proposeDefinition(ctx, { kind: 'rubric', changes: points(11), active_from: '2026-04-01' }));
    await expect(sign({ ...ctx, person: later }, { kind: 'rubric', team: 'marketing' })).rejects.toMatchObject({
      message: 'The rubric v4 was proposed anew meanwhile.',
    });
    expect((await getDefinition(ctx, { kind: 'rubric' })).signing.open).toMatchObject({ version: 4, missing: ['marketing', 'sales'] });
  });

  it('two leaders at once, with proposals between: what is in use is signed by all or a draft', async () => {
    await signBoth(ctx, 'rubric');
    for (let round = 0; round < 6; round += 1) {
      await propose(20 + round);
      const steps = [
        sign(ctx, { kind: 'rubric', team: 'marketing' }),
        ...(round % 2 === 0 ? [propose(40 + round)] : []),
        sign(ctx, { kind: 'rubric', team: 'sales' }),
      ];
      await Promise.allSettled(steps);
      const { hash, status } = await current();
      const view = await getDefinition(ctx, { kind: 'rubric', hash });
      expect(status).toBe('signed');
      expect(view.signing.signatures.map(({ team }) => team).sort()).toEqual(['marketing', 'sales']);
      if (view.signing.open !== null) await proposeDefinition(ctx, { kind: 'rubric', withdraw: true });
    }
  });

  it('a signature that is taken back makes it a draft again, and both signing again signed', async () => {
    await signBoth(ctx, 'rubric');
    expect(await sign(ctx, { kind: 'rubric', team: 'sales', withdraw: true, reason: 'too many points' })).toMatchObject({
      state: 'draft',
      missing: ['sales'],
    });
    expect((await current()).status).toBe('draft');
    await expect(sign(ctx, { kind: 'rubric', team: 'sales', withdraw: true })).rejects.toMatchObject({ message: /has not signed/ });
    expect(await sign(ctx, { kind: 'rubric', team: 'sales' })).toMatchObject({ state: 'active' });
    const { history } = (await getDefinition(ctx, { kind: 'rubric' })).signing;
    expect(history.map(({ what }) => what)).toEqual([
      'signed for marketing by Mara Lind (terminal, test)',
      'signed for sales by Sam Ode (terminal, test)',
      'active by test',
      'signature taken back for sales by Sam Ode (terminal, test): too many points',
      'draft by test',
      'signed for sales by Sam Ode (terminal, test)',
      'active by test',
    ]);
  });

  it('comes into use on its day, by the next rescore', async () => {
    await proposeDefinition(ctx, { kind: 'rubric', changes: points(9), active_from: '2026-03-05' });
    expect(await signBoth(ctx, 'rubric')).toMatchObject({ state: 'signed', missing: [], activated: [] });
    await rescoreRecords(ctx, {});
    expect((await current()).version).toBe(1);
    ctx.setNow('2026-03-05T00:00:00.000Z');
    expect((await rescoreRecords(ctx, {})).definitions[0]).toMatchObject({ version: 2, status: 'signed' });
    await expect(proposeDefinition(ctx, { kind: 'rubric', changes: points(5), active_from: '2026-03-04' })).rejects.toMatchObject({
      message: 'active_from is in the past (found 2026-03-04).',
    });
  });

  it('a signed rubric is used by the next rescore, and old receipts verify under the old hash', async () => {
    await importText(ctx, 'accounts', 'domain,name,industry,employees\nacme.com,Acme,software,300\n', { source: 'crm' });
    await rescoreRecords(ctx, { scope: 'all' });
    const before = await getScore(ctx, { record: 'acme.com' });
    await proposeDefinition(ctx, { kind: 'rubric', changes: [{ path: 'criteria.industry.points', value: 3 }] });
    await signBoth(ctx, 'rubric');
    ctx.advance(86_400_000);
    await rescoreRecords(ctx, { scope: 'changed' });
    const after = await getScore(ctx, { record: 'acme.com' });
    expect(after.definitions[0]).toMatchObject({ kind: 'rubric', version: 2, status: 'signed' });
    expect(after.result.score).toBe(before.result.score - 17);
    expect(await verifyScore(ctx, { receipt: before.receipt })).toMatchObject({ outcome: 'reproduced' });
    expect(await verifyScore(ctx, { receipt: after.receipt })).toMatchObject({ outcome: 'reproduced' });
  });

  it('names the field, the value and what to do of an input that cannot be', async () => {
    const refusal = proposeDefinition(ctx, { kind: 'rubrik', changes: points(9) } as never);
    await expect(refusal).rejects.toMatchObject({
      code: 'invalid_input',
      message: /^kind must be one of icp, .*did you mean rubric\?.*; found rubrik\.$/,
      next: 'Correct kind and call propose_definition again; nothing was changed.',
    });
    await expect(sign(ctx, { kind: 'rubric', team: 'sales', hash: 'abc' })).rejects.toMatchObject({
      message: /^hash is wrong: the first 8 to 64 characters of a hash.*; found abc\.$/,
    });
    await expect(getDefinition(ctx, { kind: 'rubric', version: 0 })).rejects.toMatchObject({
      message: 'version must be at least 1; found 0.',
    });
  });

  it('names the change that breaks the document', async () => {
    const changes = [...points(9), { path: 'criteria.pricing.events.points', value: 'many' }];
    await expect(proposeDefinition(ctx, { kind: 'rubric', changes })).rejects.toMatchObject({
      code: 'invalid_input',
      next: 'Correct the change at "criteria.pricing.events.points", and give the changes again; nothing was proposed.',
    });
    // what is missing is missed elsewhere
    await expect(proposeDefinition(ctx, { kind: 'taxonomy', changes: [{ path: 'event_types.pricing_page' }] })).rejects.toMatchObject({
      next: expect.not.stringContaining('whole'),
    });
  });

  it('names what a change cannot find, and refuses what changes nothing', async () => {
    await expect(proposeDefinition(ctx, { kind: 'rubric', changes: [{ path: 'criteria.pricng.points', value: 1 }] })).rejects.toMatchObject(
      {
        code: 'invalid_input',
        message: /^changes: "criteria\.pricng\.points" leads nowhere at "pricng"; did you mean pricing\?/,
      },
    );
    await expect(propose(6)).rejects.toMatchObject({ code: 'conflict', message: /is the version that is in use: v1/ });
    await expect(proposeDefinition(ctx, { kind: 'icp', document: shipped.rubric as Loose })).rejects.toMatchObject({
      message: /^kind is not the document's/,
    });
    await expect(proposeDefinition(ctx, { kind: 'icp', withdraw: true })).rejects.toMatchObject({ message: 'No icp is proposed.' });
  });

  it('everything is in the audit chain, without a name', async () => {
    await propose(9);
    await signBoth(ctx, 'rubric');
    const rows = await readWorkspace(ctx, (tx) =>
      tx.query('select verb, detail from audit_entry where workspace_id = $1 order by seq', [ctx.workspaceId]),
    );
    expect(rows.map((row) => (row as { verb: string }).verb).slice(-3)).toEqual([
      'propose_definition',
      'sign_definition',
      'sign_definition',
    ]);
    expect(JSON.stringify(rows)).not.toMatch(/Mara|Sam|Fay/);
    expect((await verifyAudit(ctx)).broken).toBeUndefined();
  });
});
