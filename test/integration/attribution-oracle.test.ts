import { beforeAll, expect, it } from 'vitest';
import type { CreditedRow, CreditInput } from '../../src/attribution/core/credited-row.ts';
import { creditedAmounts } from '../../src/attribution/credited.ts';
import { getAttribution } from '../../src/attribution/get-attribution.ts';
import { readWorkspace } from '../../src/db/workspace.ts';
import { recordEngagement } from '../../src/engagement/record-engagement.ts';
import { chanceFrom } from '../../src/kernel/chance.ts';
import { dayFromIso } from '../../src/kernel/dates.ts';
import { type AttributedWorld, importDeals, importWorld, inventWorld } from '../support/attributed-world.ts';
import { newWorkspace, type TestContext } from '../support/context.ts';
import { describeDatabases, type TestDatabase } from '../support/databases.ts';
import { importText } from '../support/imports.ts';
import { type PlainBy, type PlainModel, plainAttribution } from '../support/plain-attribution.ts';

const MODELS: PlainModel[] = [
  { type: 'linear' },
  { type: 'last_non_direct' },
  { type: 'time_decay', half_life_days: 7 },
  { type: 'weighted', weights: { first_touch: 30, lead_created: 30, opportunity_created: 30, others: 10 } },
  { type: 'weighted', weights: { first_touch: 22.5, lead_created: 22.5, opportunity_created: 22.5, closed_won: 22.5, others: 10 } },
  { type: 'weighted', weights: { first_touch: 50, last_touch: 50 } },
];
const SEEDS = [11, 12];
const [FROM, TO] = ['2025-12-15', '2026-02-20'];
const period = `${FROM}..${TO}`;

/** What the first database answered, by seed. */
const answers = new Map<number, unknown>();

describeDatabases('attribution of random worlds', (open) => {
  let db: TestDatabase;
  const worlds = new Map<number, { ctx: TestContext; world: AttributedWorld }>();

  beforeAll(async () => {
    db = await open();
    for (const seed of SEEDS) {
      const ctx = await newWorkspace(db);
      const world = inventWorld(chanceFrom(seed));
      await importWorld(ctx, world);
      worlds.set(seed, { ctx, world });
    }
  });

  const credited = (ctx: TestContext, asked: Pick<CreditInput, 'conversion' | 'by'> & { model: CreditInput['model'] & object }) =>
    readWorkspace(ctx, (tx) => creditedAmounts(tx, ctx, { ...asked, from: dayFromIso(FROM), to: dayFromIso(TO) + 1 }));

  it('credits what the plain reckoning does, and exactly the opportunities', async () => {
    for (const { ctx, world } of worlds.values())
      for (const conversion of ['opportunity_created', 'closed_won'] as const)
        for (const [i, model] of MODELS.entries()) {
          const by = (['channel', 'source', 'campaign', 'period'] as const)[i % 4] as PlainBy;
          const rows = await credited(ctx, { conversion, model, by: [by] });
          const plain = plainAttribution(world, { conversion, from: FROM, to: TO, model, by });
          const deals = [...plain.values()].reduce((sum, one) => sum + one.deals, 0);
          for (const row of rows) {
            const key = `${row.currency ?? ''}|${row.untouched ? 'untouched ' : ''}${row[by] ?? ''}`;
            const due = plain.get(key) ?? { deals: 0, cents: 0 };
            // each deal is rounded by less than one unit
            expect(Math.abs(row.millionths / 1e6 - due.deals), key).toBeLessThan((deals + 1) / 1e6);
            expect(Math.abs(row.cents - due.cents), key).toBeLessThan(deals + 1);
            plain.delete(key);
          }
          for (const [key, { deals: left, cents }] of plain) expect([Math.round(left * 1e4), Math.round(cents / 100)], key).toEqual([0, 0]);
          expect(sums(rows)).toEqual(sumsOf(world, conversion));
        }
  });

  it('says the same whatever the order of the rows, on both databases', async () => {
    for (const [seed, { ctx, world }] of [...worlds].slice(0, 1)) {
      const chance = chanceFrom(seed);
      const other = await newWorkspace(db);
      await importWorld(other, world, (rows) =>
        rows
          .map((row) => [chance(), row] as const)
          .sort(([a], [b]) => a - b)
          .map(([, row]) => row),
      );
      for (const by of ['channel', 'source'] as const) {
        const [mine, theirs] = [
          await getAttribution(ctx, { period, by, compare: ['all'] }),
          await getAttribution(other, { period, by, compare: ['all'] }),
        ];
        expect(JSON.stringify(theirs.lines)).toBe(JSON.stringify(mine.lines));
        expect(JSON.stringify([theirs.totals, theirs.notes])).toBe(JSON.stringify([mine.totals, mine.notes]));
        const kept = answers.get(seed * 2 + Number(by === 'source')) ?? JSON.stringify(mine.lines);
        answers.set(seed * 2 + Number(by === 'source'), kept);
        expect(JSON.stringify(mine.lines)).toBe(kept);
      }
    }
  });

  it('what was known at an instant is credited as it was credited then', async () => {
    const { ctx, world } = worlds.get(SEEDS[0] as number) as { ctx: TestContext; world: AttributedWorld };
    const asked = [
      { period, by: 'channel' },
      { period, by: 'source', conversion: 'closed_won' },
    ] as const;
    const before = [];
    for (const one of asked) before.push(await getAttribution(ctx, { ...one, compare: ['all'] }));
    const known_at = before[0]?.known_at ?? '';
    for (const [i, one] of asked.entries()) {
      const { lines, totals } = await getAttribution(ctx, { ...one, compare: ['all'], known_at });
      expect({ lines, totals }).toEqual({ lines: before[i]?.lines, totals: before[i]?.totals });
    }
    ctx.advance(3_600_000);
    // a late touch, a corrected one, people who moved and are known otherwise, and deals that changed
    const [first] = world.events;
    const email = world.people[0]?.email ?? '';
    await recordEngagement(ctx, {
      source: 'web',
      events: [{ event_id: 'late', type: 'webinar', occurred_at: '2026-01-05T10:00:00Z', email }],
    });
    await importText(ctx, 'events', `event_id,type,occurred_at,email\n${first?.id},call,2026-01-06T10:00:00Z,${email}\n`);
    const moved = world.people.map((p, i) => `P${i},${p.email},A${(p.account + 1) % 6},Partner,Later,2026-01-01`);
    const observed_at = '2026-03-02T09:30:00Z';
    await importText(ctx, 'people', `lead id,email,account id,lead source,campaign,created\n${moved.join('\n')}\n`, { observed_at });
    const changed = world.deals.map((deal) => ({ ...deal, cents: 100, won: true, closed: '2026-02-01' }));
    await importDeals(ctx, changed, undefined, observed_at);
    for (const [i, one] of asked.entries()) {
      const { lines, totals } = await getAttribution(ctx, { ...one, compare: ['all'], known_at });
      expect({ lines, totals }).toEqual({ lines: before[i]?.lines, totals: before[i]?.totals });
      const today = await getAttribution(ctx, { ...one, compare: ['all'] });
      expect(today.totals).not.toEqual(totals);
      const now = await getAttribution(ctx, { ...one, compare: ['all'], as_of: ctx.now().toISOString() });
      expect([now.lines, now.totals]).toEqual([today.lines, today.totals]);
    }
  });
});

/** Deals and cents of each currency. */
function sums(rows: readonly CreditedRow[]): Record<string, [number, number]> {
  const found: Record<string, [number, number]> = {};
  for (const { currency, millionths, cents } of rows) {
    const [deals, amount] = found[currency ?? ''] ?? [0, 0];
    found[currency ?? ''] = [deals + millionths, amount + cents];
  }
  return found;
}

function sumsOf({ deals }: AttributedWorld, conversion: 'opportunity_created' | 'closed_won'): Record<string, [number, number]> {
  const converted = deals.flatMap((deal) => {
    const day = conversion === 'closed_won' ? (deal.won === true ? deal.closed : null) : deal.created;
    const currency = deal.currency?.toLowerCase() ?? null;
    return day !== null && day >= FROM && day <= TO ? [{ currency, untouched: false, millionths: 1_000_000, cents: deal.cents ?? 0 }] : [];
  });
  return sums(converted);
}
