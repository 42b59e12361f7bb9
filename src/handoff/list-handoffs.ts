import { z } from 'zod';
import { readWorkspace, requireScope } from '../db/workspace.ts';
import { STAGE_MEANINGS } from '../definitions/core/taxonomy.ts';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { UUID_PATTERN } from '../kernel/ids.ts';
import { momentOf, momentText } from '../kernel/instant-text.ts';
import { badCursor, cursorAt, positionOf } from '../kernel/pagination.ts';
import { parseInput } from '../kernel/parse-input.ts';
import { SqlParams } from '../kernel/sql-params.ts';
import { clocksOf, type RunningClock } from './core/hand-off-clocks.ts';
import { comparePlaces, type HandOffFilter, type Place } from './core/hand-off-filter.ts';
import { inOrder, type Projection, projectionOf } from './core/log.ts';
import { OPEN_STAGES } from './core/moves.ts';
import { changedSince } from './hand-offs-then.ts';
import { epoch, readHandOffs, type StoredHandOff } from './read-hand-offs.ts';
import { readSlas } from './read-slas.ts';

const HOUR = 3_600_000;

export const listHandoffsInput = z.strictObject({
  stage: z.enum(STAGE_MEANINGS).optional().describe('mql to opportunity when left out'),
  owner: z.string().trim().min(1).max(200).optional(),
  source: z.string().trim().min(1).max(100).optional().describe('lead source'),
  code: z.string().trim().min(1).max(40).optional().describe('of the last rejection'),
  breached: z.boolean().optional().describe('a clock still owed is past its due instant'),
  due_within_hours: z.int().min(0).max(100_000).optional().describe('overdue included'),
  older_than_days: z.int().min(0).max(10_000).optional(),
  as_of: momentText.optional().describe('as it stood, or will stand, then; a day: at its end'),
  limit: z.int().min(1).max(100).default(20),
  cursor: z.string().min(1).max(500).optional(),
});

export interface ListedHandOff {
  handOff: StoredHandOff;
  projection: Projection;
  clocks: RunningClock[];
}

export interface HandOffList {
  handoffs: ListedHandOff[];
  total: number;
  /** The instant as of which the clocks are given. */
  as_of: Date;
  next_cursor: string | null;
}

/**
 * Hand-offs, those first that need somebody first: by the first due instant of the clocks still owed, recycled leads by the day on which they
 * come back. The one in which each lead stands alone; those before it are its history.
 * @throws SamepageError `invalid_input`, `permission_denied`
 */
export async function listHandoffs(ctx: Context, given: z.input<typeof listHandoffsInput>): Promise<HandOffList> {
  requireScope(ctx, 'read');
  const { limit, cursor, as_of, ...query } = parseInput(listHandoffsInput, given, 'list_handoffs');
  const asked = { ...query, as_of: as_of ?? null };
  const position = positionOf(cursor, asked);
  const { at: pinned, place: after } = position === undefined ? { at: null, place: null } : placeOf(position);
  // one instant for all pages
  const now = ctx.now().getTime();
  const at = pinned ?? (as_of === undefined ? now : momentOf(as_of, new Date(now)));
  const filter = filterOf(query, at);
  return readWorkspace(
    ctx,
    async (tx) => {
      const then = as_of !== undefined && at < now ? await changedSince(tx, ctx, filter, at) : null;
      const [total, standing] = await Promise.all([
        totalOf(tx, ctx, filter, then === null ? null : at),
        pageOf(tx, ctx, filter, { limit: limit + 1, after, unchangedSince: then === null ? null : at }),
      ]);
      const places = [...standing, ...(then ?? []).filter((place) => after === null || comparePlaces(place, after) > 0)].sort(
        comparePlaces,
      );
      const shown = places.slice(0, limit);
      const last = places.length > limit ? shown.at(-1) : undefined;
      return {
        handoffs: await withClocks(
          tx,
          ctx,
          shown.map(([, , id]) => id),
          at,
        ),
        total: total + (then?.length ?? 0),
        as_of: new Date(at),
        next_cursor: last === undefined ? null : cursorAt(asked, [at, ...last]),
      };
    },
    { planning: 'each' },
  );
}

const positionSchema = z.tuple([z.int(), z.int(), z.int(), z.string().regex(UUID_PATTERN)]);

function placeOf(position: readonly unknown[]): { at: number; place: Place } {
  const parsed = positionSchema.safeParse(position);
  if (!parsed.success) throw badCursor();
  const [at, ...place] = parsed.data;
  return { at, place };
}

type Query = Omit<z.output<typeof listHandoffsInput>, 'limit' | 'cursor' | 'as_of'>;

function filterOf({ stage, owner, source, code, breached, due_within_hours, older_than_days }: Query, at: number): HandOffFilter {
  const ends = [breached === true ? at : null, due_within_hours === undefined ? null : at + due_within_hours * HOUR + 1];
  const before = Math.min(...ends.map((end) => end ?? Number.POSITIVE_INFINITY));
  return {
    // a code is asked for wherever the lead went
    stages: stage === undefined ? (code === undefined ? OPEN_STAGES : STAGE_MEANINGS) : [stage],
    owner: owner ?? null,
    source: source ?? null,
    code: code ?? null,
    from: breached === false ? at : null,
    before: before === Number.POSITIVE_INFINITY ? null : before,
    handedBefore: older_than_days === undefined ? null : at - older_than_days * 24 * HOUR,
  };
}

/** Conditions on a hand-off `h` of a stage. */
function conditions(filter: HandOffFilter, params: SqlParams, ws: string, unchangedSince: number | null): string {
  const instant = (at: number) => `${params.add(new Date(at).toISOString())}::timestamptz`;
  return [
    `h.workspace_id = ${ws} and h.followed_by is null`,
    filter.owner === null ? '' : `h.owner = ${params.add(filter.owner)}`,
    filter.source === null ? '' : `h.source = ${params.add(filter.source)}`,
    filter.code === null ? '' : `h.code = ${params.add(filter.code)}`,
    filter.from === null ? '' : `h.next_at >= ${instant(filter.from)}`,
    filter.before === null ? '' : `h.next_at < ${instant(filter.before)}`,
    filter.handedBefore === null ? '' : `h.handed_at <= ${instant(filter.handedBefore)}`,
    unchangedSince === null ? '' : `h.changed_at <= ${instant(unchangedSince)}`,
  ]
    .filter((one) => one !== '')
    .join(' and ');
}

const totalRow = z.tuple([z.object({ total: z.number() })]);

async function totalOf(tx: Tx, ctx: Context, filter: HandOffFilter, unchangedSince: number | null): Promise<number> {
  const params = new SqlParams();
  const ws = params.add(ctx.workspaceId);
  const stages = params.texts(filter.stages);
  const isCounted = [filter.from, filter.before, filter.handedBefore, unchangedSince].every((one) => one === null);
  const kept = (name: 'owner' | 'source' | 'code') => (filter[name] === null ? '' : `and c.${name} = ${params.add(filter[name])}`);
  // what no instant narrows is a sum of what is kept
  const text = isCounted
    ? `select coalesce(sum(c.total), 0)::int as total from hand_off_count c
       where c.workspace_id = ${ws} and c.stage = any(${stages}) ${kept('owner')} ${kept('source')} ${kept('code')}`
    : `select coalesce(sum(x.n), 0)::int as total from unnest(${stages}) s(stage) cross join lateral (
         select count(*) as n from hand_off h where h.stage = s.stage and ${conditions(filter, params, ws, unchangedSince)} offset 0) x`;
  return totalRow.parse(await tx.query(text, params.values))[0].total;
}

const placeRows = z.array(z.object({ id: z.string(), next_at: z.number(), handed_at: z.number() }));

/** A page of each stage, in the order of its index, and of them the first. */
async function pageOf(
  tx: Tx,
  ctx: Context,
  filter: HandOffFilter,
  { limit, after, unchangedSince }: { limit: number; after: Place | null; unchangedSince: number | null },
): Promise<Place[]> {
  const params = new SqlParams();
  const ws = params.add(ctx.workspaceId);
  const instant = (at: number) => `${params.add(new Date(at).toISOString())}::timestamptz`;
  const beyond =
    after === null
      ? ''
      : `and (h.next_at, h.handed_at, h.id) > (${instant(after[0])}, ${instant(after[1])}, ${params.add(after[2])}::uuid)`;
  const text = `select x.id::text, ${epoch('x.next_at')} as next_at, ${epoch('x.handed_at')} as handed_at
    from unnest(${params.texts(filter.stages)}) s(stage) cross join lateral (
      select h.id, h.next_at, h.handed_at from hand_off h where h.stage = s.stage and ${conditions(filter, params, ws, unchangedSince)} ${beyond}
      order by h.next_at, h.handed_at, h.id limit ${limit}) x
    order by x.next_at, x.handed_at, x.id limit ${limit}`;
  return placeRows.parse(await tx.query(text, params.values)).map(({ id, next_at, handed_at }) => [next_at, handed_at, id]);
}

/** Hand-offs with their clocks as of an instant, in the order of their ids. */
async function withClocks(tx: Tx, ctx: Context, ids: readonly string[], at: number): Promise<ListedHandOff[]> {
  const found = await readHandOffs(tx, ctx, ids);
  const slas = await readSlas(tx, ctx, found.values());
  return ids.flatMap((id): ListedHandOff[] => {
    const handOff = found.get(id);
    if (handOff === undefined) return [];
    const log = handOff.log.filter((entry) => entry.at <= at);
    const { lead } = handOff;
    return [{ handOff, projection: projectionOf(lead, log, slas), clocks: clocksOf({ lead, log: inOrder(log) }, slas, at) }];
  });
}
