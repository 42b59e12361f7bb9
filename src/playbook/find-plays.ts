import { z } from 'zod';
import { readWorkspace, requireScope } from '../db/workspace.ts';
import type { DefinitionRef } from '../definitions/core/definition.ts';
import type { PredicateDocument } from '../definitions/core/predicate.ts';
import { readPredicate } from '../definitions/core/predicate.ts';
import { labelsOf } from '../definitions/core/sentence.ts';
import { currentDefinition, refOf } from '../definitions/current-definition.ts';
import { truthSql } from '../engagement/core/where-sql.ts';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { dayOf } from '../kernel/dates.ts';
import { SamepageError, shown } from '../kernel/errors.ts';
import { UUID_PATTERN } from '../kernel/ids.ts';
import { SqlParams } from '../kernel/sql-params.ts';
import { findAccount } from '../records/find-account.ts';
import { findPerson } from '../records/find-person.ts';
import { conditionKey, conditionsOf, isFor, type Judged, judge, type PlayedOn, type Truth } from './core/plays.ts';
import { type Talk, talkFor } from './core/talk.ts';

export const findPlaysInput = z.strictObject({
  kind: z.enum(['account', 'person', 'opportunity']).default('account'),
  record: z.string().trim().min(1).max(300),
});

export interface FoundPlays {
  kind: PlayedOn;
  subject: { id: string; name: string | null };
  tier: string | null;
  heat: string | null;
  segment: string | null;
  role: string | null;
  /** Plays of which every condition holds, and those of which one does not, in the playbook's order. */
  playable: Judged[];
  near: Judged[];
  /** Plays of the playbook that are for this kind of record. */
  considered: number;
  talk: Talk;
  definitions: DefinitionRef[];
}

const rows = z.tuple([
  z.object({
    name: z.string().nullable(),
    truths: z.array(z.boolean().nullable()),
    tier: z.string().nullable(),
    heat: z.string().nullable(),
    stage: z.string().nullable(),
    competitor: z.string().nullable(),
  }),
]);

/**
 * What to do now with a record, by the playbook: the plays that its facts, events, tier and heat call for, those that miss by
 * one condition, and what to say in its situation.
 * @throws SamepageError `not_found`, `ambiguous`.
 */
export async function findPlays(ctx: Context, given: z.input<typeof findPlaysInput>): Promise<FoundPlays> {
  requireScope(ctx, 'read');
  const { kind, record } = findPlaysInput.parse(given);
  return readWorkspace(ctx, async (tx) => {
    const [id, playbook, icp, taxonomy] = await Promise.all([
      idOf(tx, ctx, kind, record),
      currentDefinition(tx, ctx, 'playbook'),
      currentDefinition(tx, ctx, 'icp'),
      currentDefinition(tx, ctx, 'taxonomy'),
    ]);
    const plays = (playbook.document.plays ?? []).filter((play) => isFor(play, kind));
    const { segments, buying_group } = icp.document;
    const roles = kind === 'person' ? buying_group : [];
    const asked = [...plays.flatMap(conditionsOf), ...segments.map(({ when }) => when), ...roles.map(({ when }) => when)];
    const found = await ask(tx, ctx, { kind, id, conditions: asked });
    const holds = (when: PredicateDocument) => found.truths.get(conditionKey(when)) === true;
    const labels = labelsOf(taxonomy.document);
    const judged = plays.map((play) => judge(play, found, labels));
    const segment = segments.find(({ when }) => holds(when))?.id ?? null;
    const role = roles.find(({ when }) => holds(when))?.role ?? null;
    return {
      kind,
      subject: { id, name: found.name },
      tier: found.tier,
      heat: found.heat,
      segment,
      role,
      playable: judged.filter(({ missing }) => missing.length === 0),
      near: judged.filter(({ missing }) => missing.length === 1),
      considered: plays.length,
      talk: talkFor(playbook.document, { segment, role, stage: found.stage, competitor: found.competitor }),
      definitions: [refOf(playbook), refOf(icp), refOf(taxonomy)],
    };
  });
}

async function idOf(tx: Tx, ctx: Context, kind: PlayedOn, record: string): Promise<string> {
  if (kind === 'account') return (await findAccount(tx, ctx, record)).id;
  if (kind === 'person') return (await findPerson(tx, ctx, record)).id;
  const id = record.toLowerCase();
  const there = UUID_PATTERN.test(id)
    ? await tx.query('select 1 from opportunity where workspace_id = $1 and id = $2::uuid', [ctx.workspaceId, id])
    : [];
  if (there.length > 0) return id;
  throw new SamepageError(
    'not_found',
    `No opportunity has the id ${shown(record)}.`,
    'Call search_records with kind "opportunity", then use the id it gives.',
    { problems: [{ path: 'record', value: shown(record), reason: 'is no opportunity of this workspace' }] },
  );
}

/** What is so of one record, in one statement. A condition that several plays have is asked once. */
async function ask(
  tx: Tx,
  ctx: Context,
  { kind, id, conditions }: { kind: PlayedOn; id: string; conditions: readonly PredicateDocument[] },
): Promise<{ truths: ReadonlyMap<string, Truth> } & Omit<z.output<typeof rows>[0], 'truths'>> {
  const different = new Map(conditions.map((one) => [conditionKey(one), one]));
  const params = new SqlParams();
  const ws = params.add(ctx.workspaceId);
  const scope = { params, workspaceId: ctx.workspaceId, kind, asOfDay: dayOf(ctx.now()) };
  const truths = [...different.values()].map((one) => `(${truthSql(readPredicate(one), scope)})::boolean`);
  const account = kind === 'account' ? 'r.id' : 'r.account_id';
  const scoreOf = (subject: string, of: string) =>
    `left join score ${of} on ${of}.workspace_id = ${ws} and ${of}.subject_id = ${subject} and ${of}.kind = '${of === 'lead' ? 'lead' : 'account'}'`;
  const deal =
    kind === 'opportunity' ? "r.fields ->> 'stage' as stage, r.fields ->> 'competitor' as competitor" : 'null as stage, null as competitor';
  const text = `select r.name, to_json(array[${truths.join(', ')}]::boolean[]) as truths,
      ${kind === 'person' ? 'lead.tier' : 'whole.tier'} as tier, whole.heat, ${deal}
    from ${kind} r
    ${kind === 'account' ? '' : `left join account a on a.workspace_id = ${ws} and a.id = r.account_id`}
    ${scoreOf(account, 'whole')} ${kind === 'person' ? scoreOf('r.id', 'lead') : ''}
    where r.workspace_id = ${ws} and r.id = ${params.add(id)}::uuid`;
  const [{ truths: found, ...rest }] = rows.parse(await tx.query(text, params.values));
  return { ...rest, truths: new Map([...different.keys()].map((key, i) => [key, found[i] ?? null])) };
}
