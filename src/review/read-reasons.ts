import { z } from 'zod';
import { currentDefinition } from '../definitions/current-definition.ts';
import type { ReviewPeriod } from '../handoff/core/review-period.ts';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { count } from '../kernel/markdown.ts';
import { packageVersion } from '../kernel/version.ts';
import type { ReviewKind } from './core/period.ts';
import {
  changedDeals,
  changedRecords,
  lateDispositions,
  lateTouches,
  newDeals,
  type ReasonScope,
  type Statement,
  stitchedPeople,
} from './core/reason-sql.ts';
import type { RestatementReason } from './core/restatement.ts';
import type { FrozenReview } from './read-frozen.ts';

/** What was recorded since a review was frozen that can have changed its figures, and what else is otherwise now. Never empty. */
export async function readReasons(tx: Tx, ctx: Context, frozen: FrozenReview, period: ReviewPeriod): Promise<RestatementReason[]> {
  const { document: attribution } = await currentDefinition(tx, ctx, 'attribution');
  const scope = { workspaceId: ctx.workspaceId, since: frozen.known_at.toISOString(), period, attribution };
  const found: RestatementReason[] = [];
  for (const { reason, of, sql, says } of COUNTED) {
    if (!of.includes(frozen.kind)) continue;
    const { text, params } = sql(scope);
    const [{ n }] = countRow.parse(await tx.query(text, params));
    if (n > 0) found.push({ reason, count: n, says: says(n, scope) });
  }
  const definitions = await changedDefinitions(tx, ctx, frozen);
  const [{ immature }, program] = [frozen.document, packageVersion()];
  const add = (reason: RestatementReason['reason'], n: number, says: string) => n > 0 && found.push({ reason, count: n, says });
  add('changed_definitions', definitions.length, `computed by other definitions: ${definitions.join(', ')}`);
  add('not_settled', immature.length, `not settled when it was frozen: ${immature.join('; ')}`);
  add('program', program === frozen.program ? 0 : 1, `computed by version ${frozen.program} then, ${program} now`);
  return found.length > 0 ? found : [{ reason: 'unexplained', count: 0, says: 'nothing that was recorded since explains it' }];
}

const countRow = z.tuple([z.object({ n: z.coerce.number() })]);

interface Counted {
  reason: RestatementReason['reason'];
  /** The kinds whose figures are counted of it. */
  of: readonly ReviewKind[];
  sql: (scope: ReasonScope) => Statement;
  says: (n: number, scope: ReasonScope) => string;
}

const was = (n: number) => (n === 1 ? 'was' : 'were');
const has = (n: number) => (n === 1 ? 'has' : 'have');

/** What is counted in what was recorded. */
const COUNTED: readonly Counted[] = [
  {
    reason: 'late_touches',
    of: ['monthly', 'quarterly'],
    sql: lateTouches,
    says: (n, { attribution: { lookback_days } }) =>
      `${count(n, 'touch', 'touches')} of the period, or of the ${lookback_days} days before it, ${was(n)} recorded since`,
  },
  {
    reason: 'stitched_people',
    of: ['monthly', 'quarterly'],
    sql: stitchedPeople,
    says: (n) => `${count(n, 'decision')} on who is whom ${was(n)} made since: records merged, taken apart or placed`,
  },
  {
    reason: 'changed_deals',
    of: ['monthly', 'quarterly'],
    sql: newDeals,
    says: (n) => `${count(n, 'deal')} of the period ${was(n)} recorded since`,
  },
  {
    reason: 'changed_deals',
    of: ['monthly', 'quarterly'],
    sql: changedDeals,
    says: (n) => `${count(n, 'deal')} of the period ${has(n)} another stage, amount, date or outcome since`,
  },
  {
    reason: 'late_dispositions',
    of: ['weekly', 'monthly'],
    sql: lateDispositions,
    says: (n) => `${count(n, 'hand-off')} of the period ${was(n)} disposed of, taken back or worked on since`,
  },
  {
    reason: 'changed_records',
    of: ['monthly', 'quarterly'],
    sql: changedRecords,
    says: (n) => `${count(n, 'person or account', 'people and accounts')} came or ${has(n)} other facts since`,
  },
];

/** `taxonomy v1, now v2`, one a kind that the figures rest on. */
async function changedDefinitions(tx: Tx, ctx: Context, { document }: FrozenReview): Promise<string[]> {
  const changed: string[] = [];
  for (const { kind, hash, version } of document.definitions) {
    const now = await currentDefinition(tx, ctx, kind);
    if (now.hash !== hash) changed.push(`${kind} v${version}, now v${now.version}`);
  }
  return changed;
}
