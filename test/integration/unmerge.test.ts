import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readWorkspace } from '../../src/db/workspace.ts';
import { disposeMql } from '../../src/handoff/dispose-mql.ts';
import { handOffLead } from '../../src/handoff/hand-off-lead.ts';
import { verifyHandOffs } from '../../src/handoff/verify-hand-offs.ts';
import { decideMatch } from '../../src/identity/decide-match.ts';
import { mergeEntities } from '../../src/identity/merge-entities.ts';
import { unmergeEntities } from '../../src/identity/unmerge-entities.ts';
import { rescoreRecords } from '../../src/scoring/rescore-records.ts';
import { verifyReceipts } from '../../src/scoring/verify-receipts.ts';
import type { TestContext } from '../support/context.ts';
import { describeDatabases } from '../support/databases.ts';
import { happen, nodesOf } from '../support/identity-story.ts';
import { BY, derivedState, keptWorld, MODEL, storyWorld } from '../support/identity-world.ts';
import { wrongProjections } from '../support/wrong-projections.ts';

const RIGHT = { wrong: [], miscounted: 0, doubled: [] };
const handOffs = (ctx: TestContext) =>
  readWorkspace(ctx, (tx) => verifyHandOffs(tx, ctx, { most: 1000, start: '00000000-0000-0000-0000-000000000000' }));

describeDatabases('merges that are taken back', (open, dialect) => {
  it('are what they were before when the merges are taken back, in whatever order, scores too', async () => {
    const db = await open();
    const pairs = fc.array(fc.tuple(fc.constantFrom('account', 'person'), fc.uniqueArray(fc.nat(60), { minLength: 2, maxLength: 6 })), {
      minLength: 1,
      maxLength: 5,
    });
    await fc.assert(
      fc.asyncProperty(fc.nat(1_000_000), pairs, fc.nat(), fc.boolean(), async (seed, merges, shuffle, rescored) => {
        const { ctx } = await storyWorld(db, seed);
        await rescoreRecords(ctx, { scope: 'all' });
        const nodes = { account: await nodesOf(ctx, 'account'), person: await nodesOf(ctx, 'person') };
        // each of those who are merged may be with sales already
        for (const [i, person] of nodes.person.slice(0, 8).entries()) {
          const { id: handoff } = await handOffLead(ctx, { person, reason: 'asked for' });
          if (i % 3 > 0) await disposeMql(ctx, { handoff, decision: 'assign', owner: 'ana' });
          if (i % 3 > 1) await disposeMql(ctx, { handoff, decision: 'accept' });
        }
        const before = await derivedState(ctx);
        const made: { kind: 'account' | 'person'; merge: string }[] = [];
        for (const [kind, places] of merges) {
          ctx.advance(1000);
          const named = [...new Set(places.map((place) => nodes[kind][place % nodes[kind].length] as string))];
          if (named.length < 2) continue;
          const { decision } = await mergeEntities(ctx, { kind, nodes: named, decision: BY });
          made.push({ kind, merge: decision });
        }
        if (rescored) await rescoreRecords(ctx, { scope: 'changed' });
        expect(await wrongProjections(ctx)).toEqual({});
        expect(await handOffs(ctx)).toMatchObject(RIGHT);
        const order = [...new Map(made.map((one) => [one.merge, one])).values()];
        for (let at = shuffle; order.length > 0; at = at * 31 + 7) {
          ctx.advance(1000);
          const [one] = order.splice(at % order.length, 1);
          if (one !== undefined) await unmergeEntities(ctx, { ...one, decision: BY });
        }
        await rescoreRecords(ctx, { scope: 'changed' });
        expect(await derivedState(ctx)).toEqual(before);
        expect(await handOffs(ctx)).toMatchObject(RIGHT);
        expect(await readWorkspace(ctx, (tx) => verifyReceipts(tx, ctx, { which: 'all' }))).toMatchObject({ different: 0 });
      }),
      { numRuns: dialect === 'pglite' ? 4 : 8, seed: 20_260_303 },
    );
  }, 280_000);

  it('leave nothing behind: what came in while they were merged is as if they had never been', async () => {
    const db = await open();
    const places = fc.array(fc.tuple(fc.constantFrom('account', 'person'), fc.array(fc.nat(60), { minLength: 2, maxLength: 7 })), {
      minLength: 2,
      maxLength: 4,
    });
    await fc.assert(
      fc.asyncProperty(fc.nat(1_000_000), places, async (seed, merges) => {
        const worlds = [];
        for (const merging of [true, false]) {
          const { ctx, told } = await storyWorld(db, seed, 1);
          const begun = { account: await nodesOf(ctx, 'account'), person: await nodesOf(ctx, 'person') };
          const made = new Set<string>();
          const verdicts = new Set<string>();
          for (const [kind, chosen] of merges) {
            ctx.advance(1000);
            const nodes = [...new Set(chosen.map((place) => begun[kind][place % begun[kind].length] as string))];
            if (!merging || nodes.length < 2) continue;
            made.add(`${kind} ${(await mergeEntities(ctx, { kind, nodes, decision: BY })).decision}`);
            const [person, account] = [begun.person[chosen[0] as number], begun.account[chosen[1] as number]];
            if (person === undefined || account === undefined) continue;
            const verdict = kind === 'person' ? 'match' : 'no_match';
            const said = await decideMatch(ctx, { kind: 'lead', verdict, records: [person, account] });
            verdicts.add(said.decision);
            for (const one of said.withdrew) verdicts.delete(one);
          }
          for (let i = 1; i < 4; i += 1) await happen(ctx, told, { do: 'import', seed: seed + i });
          ctx.advance(1000);
          for (const decision of verdicts) await decideMatch(ctx, { verdict: 'withdraw', decision });
          for (const one of made) {
            const [kind, merge] = one.split(' ') as ['account' | 'person', string];
            await unmergeEntities(ctx, { kind, merge, decision: BY });
          }
          const state = await derivedState(ctx);
          delete state.import_run;
          worlds.push(
            JSON.parse(
              JSON.stringify(state)
                .replaceAll(ctx.workspaceId, '')
                .replace(/\\"import_id\\":\\"[^"]*\\",?/g, ''),
            ),
          );
        }
        expect(worlds[0]).toEqual(worlds[1]);
      }),
      { numRuns: dialect === 'pglite' ? 3 : 8, seed: 20_260_304 },
    );
  }, 280_000);

  it('are the same in whatever order they are merged', async () => {
    const db = await open();
    for (const seed of [1, 2]) {
      const worlds = [];
      for (const reversed of [false, true]) {
        const { ctx } = await storyWorld(db, seed);
        const people = await nodesOf(ctx, 'person');
        const accounts = await nodesOf(ctx, 'account');
        const merges = [
          ...[0, 1, 2, 5].map((i) => ({ kind: 'person' as const, nodes: people.slice(i, i + 3) })),
          ...[0, 1, 4].map((i) => ({ kind: 'account' as const, nodes: accounts.slice(i, i + 2) })),
        ];
        for (const merge of reversed ? merges.reverse() : merges) await mergeEntities(ctx, { ...merge, decision: MODEL });
        worlds.push(await keptWorld(ctx));
      }
      expect(worlds[1]).toEqual(worlds[0]);
    }
  }, 120_000);
});
