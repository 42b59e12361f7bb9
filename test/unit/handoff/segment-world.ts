import type { SegmentCount } from '../../../src/handoff/core/segment-tests.ts';

export interface World {
  /** How many values each side has. */
  sides: Readonly<Record<string, number>>;
  /** The share of leads that is rejected with each code. */
  codes: Readonly<Record<string, number>>;
}

interface Lead {
  values: number[];
  code: string | null;
}

interface Planted {
  side: string;
  segment: number;
  code: string;
  /** Of the segment's leads, rejected with the code. */
  share: number;
}

/** Leads whose sides hang together and whose fate hangs on none of them, but for what is planted. */
export function drawLeads({ sides, codes }: World, leads: number, chance: () => number, planted?: Planted): Lead[] {
  const names = Object.keys(sides);
  return Array.from({ length: leads }, () => {
    const kind = chance();
    // half of the time a side is given by what kind of company it is; low values are common
    const values = Object.values(sides).map((n) => Math.floor((chance() < 0.5 ? kind : chance()) ** 2 * n));
    const isPlanted = planted !== undefined && values[names.indexOf(planted.side)] === planted.segment;
    if (isPlanted && chance() < planted.share) return { values, code: planted.code };
    let left = chance();
    const code = Object.entries(codes).find(([, share]) => {
      left -= share;
      return left < 0;
    });
    return { values, code: code?.[0] ?? null };
  });
}

const accepted = (decided: number, given: readonly number[]) => given.reduce((left, n) => left - n, decided);

/** Every code in every segment against the rest, of the leads that were accepted or got the code. */
export function counted({ sides, codes }: World, leads: readonly Lead[]): SegmentCount[] {
  const names = Object.keys(codes);
  const tally = Object.values(sides).map((n) => Array.from({ length: n }, () => ({ decided: 0, given: names.map(() => 0) })));
  const given = names.map(() => 0);
  for (const { values, code } of leads) {
    const at = code === null ? -1 : names.indexOf(code);
    if (at >= 0) given[at] = (given[at] ?? 0) + 1;
    for (const [side, value] of values.entries()) {
      const cell = tally[side]?.[value];
      if (cell === undefined) throw new Error(`side ${side} has no value ${value}`);
      cell.decided += 1;
      if (at >= 0) cell.given[at] = (cell.given[at] ?? 0) + 1;
    }
  }
  return Object.keys(sides).flatMap((side, i) =>
    (tally[i] ?? []).flatMap(({ decided, given: inside }, value) =>
      names.map((code, at): SegmentCount => {
        const rejected = inside[at] ?? 0;
        const asked = accepted(decided, inside) + rejected;
        const all = accepted(leads.length, given) + (given[at] ?? 0);
        const rest = { decided: all - asked, rejected: (given[at] ?? 0) - rejected };
        return { code, side, segment: String(value), decided: asked, rejected, rest };
      }),
    ),
  );
}
