/** The counts that the scoring statement gives with an account's heat. */
export interface HeatCounts {
  /** Points of engagement, each criterion after its own cap. */
  depth: number;
  /** People engaged. */
  people: number;
  /** Events of the last seven days, and of the three weeks before them. */
  thisWeek: number;
  weeksBefore: number;
  /** A signal that makes it hot now. */
  actNow: boolean;
}
