import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readWorkspace } from '../../src/db/workspace.ts';
import { ensureWorkspace } from '../../src/definitions/ensure-workspace.ts';
import { saveDefinition } from '../../src/definitions/save-definition.ts';
import { shippedDefinitions } from '../../src/definitions/shipped.ts';
import { recordEngagement } from '../../src/engagement/record-engagement.ts';
import type { Database } from '../../src/kernel/database.ts';
import { auditPlaybook } from '../../src/playbook/audit-playbook.ts';
import { findPlays } from '../../src/playbook/find-plays.ts';
import { playbookResource } from '../../src/resources/playbook.ts';
import { rescoreRecords } from '../../src/scoring/rescore-records.ts';
import { auditPlaybookTool } from '../../src/tools/audit-playbook.ts';
import { findPlaysTool } from '../../src/tools/find-plays.ts';
import { type TestContext, testContext } from '../support/context.ts';
import { describeDatabases } from '../support/databases.ts';
import { addHandOffs } from '../support/hand-off-rows.ts';
import { importText } from '../support/imports.ts';

type Loose = Record<string, unknown>;

describeDatabases('find_plays', (open) => {
  let database: Database;
  let shipped: Loose;
  let ctx: TestContext;
  let workspaces = 0;

  beforeAll(async () => {
    database = await open();
    shipped = (await shippedDefinitions()).playbook as Loose;
  });
  beforeEach(async () => {
    workspaces += 1;
    ctx = testContext(database, { workspaceId: `p${workspaces}` });
    await ensureWorkspace(ctx);
    await importText(
      ctx,
      'accounts',
      'domain,name,industry,employees,country,target account\nacme.com,Acme,software,300,us,true\nsmall.example,Small,software,80,us,\n',
      { source: 'crm' },
    );
    await importText(ctx, 'people', 'email,name,seniority,department\nann@acme.com,Ann Lee,vp,sales\n', { source: 'crm' });
  });

  const visits = (type: string, n: number) =>
    recordEngagement(ctx, {
      source: 'web',
      events: Array.from({ length: n }, (_, i) => ({
        event_id: `${type} ${i}`,
        type,
        occurred_at: '2026-03-01T10:00:00Z',
        email: 'ann@acme.com',
      })),
    });
  const ids = (judged: readonly { play: { id: string } }[]) => judged.map(({ play }) => play.id);

  it('the plays that hold, and those that miss by one condition', async () => {
    const before = await findPlays(ctx, { record: 'acme.com' });
    expect(ids(before.playable)).toEqual(['quiet_target']);
    expect(before.near.find(({ play }) => play.id === 'champion_arrived')?.missing).toEqual([
      { condition: 'a champion who moved here in the last 60 days', isUnknown: false },
    ]);
    // not scored yet, no visit: two conditions short
    expect(ids(before.near)).not.toContain('pricing_surge');

    await visits('pricing_page', 3);
    const unscored = await findPlays(ctx, { record: 'acme.com' });
    expect(unscored.near.find(({ play }) => play.id === 'pricing_surge')?.missing).toEqual([
      { condition: 'tier is A or B', isUnknown: true },
    ]);
    await rescoreRecords(ctx, { scope: 'all' });
    const after = await findPlays(ctx, { record: 'acme.com' });
    expect(ids(after.playable)).toEqual(['pricing_surge', 'fits_and_silent', 'quiet_target']);
    expect(after.playable[0]?.met).toEqual([
      '3 or more pricing-page visits in the last 14 days',
      'account type is unknown',
      'tier is A or B',
    ]);
    expect(after).toMatchObject({ tier: 'A', segment: 'core', considered: 5 });
  });

  it('what to say: pains of the segment, the persona, the stage, the competitor, the objections of the situation', async () => {
    const playbook = structuredClone(shipped) as { objections: Loose[]; personas: Loose[] };
    playbook.objections.push({ id: 'only_in_house', objection: 'We built one.', answer: 'Ask for last month.', competitors: ['in_house'] });
    playbook.objections.push({ id: 'only_buyers', objection: 'Too dear.', answer: 'Show the cost.', roles: ['economic_buyer'] });
    await saveDefinition(ctx, { document: playbook });
    const person = await findPlays(ctx, { kind: 'person', record: 'ann@acme.com' });
    expect(person).toMatchObject({ role: 'economic_buyer', segment: 'core', talk: { persona: { label: 'Revenue leader' }, stage: null } });
    const said = (found: typeof person) => found.talk.objections.map(({ id }) => id);
    expect(said(person)).toContain('only_buyers');
    expect(said(person)).not.toContain('only_in_house');

    await importText(
      ctx,
      'opportunities',
      'Id,Name,StageName,account.domain,IsClosed,Main Competitor(s)\no1,Deal,Evaluation,acme.com,false,Scores built in the CRM\n',
      { source: 'salesforce' },
    );
    const [row] = await readWorkspace(ctx, (tx) => tx.query('select id::text from opportunity where workspace_id = $1', [ctx.workspaceId]));
    const deal = await findPlays(ctx, { kind: 'opportunity', record: (row as { id: string }).id });
    for (const record of ['o1', 'DEAL']) expect(await findPlays(ctx, { kind: 'opportunity', record })).toEqual(deal);
    expect(deal.talk).toMatchObject({ stage: { id: 'prove' }, competitor: { id: 'in_house' } });
    expect(deal.talk.track.map((one) => one.for)).toEqual(['Prove', 'Scores built in the CRM']);
    expect(deal.talk.assets).toContainEqual({ for: 'Prove', lines: ['Security papers', 'Integration guide'] });
    // an account and its people are where its open deal is
    for (const [kind, record] of [
      ['account', 'acme.com'],
      ['person', 'ann@acme.com'],
    ] as const)
      expect((await findPlays(ctx, { kind, record })).talk).toMatchObject({ stage: { id: 'prove' }, competitor: { id: 'in_house' } });
    expect(said(deal)).toContain('only_in_house');
    expect(ids(deal.playable)).toContain('no_next_step');
  });

  it('the tool tells all of it as text too', async () => {
    const input = findPlaysTool.input.parse({ record: 'acme.com' });
    const output = findPlaysTool.output.parse(await findPlaysTool.run(ctx, input));
    const text = findPlaysTool.text(output, input);
    expect(text).toContain('1 of 5 plays hold.');
    expect(text).toContain('A target account is silent (quiet_target, marketing): Warm up accounts that both teams want.');
    expect(text).toContain('A champion changed companies (champion_arrived): a champion who moved here in the last 60 days');
    for (const { objection } of output.talk.objections) expect(text).toContain(objection);
  });

  describe('a playbook of any size', () => {
    it('judges 200 plays of different conditions as it judges each alone', async () => {
      const plays = Array.from({ length: 200 }, (_, i) => ({
        id: `p${i}`,
        label: `Play ${i}`,
        purpose: 'x',
        owner: 'sales',
        steps: [{ do: 'x' }],
        when: {
          all: [
            { field: 'account.employees', range: { min: 200 + i } },
            { count: { types: ['pricing_page'], window_days: 1 + i }, range: { max: i % 5 } },
            ...(i % 3 === 0 ? [{ not: { field: 'account.country', eq: 'us' } }] : []),
          ],
        },
      }));
      await visits('pricing_page', 2);
      await saveDefinition(ctx, { document: { ...shipped, plays } });
      const found = await findPlays(ctx, { record: 'acme.com' });
      const expected = plays.filter((_, i) => 300 >= 200 + i && (i === 0 || 2 <= i % 5) && i % 3 !== 0).map(({ id }) => id);
      expect(ids(found.playable)).toEqual(expected);
      expect(found.considered).toBe(200);
    });

    it('none at all', async () => {
      await saveDefinition(ctx, { document: { kind: 'playbook' } });
      expect(await findPlays(ctx, { record: 'acme.com' })).toMatchObject({
        playable: [],
        near: [],
        considered: 0,
        talk: { objections: [], customer: null },
      });
    });
  });

  it('audit_playbook reads what deals were lost for, and which plays hold for nothing', async () => {
    await importText(
      ctx,
      'opportunities',
      'Id,Name,StageName,Loss Reason,Main Competitor(s)\no1,One,Closed Lost,Merger,Rival Ltd\no2,Two,Closed Lost,Merger,\no3,Three,Closed Won,Luck,\n',
      { source: 'salesforce' },
    );
    const input = auditPlaybookTool.input.parse({});
    const output = auditPlaybookTool.output.parse(await auditPlaybookTool.run(ctx, input));
    const told = output.gaps.map(({ what }) => what);
    expect(told.slice(0, 2)).toEqual([
      'Deals were lost with «Rival Ltd» as competitor (1), and the playbook does not name it.',
      'Deals were lost for «merger» (2), and no objection answers it.',
    ]);
    expect(told.filter((what) => what.startsWith('The play '))).toEqual(
      ['pricing_surge', 'champion_arrived', 'renewal_of_rival', 'fits_and_silent', 'decider_engaged', 'no_next_step'].map(
        (id) => `The play ${id} holds for no record today.`,
      ),
    );
    expect(output.coverage).toContainEqual({ area: 'opportunity_management', complete: 1, sections: 1, open: [] });
    for (const what of told) expect(auditPlaybookTool.text(output, input)).toContain(what);
    expect((await auditPlaybook(ctx, { section: 'competitors' })).gaps.map(({ section }) => section)).toEqual(['competitors']);
  });

  it('audit_playbook reads the codes that leads stand rejected with', async () => {
    const objections = (shipped.objections as Loose[]).filter(({ codes }) => !(codes as string[] | undefined)?.includes('QUAL-01'));
    await saveDefinition(ctx, { document: { ...shipped, objections } });
    const handed = new Date(ctx.now().getTime() - 86_400_000);
    const row = { handed, source: null, facts: {}, owner: 'o', stage: 'disqualified', disposed: handed };
    await addHandOffs(ctx, [
      { ...row, code: 'QUAL-01' },
      { ...row, code: 'QUAL-01' },
      { ...row, code: 'ENG-02' },
    ]);
    const { gaps } = await auditPlaybook(ctx, { section: 'objections' });
    expect(gaps.map(({ what }) => what)).toEqual(['Sales rejected leads for QUAL-01, no budget (2), and no objection answers it.']);
  });

  it('the sections are resources, and the experience is a diagram', async () => {
    expect(await playbookResource.read(ctx, { section: 'objections' })).toMatch(
      /^# objections\n\nplaybook v1 \(draft\) [0-9a-f]{64}\nKept by sales, last gone through 2026-11-02\.\n\n```yaml\n- id: too_small\n/,
    );
    expect(await playbookResource.read(ctx, { section: 'experience' })).toContain('```mermaid\nflowchart LR\n');
    expect(await playbookResource.complete?.section?.(ctx, 'p', {})).toEqual(['practices', 'personas', 'plays']);
    await expect(playbookResource.read(ctx, { section: 'x' })).rejects.toMatchObject({ code: 'not_found' });
  });

  it('audit_playbook holds deals of a play against the rest, on the day they were opened', async () => {
    await visits('pricing_page', 3);
    // of acme's deals those count that were opened after the visits; account type is what the end of a deal sets
    const deals = Array.from({ length: 60 }, (_, i) => {
      const account = i % 4 === 1 ? 'small.example' : 'acme.com';
      const opened = i % 4 === 3 ? '2026-02-01' : '2026-03-01';
      return `o${i},Deal ${i},${account},${opened},${(i % 2 === 0 ? i % 12 === 0 : i % 12 !== 1) ? 'Closed Lost' : 'Closed Won'}`;
    });
    await importText(ctx, 'opportunities', `Id,Name,account.domain,CreatedDate,StageName\n${deals.join('\n')}\n`, { source: 'salesforce' });
    await saveDefinition(ctx, {
      document: {
        ...shipped,
        plays: (shipped.plays as Loose[]).filter(({ id }) => id === 'pricing_surge').map(({ tiers: _, ...play }) => play),
      },
    });
    const { plays } = await auditPlaybook(ctx, { section: 'plays' });
    expect(plays).toEqual([
      {
        id: 'pricing_surge',
        kind: 'account',
        holds: 1,
        leftOut: ['account type is unknown'],
        deals: {
          held: { decided: 30, won: 25 },
          rest: { decided: 30, won: 5 },
          verdict: 'better',
          difference: { points: 66.7, low: 42.8, high: 79.9 },
        },
      },
    ]);
  });

  it('audit_playbook tells how far it is, and stops when nobody waits', async () => {
    const told: string[] = [];
    const progress = { report: (done: number, total: number | undefined) => void told.push(`${done} of ${total}`) };
    await auditPlaybook({ ...ctx, progress }, {});
    expect(told.at(-1)).toBe(`${told.length} of ${told.length}`);
    const stopped = new AbortController();
    const stopping = { report: () => stopped.abort() };
    await expect(auditPlaybook({ ...ctx, progress: stopping, signal: stopped.signal }, {})).rejects.toThrow();
  });

  it('says what is wrong with an input', async () => {
    await expect(findPlays(ctx, { record: '' })).rejects.toMatchObject({
      code: 'invalid_input',
      message: 'record must not be empty; found "".',
    });
    // @ts-expect-error a typing mistake, as a caller in plain JavaScript makes it
    await expect(auditPlaybook(ctx, { section: 'offers' })).rejects.toMatchObject({
      message: /^section .* \(did you mean offer\?\); found offers/,
    });
  });

  it('names what it cannot find', async () => {
    await expect(findPlays(ctx, { record: 'nobody.example' })).rejects.toMatchObject({ code: 'not_found', problems: [{ path: 'record' }] });
    await expect(findPlays(ctx, { kind: 'opportunity', record: 'x' })).rejects.toMatchObject({
      message: 'No opportunity has the id, id at its source or exact name x.',
      problems: [{ path: 'record' }],
    });
  });
});
