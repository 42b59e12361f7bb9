/** The rows before a day and from it on. */
export interface TimeSplit {
  trained: Int32Array;
  tested: Int32Array;
  /** Rows without a day of closing in the calendar, which neither part can hold. */
  undated: number;
  /** Rows left out of both parts because others opened as late are still open, and the days within which they were opened. */
  censored: { rows: number; days: number };
}

const TRAINED = 0.75;
/** So many of a hundred deals have closed after the window. */
const CLOSED_BY = 0.9;
/** 0000-01-01 and 9999-12-31. */
const CALENDAR = { first: -719_528, last: 2_932_896 };

/**
 * The earlier three quarters of the rows by day of closing, and the later quarter; rows of one day stay together, in the later part. Of the deals
 * opened last only those that ended quickly have an end at all, and these are not like the others: where days of opening are known, deals opened
 * within the days that nine of ten need to close are left out.
 * @param closed days; NaN where not known. @param opened likewise, or null where nothing is known of it.
 * @returns null where there is no earlier or no later part.
 */
export function timeSplit(closed: Float64Array, opened: Float64Array | null): TimeSplit | null {
  const dated = Int32Array.from(closed.keys()).filter(
    (row) => (closed[row] as number) >= CALENDAR.first && (closed[row] as number) <= CALENDAR.last,
  );
  const tooYoung = youngest(dated, closed, opened);
  const rows = dated.filter((row) => !tooYoung.isYoung(row));
  const days = Float64Array.from(rows, (row) => closed[row] as number).sort();
  const from = days[Math.floor(days.length * TRAINED)];
  if (from === undefined) return null;
  const day = (row: number) => closed[row] as number;
  const [trained, tested] = [rows.filter((row) => day(row) < from), rows.filter((row) => day(row) >= from)];
  if (trained.length === 0) return null;
  const censored = { rows: dated.length - rows.length, days: tooYoung.days };
  return { trained, tested, undated: closed.length - dated.length, censored };
}

function youngest(
  dated: Int32Array,
  closed: Float64Array,
  opened: Float64Array | null,
): { days: number; isYoung: (row: number) => boolean } {
  const lengths = Float64Array.from(dated, (row) => (closed[row] as number) - (opened?.[row] ?? Number.NaN))
    .filter((days) => days >= 0)
    .sort();
  const days = Math.ceil(lengths[Math.ceil(lengths.length * CLOSED_BY) - 1] ?? 0);
  if (days === 0) return { days, isYoung: () => false };
  let last = -Infinity;
  for (const row of dated) last = Math.max(last, closed[row] as number);
  return { days, isYoung: (row) => (opened?.[row] ?? -Infinity) > last - days };
}
