import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planMerges } from '../../src/identity/core/plan-merges.ts';
import { type GroupDecision, groupsFrom, mergesHeld, movesTo } from '../../src/records/core/identity-groups.ts';

const merged = (id: string, ...nodes: string[]): GroupDecision => ({ id, verb: 'merged', undoes: null, sides: [nodes, []] });
const undone = (id: string, undoes: string): GroupDecision => ({ id, verb: 'unmerged', undoes, sides: [[], []] });
const split = (id: string, staying: string[], leaving: string[]): GroupDecision => ({
  id,
  verb: 'unmerged',
  undoes: null,
  sides: [staying, leaving],
});
const groups = (...decisions: GroupDecision[]) =>
  groupsFrom(decisions)
    .map((group) => [...group].sort().join(''))
    .sort();

describe('the groups that decisions come to', () => {
  it('are the connected parts of the merges in force', () => {
    expect(groups(merged('1', 'a', 'b'), merged('2', 'c', 'd'), merged('3', 'b', 'c'))).toEqual(['abcd']);
    expect(groups(merged('1', 'a', 'b'), merged('2', 'b', 'c'), undone('3', '1'))).toEqual(['bc']);
    expect(groups(merged('1', 'a', 'b'), merged('2', 'a', 'b'), undone('3', '1'))).toEqual(['ab']);
    expect(groups(merged('1', 'a', 'a'))).toEqual([]);
  });

  it('of a split keep each side together, also where the other held it', () => {
    expect(groups(merged('1', 'a', 'b'), merged('2', 'b', 'c'), split('3', ['a', 'c'], ['b']))).toEqual(['ac']);
    expect(groups(merged('1', 'a', 'b', 'c', 'd'), split('2', ['a', 'b'], ['c', 'd']))).toEqual(['ab', 'cd']);
    expect(groups(merged('1', 'a', 'b', 'c', 'd'), split('2', ['a', 'b'], ['c', 'd']), undone('3', '1'))).toEqual([]);
    // what a merge still says is taken back with it, and no more
    expect(groups(merged('1', 'a', 'b'), merged('2', 'b', 'c'), split('3', ['a', 'b'], ['c']), undone('4', '1'))).toEqual([]);
    expect(groups(merged('1', 'a', 'b'), merged('2', 'b', 'c'), split('3', ['a', 'c'], ['b']), merged('4', 'b', 'c'))).toEqual(['abc']);
  });

  it('tell of each merge what it holds still, and what parted the rest', () => {
    const held = (...decisions: GroupDecision[]) => Object.fromEntries(mergesHeld(decisions));
    const merge = merged('1', 'a', 'b', 'c', 'd');
    expect(held(merge, split('2', ['a', 'b', 'd'], ['c']))).toMatchObject({ 1: { groups: [['a', 'b', 'd']], splitBy: ['2'] } });
    expect(held(merge, split('2', ['a', 'b'], ['c', 'd']), split('3', ['c'], ['d']))).toMatchObject({
      1: { groups: [['a', 'b']], splitBy: ['2', '3'] },
    });
    expect(held(merged('1', 'a', 'b'), split('2', ['a'], ['b']), merged('3', 'a', 'b'))).toEqual({
      1: { groups: [], splitBy: ['2'] },
      2: { groups: [], splitBy: [] },
      3: { groups: [['a', 'b']], splitBy: [] },
    });
    expect(held(merged('1', 'a', 'b'), merged('2', 'b', 'c'), split('3', ['a', 'c'], ['b']))).toMatchObject({
      3: { groups: [['a', 'c']] },
    });
    expect(held(merge, undone('2', '1'))).toMatchObject({ 1: { groups: [], splitBy: [] } });
  });

  it('hold together what their groups are', () => {
    const nodes = fc.uniqueArray(fc.constantFrom(...'abcdefgh'), { minLength: 2, maxLength: 5 });
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.constantFrom('merge', 'split', 'undo'), nodes, fc.nat()), { maxLength: 10 }), (story) => {
        const decisions: GroupDecision[] = [];
        for (const [what, some, at] of story) {
          const id = String(decisions.length);
          const group = groupsFrom(decisions).find((one) => one.includes(some[0] as string));
          const merges = decisions.filter(({ verb }) => verb === 'merged');
          const leaving = group?.filter((node) => some.includes(node)) ?? [];
          if (what === 'merge') decisions.push(merged(id, ...some));
          else if (what === 'undo' && merges.length > 0) decisions.push(undone(id, (merges[at % merges.length] as GroupDecision).id));
          else if (group !== undefined && leaving.length < group.length)
            decisions.push(
              split(
                id,
                group.filter((node) => !leaving.includes(node)),
                leaving,
              ),
            );
        }
        const holds = [...mergesHeld(decisions)].flatMap(([id, hold]) => hold.groups.map((group) => merged(id, ...group)));
        expect(groups(...holds)).toEqual(groups(...decisions));
      }),
      { seed: 20_261_123 },
    );
  });

  it('do not hang on the order of merges', () => {
    const nodes = fc.uniqueArray(fc.constantFrom(...'abcdefghij'), { minLength: 2, maxLength: 4 });
    fc.assert(
      fc.property(fc.array(nodes, { maxLength: 8 }), fc.infiniteStream(fc.nat()), (merges, chance) => {
        const decisions = merges.map((some, i) => merged(String(i), ...some));
        const shuffled = decisions.map((decision) => ({ decision, at: chance.next().value as number })).sort((a, b) => a.at - b.at);
        expect(groups(...shuffled.map((one) => one.decision))).toEqual(groups(...decisions));
      }),
      { seed: 20_260_302 },
    );
  });

  it('are stood for by their oldest node, of those the one with the least id', () => {
    const node = (id: string, createdAt: number, entityId = id) => ({ id, createdAt, entityId });
    expect(movesTo([['a', 'b', 'c']], [node('a', 2), node('b', 1), node('c', 1)])).toEqual([
      { node: 'a', from: 'a', to: 'b' },
      { node: 'c', from: 'c', to: 'b' },
    ]);
    expect(movesTo([], [node('a', 2, 'b'), node('b', 1)])).toEqual([{ node: 'a', from: 'b', to: 'a' }]);
  });
});

describe('merges that are planned', () => {
  const nodes = [...'abcd'].map((id, createdAt) => ({ id, createdAt, entityId: id }));

  it('leave out what would bring together what was decided to be apart', () => {
    const plan = planMerges(
      [
        ['a', 'b'],
        ['b', 'c'],
        ['c', 'd'],
      ],
      nodes,
      [{ decision: 'no', left: ['a'], right: ['c'] }],
    );
    expect(plan.forbiddenBy).toEqual([null, 'no', null]);
    expect(plan.moves).toEqual([
      { node: 'b', from: 'b', to: 'a' },
      { node: 'd', from: 'd', to: 'c' },
    ]);
  });

  it('move nobody when they are one already', () => {
    const one = nodes.map((node) => ({ ...node, entityId: 'a' }));
    expect(planMerges([['a', 'd']], one, [{ decision: 'no', left: ['a'], right: ['d'] }])).toMatchObject({
      forbiddenBy: [null],
      moves: [],
    });
  });
});
