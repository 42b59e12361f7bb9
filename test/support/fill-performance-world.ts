import { deriveInWorkspace } from '../../src/db/workspace.ts';
import type { Context } from '../../src/kernel/context.ts';
import { derivedId } from '../../src/kernel/ids.ts';
import { type Column, SqlParams } from '../../src/kernel/sql-params.ts';
import type { PerformanceWorld, Scored, Story, StoryEvent } from './performance-world.ts';

const DAY = 86_400_000;

/** Puts a world into a workspace as its projections and logs would have it. */
export async function fillPerformance(ctx: Context, world: PerformanceWorld): Promise<void> {
  const iso = (at: number | null) => (at === null ? null : new Date(at).toISOString());
  const insert = async (table: string, columns: Record<string, Column>, fixed: Record<string, string> = {}) =>
    deriveInWorkspace(ctx, async (tx) => {
      const params = new SqlParams();
      const ws = params.add(ctx.workspaceId);
      const names = Object.keys(columns);
      const rows = params.rows('r', columns);
      await tx.query(
        `insert into ${table} (workspace_id, ${[...names, ...Object.keys(fixed)].join(', ')})
         select ${ws}, ${[...names.map((name) => `r.${name}`), ...Object.values(fixed)].join(', ')} from ${rows}`,
        params.values,
      );
    });
  const { people, stories, deals, scores, touches } = world;
  const accounts = [...new Set([...people.flatMap(({ account }) => account ?? []), ...deals.flatMap(({ account }) => account ?? [])])];
  const texts = (values: readonly (string | null)[]): Column => ['text', values];
  await insert('account', { id: ['uuid', accounts] }, { fields: "'{}'", created_at: 'now()', changed_at: 'now()' });
  await insert('person', {
    id: ['uuid', people.map(({ id }) => id)],
    account_id: ['uuid', people.map(({ account }) => account)],
    merged_into: ['uuid', people.map(({ mergedInto }) => mergedInto)],
    fields: [
      'jsonb',
      people.map(({ created, fields }) => JSON.stringify({ ...fields, ...(created !== null && { created_date: created }) })),
    ],
    created_at: ['timestamptz', people.map(({ learned }) => iso(learned))],
    changed_at: ['timestamptz', people.map(({ learned }) => iso(learned))],
  });
  const changed = ({ events, handed }: Story) => Math.max(handed, ...events.map(({ at }) => at));
  const first = ({ events }: Story, ...kinds: string[]) => {
    const found = events.filter(({ kind }) => kinds.includes(kind)).map(({ at }) => at);
    return found.length === 0 ? null : Math.min(...found);
  };
  await insert(
    'hand_off',
    {
      id: ['uuid', stories.map(({ id }) => id)],
      person_id: ['uuid', stories.map(({ person }) => person)],
      handed_at: ['timestamptz', stories.map(({ handed }) => iso(handed))],
      source: texts(stories.map(({ source }) => source)),
      tier: texts(stories.map(({ tier }) => tier)),
      stage: texts(stories.map(({ stage }) => stage)),
      code: texts(stories.map(({ code }) => code)),
      touched_at: ['timestamptz', stories.map((story) => iso(first(story, 'attempt', 'meeting')))],
      qualified_at: ['timestamptz', stories.map((story) => iso(first(story, 'qualify')))],
      opened_at: ['timestamptz', stories.map((story) => iso(first(story, 'open_opportunity')))],
      disposed_at: ['timestamptz', stories.map(({ disposed }) => iso(disposed))],
      closed_at: ['timestamptz', stories.map(({ closed }) => iso(closed))],
      changed_at: ['timestamptz', stories.map((story) => iso(changed(story)))],
      ordinal: ['int', stories.map(({ events }) => String(events.length))],
    },
    { holds: "'[]'", facts: "'{}'", sla: "'none'", taxonomy: "'none'", next_at: "'9999-12-31'" },
  );
  const log = stories.flatMap(({ id, handed, events }) =>
    [{ kind: 'hand_off', at: handed } as StoryEvent, ...events].map((event, ordinal) => ({ id, ordinal, event })),
  );
  await insert(
    'hand_off_event',
    {
      hand_off_id: ['uuid', log.map(({ id }) => id)],
      ordinal: ['int', log.map(({ ordinal }) => String(ordinal))],
      at: ['timestamptz', log.map(({ event }) => iso(event.at))],
      kind: texts(log.map(({ event }) => event.kind)),
    },
    { recorded_at: 'r.at', actor: "'test'", sla: "'none'", detail: "'{}'" },
  );
  await insert('opportunity', {
    id: ['uuid', deals.map(({ id }) => id)],
    account_id: ['uuid', deals.map(({ account }) => account)],
    fields: ['jsonb', deals.map(({ fields }) => JSON.stringify(fields))],
    created_at: ['timestamptz', deals.map(() => iso(world.now))],
    changed_at: ['timestamptz', deals.map(() => iso(world.now))],
  });
  const seen = deals.flatMap(({ id, stages }) => stages.map((stage, ordinal) => ({ id, ordinal, ...stage })));
  await insert(
    'observation',
    {
      entity_id: ['uuid', seen.map(({ id }) => id)],
      ordinal: ['int', seen.map(({ ordinal }) => String(ordinal))],
      observed_at: ['timestamptz', seen.map(({ at }) => iso(at))],
      observed_day: ['int', seen.map(({ at }) => String(Math.floor(at / DAY)))],
      values: ['jsonb', seen.map(({ stage }) => JSON.stringify({ stage }))],
    },
    { recorded_at: 'r.observed_at', kind: "'opportunity'", source: "'crm'", confidence: '10000', cost_micros: '0' },
  );
  await insert(
    'event',
    {
      id: ['uuid', touches.map((_, i) => derivedId('event', ctx.workspaceId, String(i)))],
      external_id: texts(touches.map((_, i) => String(i))),
      type: texts(touches.map(({ type }) => type)),
      occurred_at: ['timestamptz', touches.map(({ at }) => iso(at))],
      occurred_day: ['int', touches.map(({ at }) => String(Math.floor(at / DAY)))],
      person_id: ['uuid', touches.map(({ person }) => person)],
      account_id: ['uuid', touches.map(({ account }) => account)],
    },
    { recorded_at: 'r.occurred_at', source: "'web'" },
  );
  const latest = new Map(scores.map((one) => [one.account, one]));
  for (const one of scores) if (one.day > (latest.get(one.account)?.day ?? 0)) latest.set(one.account, one);
  const scoreColumns = (of: readonly Scored[]): Record<string, Column> => ({
    subject_id: ['uuid', of.map(({ account }) => account)],
    as_of_day: ['int', of.map(({ day }) => String(day))],
    known_at: ['timestamptz', of.map(({ day }) => iso(day * DAY))],
    tier: texts(of.map(({ tier }) => tier)),
  });
  const fixed = {
    kind: "'account'",
    rubric_version: '1',
    taxonomy_version: '1',
    score: '50',
    points: "'{}'",
    unknown: '0',
    disqualified: '0',
  };
  const past = scores.filter((one) => latest.get(one.account) !== one);
  const replaced = ({ account, day }: Scored) =>
    Math.min(...scores.filter((other) => other.account === account && other.day > day).map((later) => later.day));
  await insert('score', scoreColumns([...latest.values()]), fixed);
  const replacedAt: Column = ['timestamptz', past.map((one) => iso(replaced(one) * DAY))];
  await insert('score_history', { ...scoreColumns(past), replaced_at: replacedAt }, fixed);
}
