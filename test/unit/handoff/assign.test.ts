import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Routing } from '../../../src/definitions/core/routing.ts';
import { assign, type Load } from '../../../src/handoff/core/assign.ts';

const ROUTING: Routing = {
  order: ['account_owner', 'territory', 'round_robin'],
  capacity: { open_leads: 3, per_day: 2 },
  territories: [
    { id: 'north', label: 'North', when: { field: 'account.country', in: ['us'] }, pool: 'americas' },
    { id: 'europe', label: 'Europe', when: { field: 'account.country', in: ['de'] }, pool: 'europe' },
  ],
  pools: [
    { id: 'americas', label: 'Americas', members: [] },
    {
      id: 'europe',
      label: 'Europe',
      members: [
        { owner: 'eva', calendar: 'london' },
        { owner: 'finn', open_leads: 1 },
      ],
    },
    { id: 'inbound', label: 'Inbound', members: [{ owner: 'ida' }, { owner: 'jon' }, { owner: 'kim' }] },
  ],
  otherwise: 'inbound',
};
const load = (open: number, today: number, last: number | null = 1): Load => ({ open, today, last });
const lead = ({ owner = null as string | null, territories = [] as string[], not = [] as string[] } = {}) => ({
  account_owner: owner,
  territories: new Set(territories),
  not: new Set(not),
});

describe('who gets a lead', () => {
  test.each<[string, ReturnType<typeof lead>, Record<string, Load>, Partial<ReturnType<typeof assign>>]>([
    [
      'the owner of its account',
      lead({ owner: 'zoe', territories: ['europe'] }),
      {},
      { owner: 'zoe', by: 'account_owner', pool: null, passed: [] },
    ],
    ['an owner with a calendar of their own', lead({ owner: 'eva' }), {}, { owner: 'eva', calendar: 'london' }],
    [
      'its territory, when the owner is full',
      lead({ owner: 'zoe', territories: ['europe'] }),
      { zoe: load(3, 0) },
      { owner: 'eva', by: 'territory', pool: 'europe', passed: ['zoe has 3 of 3 open leads'] },
    ],
    [
      'its territory, when the owner got enough today',
      lead({ owner: 'zoe', territories: ['europe'] }),
      { zoe: load(0, 2) },
      { owner: 'eva', passed: ['zoe got 2 of 2 leads today'] },
    ],
    [
      'the first territory that holds',
      lead({ territories: ['europe', 'north'] }),
      {},
      { owner: 'ida', by: 'round_robin', passed: ['its account has no owner', 'the pool americas has no members'] },
    ],
    ['whose turn it is', lead({ territories: ['europe'] }), { eva: load(0, 0, 50), finn: load(0, 0, 40) }, { owner: 'finn' }],
    ['by their own figures', lead({ territories: ['europe'] }), { eva: load(2, 0, 50), finn: load(1, 0, 40) }, { owner: 'eva' }],
    [
      'the pool for all others',
      lead(),
      { ida: load(0, 1, 9), jon: load(0, 1, 8) },
      { owner: 'kim', passed: ['its account has no owner', 'no territory holds for it'] },
    ],
    [
      'not who sent it on',
      lead({ owner: 'zoe', not: ['zoe', 'ida'] }),
      {},
      { owner: 'jon', passed: ['zoe sent it on', 'no territory holds for it'] },
    ],
    [
      'nobody, in the pool of its territory',
      lead({ territories: ['north'] }),
      { ida: load(3, 0), jon: load(3, 0), kim: load(0, 2) },
      { owner: null, by: null, pool: 'americas' },
    ],
    ['nobody, in the pool for all others', lead(), { ida: load(3, 0), jon: load(3, 0), kim: load(0, 2) }, { owner: null, pool: 'inbound' }],
  ])('%s', (_, asked, loads, expected) => {
    expect(assign(ROUTING, asked, new Map(Object.entries(loads)))).toMatchObject(expected);
  });

  test('a pool takes turns: whoever comes and goes, nobody with room is passed over for one who got a lead later', () => {
    const pool = ['ida', 'jon', 'kim'];
    fc.assert(
      fc.property(fc.array(fc.constantFrom('lead', 'lead', ...pool.map((owner) => `done ${owner}`)), { maxLength: 40 }), (steps) => {
        const loads = new Map<string, Load>();
        for (const [at, step] of steps.entries()) {
          const of = (owner: string) => loads.get(owner) ?? load(0, 0, null);
          if (step !== 'lead') {
            const owner = step.slice(5);
            loads.set(owner, { ...of(owner), open: Math.max(0, of(owner).open - 1), today: 0 });
            continue;
          }
          const { owner } = assign(ROUTING, lead(), loads);
          const free = pool.filter((one) => of(one).open < 3 && of(one).today < 2);
          if (owner === null) expect(free).toEqual([]);
          else {
            expect(free).toContain(owner);
            for (const other of free) expect(of(other).last ?? -1).toBeGreaterThanOrEqual(of(owner).last ?? -1);
            loads.set(owner, { open: of(owner).open + 1, today: of(owner).today + 1, last: at });
          }
        }
      }),
      { seed: 11, numRuns: 500 },
    );
  });
});
