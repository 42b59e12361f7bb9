/** Plain ways to the same credits, written from the definitions alone: exact fractions, every removal solved anew, every order walked. */

/** An exact number. */
export interface Fraction {
  n: bigint;
  d: bigint;
}

export const fraction = (n: bigint | number, d: bigint | number = 1): Fraction => {
  let [a, b] = [BigInt(n), BigInt(d)];
  if (b < 0n) [a, b] = [-a, -b];
  let [x, y] = [a < 0n ? -a : a, b];
  while (y !== 0n) [x, y] = [y, x % y];
  return x === 0n ? { n: 0n, d: 1n } : { n: a / x, d: b / x };
};
const add = (a: Fraction, b: Fraction) => fraction(a.n * b.d + b.n * a.d, a.d * b.d);
const minus = (a: Fraction, b: Fraction) => fraction(a.n * b.d - b.n * a.d, a.d * b.d);
const times = (a: Fraction, b: Fraction) => fraction(a.n * b.n, a.d * b.d);
const over = (a: Fraction, b: Fraction) => fraction(a.n * b.d, a.d * b.n);
export const toNumber = ({ n, d }: Fraction) => Number((n * 10n ** 20n) / d) / 1e20;

export interface PlainPath {
  path: string[];
  conversions: number;
  nulls: number;
}

/** Chance that a path converts when a channel is replaced by an end without conversion. */
function chance(paths: readonly PlainPath[], order: number, removed: string | undefined): Fraction {
  const flows = new Map<string, Map<string, number>>();
  const flow = (from: string, to: string, count: number) => {
    const row = flows.get(from) ?? new Map<string, number>();
    flows.set(from, row.set(to, (row.get(to) ?? 0) + count));
  };
  for (const { path, conversions, nulls } of paths) {
    if (path.length === 0 || conversions + nulls === 0) continue;
    const states = path.map((_, i) => JSON.stringify(order === 1 ? [path[i]] : [path[i - 1] ?? null, path[i]]));
    const whole = ['start', ...states];
    for (let i = 1; i < whole.length; i += 1) flow(whole[i - 1] as string, whole[i] as string, conversions + nulls);
    const last = whole.at(-1) as string;
    if (conversions > 0) flow(last, 'won', conversions);
    if (nulls > 0) flow(last, 'lost', nulls);
  }
  const isRemoved = (state: string) => removed !== undefined && state.startsWith('[') && JSON.parse(state).at(-1) === removed;
  const states = [...flows.keys()].filter((state) => !isRemoved(state));
  const index = new Map(states.map((state, i) => [state, i]));
  // (I − Q) x = r, by Gauss and Jordan
  const rows = states.map((state, i) => {
    const row = flows.get(state) as Map<string, number>;
    const total = [...row.values()].reduce((sum, count) => sum + count, 0);
    const line = Array.from({ length: states.length + 1 }, (_, j) => fraction(i === j ? 1 : 0));
    for (const [to, count] of row) {
      const j = to === 'won' ? states.length : index.get(to);
      if (j === undefined) continue;
      const part = fraction(count, total);
      line[j] = j === states.length ? add(line[j] as Fraction, part) : minus(line[j] as Fraction, part);
    }
    return line;
  });
  for (let k = 0; k < rows.length; k += 1) {
    const found = rows.findIndex((row, i) => i >= k && row[k]?.n !== 0n);
    [rows[k], rows[found]] = [rows[found] as Fraction[], rows[k] as Fraction[]];
    const pivot = (rows[k] as Fraction[]).map((value) => over(value, (rows[k] as Fraction[])[k] as Fraction));
    rows[k] = pivot;
    for (const [i, row] of rows.entries()) {
      const factor = row[k] as Fraction;
      if (i !== k && factor.n !== 0n) rows[i] = row.map((value, j) => minus(value, times(factor, pivot[j] as Fraction)));
    }
  }
  const start = index.get('start');
  return start === undefined ? fraction(0) : ((rows[start] as Fraction[])[states.length] as Fraction);
}

/** By channel, removal effect and credit, exactly. */
export function plainMarkov(paths: readonly PlainPath[], order: number): Map<string, { effect: Fraction; credit: Fraction }> {
  const counted = paths.filter(({ path, conversions, nulls }) => path.length > 0 && conversions + nulls > 0);
  const channels = [...new Set(counted.flatMap(({ path }) => path))];
  const all = chance(counted, order, undefined);
  const zero = fraction(0);
  const effects = channels.map((channel) => (all.n === 0n ? zero : minus(fraction(1), over(chance(counted, order, channel), all))));
  const sum = effects.reduce(add, zero);
  const conversions = fraction(counted.reduce((total, one) => total + one.conversions, 0));
  return new Map(
    channels.map((channel, i) => {
      const effect = effects[i] as Fraction;
      return [channel, { effect, credit: sum.n === 0n ? zero : times(conversions, over(effect, sum)) }];
    }),
  );
}

/** Mean contribution of each channel over every order of the channels, where a set is worth the conversions of the paths within it. */
export function plainShapley(paths: readonly PlainPath[]): Map<string, number> {
  const channels = [...new Set(paths.flatMap(({ path }) => path))];
  const worth = (set: ReadonlySet<string>) =>
    paths.reduce((sum, { path, conversions }) => sum + (path.length > 0 && path.every((one) => set.has(one)) ? conversions : 0), 0);
  const credits = new Map(channels.map((channel) => [channel, 0]));
  const orders = permutations(channels);
  for (const order of orders) {
    const set = new Set<string>();
    for (const channel of order) {
      const before = worth(set);
      set.add(channel);
      credits.set(channel, (credits.get(channel) ?? 0) + (worth(set) - before) / orders.length);
    }
  }
  return credits;
}

function permutations<T>(items: readonly T[]): T[][] {
  if (items.length === 0) return [[]];
  return items.flatMap((item, i) => permutations(items.toSpliced(i, 1)).map((rest) => [item, ...rest]));
}
