import { z } from 'zod';
import { readWorkspace } from '../../src/db/workspace.ts';
import type { Taxonomy } from '../../src/definitions/core/taxonomy.ts';
import type { Context } from '../../src/kernel/context.ts';
import type { OracleEvent, OracleSubject } from './oracle.ts';

/**
 * What a workspace holds to be true, derived from its logs by plain code: written from docs/decisions/identity-log.md, and sharing
 * nothing with src/records and src/identity, so that a mistake in either shows as a difference.
 */

const instant = z.coerce.date().transform((date) => date.getTime());
const id = z.string();
const LOGS = {
  account: z.object({ id, created_at: instant }),
  person: z.object({ id, created_at: instant }),
  observation: z.object({
    entity_id: id,
    recorded_at: instant,
    ordinal: z.number(),
    source: z.string(),
    values: z.record(z.string(), z.unknown()),
    observed_at: instant,
    observed_day: z.number(),
    expires_day: z.number().nullable(),
  }),
  person_account: z.object({
    person_id: id,
    account_id: id,
    evidence: z.string(),
    believed_from: instant,
    believed_to: instant.nullable(),
  }),
  account_domain: z.object({ domain: z.string(), account_id: id, believed_from: instant, believed_to: instant.nullable() }),
  event: z.object({
    id,
    recorded_at: instant,
    superseded_at: instant.nullable(),
    type: z.string(),
    source: z.string(),
    occurred_at: instant,
    occurred_day: z.number(),
    person_id: id.nullable(),
    named_person_id: id.nullable(),
    named_account_id: id.nullable(),
    domain: z.string().nullable(),
    anonymous_id: z.string().nullable(),
    anonymous: z.boolean().nullable(),
  }),
  opportunity: z.object({ id, account_id: id.nullable(), named_account_id: id.nullable() }),
  identity_decision: z.object({
    id,
    kind: z.string(),
    verb: z.string(),
    recorded_at: instant,
    ordinal: z.number(),
    undoes: id.nullable(),
    identifier_kind: z.string().nullable(),
    identifier: z.string().nullable(),
  }),
  identity_side: z.object({ decision_id: id, node_id: id, side: z.number() }),
};

type Logs = { [table in keyof typeof LOGS]: z.infer<(typeof LOGS)[table]>[] };

/** All logs of the workspace. */
export async function readLogs(ctx: Context): Promise<Logs> {
  const logs: Record<string, unknown> = {};
  await readWorkspace(ctx, async (tx) => {
    for (const [table, row] of Object.entries(LOGS)) {
      const rows = await tx.query(`select to_jsonb(t) as row from ${table} t where workspace_id = $1`, [ctx.workspaceId]);
      logs[table] = rows.map((one) => row.parse(one.row));
    }
  });
  return logs as Logs;
}

export interface Standpoint {
  /** Milliseconds since 1970: what was recorded up to here. */
  knownAt: number;
  asOfDay: number;
  /** Of the taxonomy: how fields are merged. */
  policy: Pick<Taxonomy, 'sources' | 'merge'>;
}

export interface BelievedWorld {
  /** Entity → its golden fields. */
  accounts: Map<string, Record<string, unknown>>;
  people: Map<string, { fields: Record<string, unknown>; accountId: string | null }>;
  events: { id: string; recordedAt: number; type: string; day: number; personId: string | null; accountId: string | null }[];
  opportunities: Map<string, string | null>;
  /** Node → entity, of both kinds. */
  entityOf: Map<string, string>;
}

/** What was believed at an instant. */
export function believedWorld(logs: Logs, at: Standpoint): BelievedWorld {
  const then = at.knownAt;
  const held = (row: { believed_from: number; believed_to: number | null }) =>
    row.believed_from <= then && (row.believed_to === null || row.believed_to > then);
  const entityOf = new Map<string, string>();
  const created = new Map<string, number>();
  for (const kind of ['account', 'person'] as const) {
    const known = logs[kind].filter((row) => row.created_at <= then);
    for (const row of known) created.set(row.id, row.created_at);
    for (const row of known) entityOf.set(row.id, row.id);
    for (const group of groupsAt(logs, kind, then)) {
      const oldest = [...group].sort((a, b) => (created.get(a) ?? 0) - (created.get(b) ?? 0) || (a < b ? -1 : 1))[0] as string;
      for (const node of group) entityOf.set(node, oldest);
    }
  }
  const entity = (node: string | null | undefined) => (node === null || node === undefined ? null : (entityOf.get(node) ?? node));
  const of = (kind: 'account' | 'person') => [
    ...new Set(logs[kind].flatMap((row) => (created.has(row.id) ? [entity(row.id) as string] : []))),
  ];
  const golden = (kind: 'account' | 'person', entityId: string) => goldenOf(logs, at, kind, (node) => entity(node) === entityId);

  const said = logs.identity_decision
    .filter((row) => row.recorded_at <= then)
    .sort((a, b) => a.recorded_at - b.recorded_at || a.ordinal - b.ordinal);
  const verdicts = said
    .filter((row) => row.kind === 'lead' && row.verb !== 'withdrawn' && !said.some((other) => other.undoes === row.id))
    .map(({ id: decision, verb }) => {
      const on = (side: number) => logs.identity_side.find((row) => row.decision_id === decision && row.side === side)?.node_id;
      return { isOf: verb === 'must_link', person: entity(on(0)), account: entity(on(1)) };
    });
  const suppressed = (device: string | null) => said.findLast((row) => row.identifier_kind === 'device' && row.identifier === device)?.verb;
  const people: BelievedWorld['people'] = new Map();
  for (const person of of('person')) {
    const memberships = logs.person_account.filter((row) => held(row) && entity(row.person_id) === person);
    const rank = (row: (typeof memberships)[number]) => [
      ['record', 'domain', 'match'].indexOf(row.evidence),
      -row.believed_from,
      created.get(row.person_id) ?? 0,
    ];
    memberships.sort((a, b) => byKeys(rank(a), rank(b)) || (a.person_id < b.person_id ? -1 : 1));
    const about = verdicts.filter((one) => one.person === person);
    const isOpen = (account: string | null) => !about.some((one) => !one.isOf && one.account === account);
    const decided = about.findLast((one) => one.isOf && isOpen(one.account))?.account;
    people.set(person, {
      fields: golden('person', person),
      accountId: decided ?? memberships.map((row) => entity(row.account_id)).find(isOpen) ?? null,
    });
  }
  const seen = logs.event.filter((row) => row.recorded_at <= then && (row.superseded_at === null || row.superseded_at > then));
  const events = seen.map((row) => {
    const personId = row.anonymous === true ? whoHad(row) : entity(row.named_person_id ?? row.person_id);
    const claim = logs.account_domain.find((one) => held(one) && one.domain === row.domain);
    const ofPerson = personId === null ? undefined : people.get(personId)?.accountId;
    const accountId = ofPerson ?? entity(row.named_account_id) ?? entity(claim?.account_id);
    return { id: row.id, recordedAt: row.recorded_at, type: row.type, day: row.occurred_day, personId, accountId };
  });
  // whoever used the device last before, else first thereafter; a device of more than three is nobody's, nor is one that was said to be shared
  function whoHad(row: Logs['event'][number]): string | null {
    const users = seen
      .filter((one) => one.anonymous !== true && one.anonymous_id === row.anonymous_id && one.source === row.source)
      .filter((one) => one.person_id !== null)
      .map((one) => ({ at: one.occurred_at, id: one.id, who: entity(one.named_person_id ?? one.person_id) }))
      .sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1));
    if (suppressed(row.anonymous_id) === 'suppressed' || new Set(users.map(({ who }) => who)).size > 3) return null;
    return (users.findLast(({ at: used }) => used <= row.occurred_at) ?? users[0])?.who ?? null;
  }
  return {
    accounts: new Map(of('account').map((account) => [account, golden('account', account)])),
    people,
    events,
    opportunities: new Map(logs.opportunity.map((row) => [row.id, entity(row.named_account_id ?? row.account_id)])),
    entityOf,
  };
}

/** Every entity as the scorer's subject. */
export function subjectsIn(world: BelievedWorld): { id: string; subject: OracleSubject }[] {
  const plain = ({ type, day, personId }: BelievedWorld['events'][number]): OracleEvent => ({ type, day, personId });
  const accounts = [...world.accounts].map(([id, fields]) => ({
    id,
    subject: {
      kind: 'account' as const,
      accountFields: fields,
      personFields: {},
      events: world.events.filter((event) => event.accountId === id).map(plain),
    },
  }));
  const leads = [...world.people].map(([id, { fields, accountId }]) => ({
    id,
    subject: {
      kind: 'lead' as const,
      accountFields: (accountId === null ? undefined : world.accounts.get(accountId)) ?? {},
      personFields: fields,
      events: world.events.filter((event) => event.personId === id).map(plain),
      signalEvents: world.events
        .filter((event) => event.personId === id || (accountId !== null && event.accountId === accountId))
        .map(plain),
    },
  }));
  return [...accounts, ...leads];
}

/** Merges in force at the instant; a split cuts through what is in force and keeps each side together. */
function groupsAt(logs: Logs, kind: string, then: number): string[][] {
  const sides = (decision: string, side: number) =>
    logs.identity_side.filter((row) => row.decision_id === decision && row.side === side).map((row) => row.node_id);
  let sets: { of: string; nodes: string[] }[] = [];
  const log = logs.identity_decision
    .filter((row) => row.kind === kind && row.recorded_at <= then)
    .sort((a, b) => a.recorded_at - b.recorded_at || a.ordinal - b.ordinal);
  for (const { id, verb, undoes } of log) {
    if (verb === 'merged') sets.push({ of: id, nodes: sides(id, 0) });
    if (verb !== 'unmerged') continue;
    if (undoes !== null) {
      sets = sets.filter((set) => set.of !== undoes);
      continue;
    }
    const leaving = sides(id, 1);
    sets = sets.flatMap(({ of, nodes }) => [
      { of, nodes: nodes.filter((node) => !leaving.includes(node)) },
      { of, nodes: nodes.filter((node) => leaving.includes(node)) },
    ]);
    for (const side of [sides(id, 0), leaving]) {
      const together = joined(sets.map((set) => set.nodes)).some((group) => side.every((node) => group.includes(node)));
      if (!together && side.length > 1) sets.push({ of: id, nodes: side });
    }
  }
  return joined(sets.map((set) => set.nodes)).filter((group) => group.length > 1);
}

function joined(sets: readonly (readonly string[])[]): string[][] {
  let groups: string[][] = [];
  for (const set of sets) {
    const meeting = groups.filter((group) => group.some((node) => set.includes(node)));
    groups = [...groups.filter((group) => !meeting.includes(group)), [...new Set([...meeting.flat(), ...set])]];
  }
  return groups;
}

function goldenOf(logs: Logs, at: Standpoint, kind: string, mine: (node: string) => boolean): Record<string, unknown> {
  const said = logs.observation
    .filter((row) => mine(row.entity_id) && row.recorded_at <= at.knownAt && row.observed_day <= at.asOfDay)
    .filter((row) => row.expires_day === null || row.expires_day > at.asOfDay);
  const fields: Record<string, unknown> = {};
  for (const key of new Set(said.flatMap(({ values }) => Object.keys(values)))) {
    const { rule = 'rank', sources = [] } = at.policy.merge?.find(({ field }) => field === `${kind}.${key}`) ?? {};
    const order = [...sources, ...at.policy.sources];
    const place = ({ source }: (typeof said)[number]) => (order.includes(source) ? order.indexOf(source) : order.length);
    const rank = (row: (typeof said)[number]) => {
      if (rule === 'agreement') return [];
      return rule === 'latest' ? [-row.observed_at, place(row)] : [place(row), -row.observed_at];
    };
    const later = (a: (typeof said)[number], b: (typeof said)[number]) =>
      place(a) - place(b) || b.observed_at - a.observed_at || b.recorded_at - a.recorded_at || b.ordinal - a.ordinal;
    const [first, ...others] = said
      .filter(({ values }) => Object.hasOwn(values, key))
      .sort((a, b) => byKeys(rank(a), rank(b)) || later(a, b) || (a.entity_id < b.entity_id ? -1 : 1));
    if (first === undefined) continue;
    // of those that no rank and no time tells apart, what most of them say; who said two things is heard for the last
    const ofFirst = [first, ...others.filter((row) => byKeys(rank(row), rank(first)) === 0)];
    const words = new Map(ofFirst.toReversed().map((row) => [`${row.source} ${row.entity_id}`, row]));
    const tied = ofFirst
      .filter((row) => words.get(`${row.source} ${row.entity_id}`) === row)
      .map(({ values }) => JSON.stringify(values[key]));
    const votes = (value: string) => tied.filter((one) => one === value).length;
    const most = Math.max(...tied.map(votes));
    fields[key] = JSON.parse(tied.find((value) => votes(value) === most) ?? 'null');
  }
  return fields;
}

function byKeys(a: readonly number[], b: readonly number[]): number {
  for (const [i, key] of a.entries()) if (key !== b[i]) return key - (b[i] ?? 0);
  return 0;
}
