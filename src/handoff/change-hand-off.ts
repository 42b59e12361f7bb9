import { forRows } from '../db/bulk.ts';
import { type Call, type Outcome, recordTogether } from '../db/record-together.ts';
import { auditAll } from '../db/workspace.ts';
import type { Definition } from '../definitions/core/definition.ts';
import type { Sla } from '../definitions/core/sla.ts';
import { currentDefinition } from '../definitions/current-definition.ts';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { SamepageError, shown } from '../kernel/errors.ts';
import { UUID_PATTERN } from '../kernel/ids.ts';
import { findPerson } from '../records/find-person.ts';
import { clocksOf, type RunningClock } from './core/hand-off-clocks.ts';
import { inOrder, type LogEntry, type Projection, projectionOf } from './core/log.ts';
import type { Placed } from './core/one-open.ts';
import { unmoved } from './hand-off-input.ts';
import { type Frozen, readHandOffs, type StoredHandOff } from './read-hand-offs.ts';
import { readPlaced } from './read-placed.ts';
import { readSlas } from './read-slas.ts';
import { type NewEvent, type WrittenHandOff, writeHandOffs } from './write-hand-offs.ts';
import { type OutboxEvent, writeOutbox } from './write-outbox.ts';

/** A hand-off in the midst of a change, and what is in force. */
export interface Standing {
  handOff: StoredHandOff;
  projection: Projection;
  /** The instant of the change: now, and never before what was logged. Epoch milliseconds. */
  at: number;
  taxonomy: Definition<'taxonomy'>;
  sla: Definition<'sla'>;
  /** Every version that the log names, by hash. */
  slas: ReadonlyMap<string, Sla>;
}

export interface Change {
  entry: LogEntry;
  /** What the event keeps beside what its log needs. */
  detail: Readonly<Record<string, unknown>>;
  /** What the audit says of it: ids and codes. */
  said: string;
  told?: OutboxEvent;
}

interface Input {
  verb: string;
  /** The id of a hand-off; or its person: id, e-mail address or exact name. */
  named: string;
  /** What is logged. @throws SamepageError when it is refused */
  decide(standing: Standing, tx: Tx): Change | Promise<Change>;
}

/**
 * Changes one hand-off: what is decided is logged, and where the hand-off stands is derived from its log. Calls that come at the same time are
 * written together, one after the other.
 * @returns the hand-off after it
 * @throws SamepageError `not_found`, `ambiguous`, `conflict`, and what `decide` throws
 */
export const changeHandOff: (ctx: Context, input: Input) => Promise<Standing> = recordTogether(changeAll);

/** How the clocks of a hand-off stand at the instant of its change. */
export function clocksNow({ handOff, slas, at }: Standing): RunningClock[] {
  return clocksOf({ lead: handOff.lead, log: inOrder(handOff.log) }, slas, at);
}

/** What marketing is told of a hand-off, whatever happened to it. */
export function toldOf({ handOff, projection, at, taxonomy }: Pick<Standing, 'projection' | 'at' | 'taxonomy'> & { handOff: Frozen }) {
  return {
    hand_off: handOff.id,
    person: handOff.person_id,
    account: handOff.account_id,
    at: new Date(at).toISOString(),
    owner: projection.state.owner,
    source: handOff.lead.source,
    tier: handOff.lead.tier,
    segments: handOff.facts,
    taxonomy: taxonomy.hash,
  };
}

interface Changed extends Standing {
  counted: StoredHandOff['cell'];
  added: NewEvent[];
}

async function changeAll(plain: Tx, recordedAt: Date, calls: readonly Call<Input>[]): Promise<Outcome<Standing>[]> {
  const ctx = calls[0]?.ctx;
  // each row is found by its index, whatever is believed of tables that grow
  const tx = forRows(plain, 1);
  if (ctx === undefined) return [];
  const keys = await Promise.all(calls.map(({ input }) => keyOf(tx, ctx, input.named)));
  const [taxonomy, sla, found] = await Promise.all([
    currentDefinition(tx, ctx, 'taxonomy'),
    currentDefinition(tx, ctx, 'sla'),
    readHandOffs(
      tx,
      ctx,
      keys.flatMap((key) => (typeof key === 'string' ? [key] : [])),
    ),
  ]);
  const slas = await readSlas(tx, ctx, found.values(), sla.hash);
  const changed = new Map<string, Changed>();
  const acts: { ctx: Context; verb: string; detail: string }[] = [];
  const told: OutboxEvent[] = [];
  const outcomes: Outcome<Standing>[] = [];
  for (const [i, call] of calls.entries()) {
    try {
      const handOff = theOne(keys[i], found, call.input.named);
      const before = changed.get(handOff.id);
      const now: Standing = { taxonomy, sla, slas, ...(before ?? started(handOff, slas)), at: 0 };
      now.at = Math.max(call.ctx.now().getTime(), now.projection.changed_at);
      const change = await call.input.decide(now, tx);
      const after = { ...now, ...withEntry(now, change.entry) };
      if (now.projection.closed_at !== null && after.projection.closed_at === null) await refuseSecond(tx, ctx, after, changed);
      const added = [...(before?.added ?? []), { ctx: call.ctx, detail: change.detail }];
      changed.set(handOff.id, { ...after, counted: handOff.cell, added });
      acts.push({ ctx: call.ctx, verb: call.input.verb, detail: `${handOff.id} ${change.said}` });
      if (change.told !== undefined) told.push(change.told);
      outcomes.push({ answer: after });
    } catch (error) {
      if (!(error instanceof SamepageError)) throw error;
      outcomes.push({ refused: error });
    }
  }
  if (changed.size > 0)
    await Promise.all([
      writeHandOffs(tx, ctx, [...changed.values()].map(writtenOf), recordedAt),
      writeOutbox(tx, ctx, told, recordedAt),
      auditAll(tx, acts),
    ]);
  return outcomes;
}

function started(handOff: StoredHandOff, slas: ReadonlyMap<string, Sla>): Pick<Standing, 'handOff' | 'projection'> {
  return { handOff, projection: projectionOf(handOff.lead, handOff.log, slas) };
}

function withEntry({ handOff, slas }: Standing, entry: LogEntry): Pick<Standing, 'handOff' | 'projection'> {
  return started({ ...handOff, log: [...handOff.log, entry] }, slas);
}

function writtenOf({ handOff, projection, counted, added }: Changed): WrittenHandOff {
  return { ...handOff, projection, counted, added };
}

/**
 * Refuses that a hand-off is open again beside another of the same person, which is so where people were merged or handed off meanwhile.
 * @param changed what is on its way
 */
async function refuseSecond(tx: Tx, ctx: Context, { handOff }: Standing, changed: ReadonlyMap<string, Changed>): Promise<void> {
  const placed = await readPlaced(tx, ctx, [handOff.person_id]);
  const isOpen = ({ id, is_open }: Placed) => {
    const later = changed.get(id);
    return later === undefined ? is_open : later.projection.closed_at === null;
  };
  const other = placed.find((one) => one.id !== handOff.id && isOpen(one));
  if (other === undefined) return;
  throw unmoved(
    handOff.person.name ?? handOff.id,
    `the person has another open hand-off, ${other.id}.`,
    'Go on with that one, or reject it before this one is taken back.',
  );
}

/** The id by which a hand-off is looked up, or why there is none. */
async function keyOf(tx: Tx, ctx: Context, named: string): Promise<string | SamepageError> {
  const typed = named.trim().toLowerCase();
  if (UUID_PATTERN.test(typed)) return typed;
  try {
    return (await findPerson(tx, ctx, named)).id;
  } catch (error) {
    if (error instanceof SamepageError) return error;
    throw error;
  }
}

function theOne(key: string | SamepageError | undefined, found: ReadonlyMap<string, StoredHandOff>, named: string): StoredHandOff {
  if (key instanceof SamepageError) throw key;
  const handOff = found.get(key ?? '');
  const problem = (reason: string) => ({ problems: [{ path: 'handoff', value: shown(named), reason }] });
  if (handOff === undefined)
    throw new SamepageError(
      'not_found',
      `No hand-off has the id ${shown(named)}, nor was that lead handed off.`,
      'Call list_handoffs for those there are, or hand_off_lead first.',
      problem('was not handed off'),
    );
  if (handOff.followed_by !== null) {
    const isMerged = handOff.log.at(-1)?.kind === 'merge_away';
    throw new SamepageError(
      'conflict',
      `The hand-off ${handOff.id} is over: ${isMerged ? 'the lead is one with another, whose hand-off stays' : 'the lead was handed off again'}.`,
      `Name the hand-off ${handOff.followed_by} instead.`,
      problem(isMerged ? 'was merged into another' : 'was followed by another'),
    );
  }
  return handOff;
}
