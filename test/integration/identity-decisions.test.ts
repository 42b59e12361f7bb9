import { expect, it } from 'vitest';
import { readWorkspace, recordInWorkspace } from '../../src/db/workspace.ts';
import { recordEngagement } from '../../src/engagement/record-engagement.ts';
import { decideMatch } from '../../src/identity/decide-match.ts';
import { identityView } from '../../src/identity/get-identity.ts';
import { getMatch } from '../../src/identity/get-match.ts';
import { mergeEntities } from '../../src/identity/merge-entities.ts';
import { mergeNodes } from '../../src/identity/merge-nodes.ts';
import { recordDecision } from '../../src/identity/record-decision.ts';
import { isInForce } from '../../src/identity/tell-decision.ts';
import { unmergeEntities } from '../../src/identity/unmerge-entities.ts';
import { repairProjections } from '../../src/records/repair-projections.ts';
import { suppressedIdentifiers } from '../../src/records/suppressed-identifiers.ts';
import { rescoreRecords } from '../../src/scoring/rescore-records.ts';
import type { TestContext } from '../support/context.ts';
import { describeDatabases } from '../support/databases.ts';
import { workspaceRows } from '../support/digest.ts';
import { happen, nodesOf } from '../support/identity-story.ts';
import { BY, keptWorld, MODEL, storyWorld } from '../support/identity-world.ts';
import { wrongProjections } from '../support/wrong-projections.ts';

async function decisionsInForceAbout(ctx: TestContext, record: string) {
  const { identity } = await getMatch(ctx, { record });
  return identity.decisions.filter((one) => one.verb !== 'withdrawn' && isInForce(one, identity.held.get(one.id)));
}

describeDatabases('decisions about records', (open) => {
  it('stay apart when that was decided, until a person decides otherwise', async () => {
    const { ctx } = await storyWorld(await open(), 5, 1);
    const [a = '', b = '', c = ''] = await nodesOf(ctx, 'person');
    const apart = await recordDecision(ctx, { kind: 'person', decision: BY, say: { verb: 'cannot_link', nodes: [a, b] } });
    expect(await recordDecision(ctx, { kind: 'person', decision: BY, say: { verb: 'cannot_link', nodes: [b, a] } })).toEqual({
      ...apart,
      withdrew: [],
    });
    await mergeEntities(ctx, { kind: 'person', nodes: [a, c], decision: MODEL });
    await expect(mergeEntities(ctx, { kind: 'person', nodes: [c, b], decision: MODEL })).rejects.toMatchObject({ code: 'conflict' });
    await expect(recordDecision(ctx, { kind: 'person', decision: BY, say: { verb: 'related', nodes: [a, c] } })).rejects.toMatchObject({
      code: 'conflict',
    });
    const merged = await mergeEntities(ctx, { kind: 'person', nodes: [c, b], decision: BY });
    const { groups, apart: kept } = await unmergeEntities(ctx, { kind: 'person', merge: merged.decision, decision: BY });
    expect(groups.map((group) => [...group].sort()).sort()).toEqual([[a, c].sort(), [b]].sort());
    expect(kept).toHaveLength(1);
    await expect(mergeEntities(ctx, { kind: 'person', nodes: [a, b], decision: MODEL })).rejects.toMatchObject({ code: 'conflict' });
    await expect(unmergeEntities(ctx, { kind: 'person', merge: merged.decision, decision: BY })).rejects.toMatchObject({
      code: 'conflict',
    });
    const phone = { kind: 'phone', value: '+15550100' };
    await recordDecision(ctx, { kind: 'person', decision: BY, say: { verb: 'suppressed', identifier: phone } });
    expect(await readWorkspace(ctx, (tx) => suppressedIdentifiers(tx, ctx, 'person'))).toEqual([phone]);
    ctx.advance(1000);
    await recordDecision(ctx, { kind: 'person', decision: BY, say: { verb: 'unsuppressed', identifier: phone } });
    expect(await readWorkspace(ctx, (tx) => suppressedIdentifiers(tx, ctx, 'person'))).toEqual([]);
  });

  it('of a person are kept beside a model’s that say the same, with their reason, and no model takes apart what they joined', async () => {
    const { ctx } = await storyWorld(await open(), 9, 1);
    const [a = '', b = '', c = '', d = ''] = await nodesOf(ctx, 'person');
    const { decision: merge } = await mergeEntities(ctx, { kind: 'person', nodes: [a, b], decision: MODEL });
    const match = (reason?: string) => decideMatch(ctx, { verdict: 'match', records: [a, b], ...(reason !== undefined && { reason }) });
    const word = await match('same desk');
    expect(word).toMatchObject({ merge, withdrew: [], entity: expect.any(String) });
    expect(word.decision).not.toBe(merge);
    expect(await match()).toEqual(word);
    expect(await match('same desk')).toEqual(word);
    const { identity, sentence } = await getMatch(ctx, { record: a });
    expect(identity.decisions).toMatchObject([
      { id: merge, verb: 'merged', decidedBy: 'model' },
      { id: word.decision, verb: 'must_link', decidedBy: 'person', evidence: { reason: 'same desk' } },
    ]);
    expect(sentence).toMatch(/merged by the model test 1 on .*; said to be one by a person on/);
    // another reason takes the place of the one before
    const better = await match('same desk, and she told us');
    expect(better.withdrew).toEqual([word.decision]);
    for (const what of [{ merge }, { nodes: [b] }])
      await expect(unmergeEntities(ctx, { kind: 'person', ...what, decision: MODEL })).rejects.toMatchObject({
        code: 'conflict',
        message: expect.stringContaining(better.decision),
      });
    // what a person merged is not a model's to take apart either; what a model merged is
    const { decision: own } = await decideMatch(ctx, { verdict: 'match', records: [c, d] });
    await expect(unmergeEntities(ctx, { kind: 'person', merge: own, decision: MODEL })).rejects.toMatchObject({ code: 'conflict' });
    const { decision: models } = await mergeEntities(ctx, { kind: 'person', nodes: [b, c], decision: MODEL });
    const { groups } = await unmergeEntities(ctx, { kind: 'person', merge: models, decision: MODEL, keep_apart: false });
    expect(groups.map((group) => [...group].sort()).sort()).toEqual([[a, b].sort(), [c, d].sort()].sort());
    // a person may, and takes the word back with it
    expect(await unmergeEntities(ctx, { kind: 'person', merge, decision: BY })).toMatchObject({ withdrew: [better.decision] });
    expect(await decisionsInForceAbout(ctx, a)).toMatchObject([{ verb: 'unmerged' }, { verb: 'cannot_link', decidedBy: 'person' }]);
    // so it is of what they hold apart: a person's word to a model's
    const said = { verb: 'cannot_link' as const, nodes: [a, c] as [string, string] };
    const apart = await recordDecision(ctx, { kind: 'person', decision: MODEL, say: said });
    const persons = await decideMatch(ctx, { verdict: 'no_match', records: [a, c], reason: 'father and son' });
    expect(persons.withdrew).toEqual([apart.decision]);
    expect((await recordDecision(ctx, { kind: 'person', decision: MODEL, say: said })).decision).toBe(persons.decision);
    expect(await wrongProjections(ctx)).toEqual({});
  });

  it('tell of a merge that was split what it holds still, seen from each of the parts', async () => {
    const { ctx } = await storyWorld(await open(), 8, 1);
    const [a = '', b = '', c = '', d = ''] = await nodesOf(ctx, 'person');
    const { decision: merge } = await mergeEntities(ctx, { kind: 'person', nodes: [a, b, c, d], decision: MODEL });
    const split = async (...nodes: string[]) =>
      (await unmergeEntities(ctx, { kind: 'person', nodes, decision: BY, keep_apart: false })).decision;
    const seenFrom = async (record: string) => {
      const { identity, sentence } = await getMatch(ctx, { kind: 'person', record });
      const hold = identity.held.get(merge);
      return { groups: hold?.groups.map((group) => [...group].sort()).sort(), splitBy: hold?.splitBy, sentence };
    };
    const first = await split(c, d);
    const halves = [[a, b].sort(), [c, d].sort()].sort();
    expect(await seenFrom(a)).toMatchObject({ groups: halves, splitBy: [first], sentence: expect.stringContaining('merged by the model') });
    const second = await split(d);
    for (const node of [a, c]) expect(await seenFrom(node)).toMatchObject({ groups: [[a, b].sort()], splitBy: [first, second] });
    expect((await seenFrom(c)).sentence).toContain('nothing is merged into it');
    const third = await split(b);
    expect(await seenFrom(a)).toMatchObject({ groups: [], splitBy: [first, second, third] });
    await expect(unmergeEntities(ctx, { kind: 'person', merge, decision: BY })).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining(`split already, by ${first}, ${second}, ${third}`),
    });
    // what a split leaves together is told by it
    await mergeEntities(ctx, { kind: 'person', nodes: [a, b], decision: MODEL });
    await mergeEntities(ctx, { kind: 'person', nodes: [b, c], decision: MODEL });
    await split(b);
    expect((await seenFrom(a)).sentence).toMatch(/2 ids count as one person.*: left together as others were unmerged by a person on/);
  });

  it('are whole or not at all, and writers that meet lose and double nothing', async () => {
    const { ctx } = await storyWorld(await open(), 11, 2);
    const people = await nodesOf(ctx, 'person');
    const before = await workspaceRows(ctx);
    await expect(
      recordInWorkspace(ctx, async (tx, recordedAt) => {
        await mergeNodes(tx, ctx, 'person', [{ nodes: people.slice(0, 4), decider: MODEL }], recordedAt);
        throw new Error('cut off');
      }),
    ).rejects.toThrow();
    expect(await workspaceRows(ctx)).toEqual(before);

    const calls = Array.from(
      { length: 12 },
      (_, i) => () => mergeEntities(ctx, { kind: 'person', nodes: people.slice(i, i + 2), decision: MODEL }),
    );
    await Promise.all([
      ...calls.map((call) => call()),
      ...calls.slice(0, 4).map((call) => call()),
      rescoreRecords(ctx, { scope: 'all' }),
      recordEngagement(ctx, {
        events: Array.from({ length: 20 }, (_, i) => ({
          event_id: `at once ${i}`,
          type: 'web_visit',
          occurred_at: ctx.now().toISOString(),
          email: `person${i}@company-${i % 12}.example`,
        })),
      }),
    ]);
    expect(await wrongProjections(ctx)).toEqual({});
    const [entity] = new Set(
      Object.entries((await keptWorld(ctx)).entityOf).flatMap(([node, of]) => (people.slice(0, 13).includes(node) ? [of] : [])),
    );
    const identity = await readWorkspace(ctx, (tx) => identityView(tx, ctx, 'person', String(entity)));
    expect(identity.nodes).toHaveLength(13);
    expect(identity.decisions).toHaveLength(12);
  }, 60_000);

  it('that were forged are found, and repaired from the decisions', async () => {
    const { ctx, told } = await storyWorld(await open(), 21, 2);
    for (const seed of [1, 2, 3, 4])
      await happen(ctx, told, { do: 'merge', kind: seed % 2 ? 'person' : 'account', nodes: [seed, seed + 3, seed + 7] });
    const right = await keptWorld(ctx);
    expect(await wrongProjections(ctx)).toEqual({});
    const forge = (text: string) => recordInWorkspace(ctx, (tx) => tx.query(text, [ctx.workspaceId]));
    await forge(
      'update person set merged_into = null where workspace_id = $1 and id = (select min(id::text)::uuid from person where workspace_id = $1 and merged_into is not null)',
    );
    await forge(
      `update identity_member set believed_to = believed_from + interval '1 ms' where workspace_id = $1 and kind = 'account' and believed_to is null`,
    );
    await forge(
      'update event set person_id = null, named_person_id = person_id where workspace_id = $1 and id = (select min(id::text)::uuid from event where workspace_id = $1 and person_id is not null and named_person_id is null and superseded_at is null)',
    );
    await forge(
      `update person set own_domain = 'forged' where workspace_id = $1 and id = (select min(id::text)::uuid from person where workspace_id = $1 and merged_into is null)`,
    );
    const wrong = await wrongProjections(ctx);
    expect(Object.keys(wrong)).toEqual(
      expect.arrayContaining(['account.merged_into', 'person.merged_into', 'event.account_id', 'person.fields']),
    );
    ctx.advance(1000);
    await repairProjections(ctx);
    expect(await wrongProjections(ctx)).toEqual({});
    expect(await keptWorld(ctx)).toEqual(right);
  });
});
