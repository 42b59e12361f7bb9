import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ClusterMerge } from '../../../src/identity/core/cluster-merges.ts';
import { isSplit, regroupingsOf, type StaleMerge, sharedEntities, standingAfter } from '../../../src/identity/core/plan-regrouping.ts';
import { connectedParts, type GroupDecision } from '../../../src/records/core/identity-groups.ts';

const stale = (decision: string, ...nodes: string[]): StaleMerge => ({ decision, nodes, places: [] });
const merged = (id: string, ...nodes: string[]): GroupDecision => ({ id, verb: 'merged', undoes: null, sides: [nodes, []] });
const merge = (...nodes: string[]): ClusterMerge => ({ entities: nodes, nodes, evidence: { sentence: '', pairs: [] } });

describe('what a stitching does not find any more', () => {
  it('is looked for among entities of several nodes', () => {
    expect([...sharedEntities(['a', 'b', 'c', 'd'], ['a', 'a', 'c', 'a'])]).toEqual([['a', [0, 1, 3]]]);
    const clusters = new Map([
      ['a', 0],
      ['b', 0],
      ['c', 2],
    ]);
    const isApart = (...nodes: string[]) => isSplit(nodes, (node) => clusters.get(node));
    expect([isApart('a', 'b'), isApart('a', 'c'), isApart('a', 'unknown')]).toEqual([false, true, false]);
  });

  it('leaves what other merges say, under the entity where it is still there', () => {
    const nodes = ['a', 'b', 'c', 'd', 'e'].map((id) => ({ id, entityId: 'b' }));
    const decisions = [merged('1', 'b', 'a'), merged('2', 'b', 'c'), merged('3', 'c', 'd'), merged('4', 'a', 'e')];
    const left = (...takenBack: string[]) =>
      Object.fromEntries(
        standingAfter(
          nodes,
          decisions,
          takenBack.map((decision) => ({ decision })),
        ),
      );
    expect(left()).toEqual({ a: 'b', b: 'b', c: 'b', d: 'b', e: 'b' });
    expect(left('1')).toEqual({ a: 'a', b: 'b', c: 'b', d: 'b', e: 'a' });
    expect(left('1', '2', '4')).toEqual({ a: 'a', b: 'b', c: 'c', d: 'c', e: 'e' });
  });

  it('is taken back together with what is merged of the same entities, and with nothing else', () => {
    const entity = fc.constantFrom(...'abcdefghijkl');
    const some = fc.uniqueArray(entity, { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(fc.array(some, { maxLength: 6 }), fc.array(some, { maxLength: 6 }), (merges, ends) => {
        const [wanted, ended] = [merges.map((nodes) => merge(...nodes)), ends.map((nodes, i) => stale(String(i), ...nodes))];
        const parts = regroupingsOf(wanted, ended, (node) => node);
        expect(new Set(parts.flatMap((part) => part.merges))).toEqual(new Set(wanted));
        expect(new Set(parts.flatMap((part) => part.takenBack))).toEqual(new Set(ended));
        const touched = parts.map((part) => new Set([...part.merges, ...part.takenBack].flatMap(({ nodes }) => nodes)));
        expect(touched.reduce((sum, one) => sum + one.size, 0)).toBe(new Set([...merges, ...ends].flat()).size);
        const together = connectedParts([...merges, ...ends]).map((part) => part.sort().join(''));
        expect(touched.flatMap((one) => (one.size > 1 ? [...one].sort().join('') : [])).sort()).toEqual(together.sort());
      }),
      { seed: 20_261_123 },
    );
  });
});
