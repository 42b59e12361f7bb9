import { z } from 'zod';
import { readWorkspace, recordInWorkspace, requireScope } from '../db/workspace.ts';
import type { Taxonomy } from '../definitions/core/taxonomy.ts';
import { currentDefinition, type DefinitionRef, refOf } from '../definitions/current-definition.ts';
import { canonicalJson } from '../kernel/canonical-json.ts';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { type Problem, SamepageError } from '../kernel/errors.ts';
import { derivedId } from '../kernel/ids.ts';
import { instantText } from '../kernel/instant-text.ts';
import { parseInput } from '../kernel/parse-input.ts';
import { SqlParams } from '../kernel/sql-params.ts';
import type { Outcome } from '../records/core/chunk.ts';
import type { ColumnMapping } from '../records/core/guess-mapping.ts';
import { type ReadRow, rowReader } from '../records/core/row-reader.ts';
import { importChunk } from '../records/import-chunk.ts';
import { loadCountries } from '../records/load-countries.ts';

const DEFAULT_SOURCE = 'api';
const SKEW_MS = 86_400_000;
const key = z.string().trim().min(1).max(500);

const givenEvent = z.strictObject({
  event_id: key.describe('your id: sent again it changes nothing, with other content it corrects'),
  type: key.describe('an event type of the taxonomy, as pricing_page'),
  occurred_at: instantText,
  email: key.optional(),
  person_external_id: key.optional(),
  account_external_id: key.optional(),
  anonymous_id: key.optional().describe('of the cookie or device: its events count for whom it is identified with'),
  domain: key.optional(),
  attributes: z.record(z.string().max(100), z.union([z.string().max(1000), z.number(), z.boolean()])).optional(),
});

/** What `recordEngagement` takes. */
export const engagementInput = z.strictObject({
  events: z
    .array(givenEvent)
    .min(1)
    .max(1000)
    .describe('name whom each concerns: e-mail or id of the person, id or domain of the account, or anonymous_id'),
  source: z.string().trim().min(1).max(100).default(DEFAULT_SOURCE).describe('system they are from'),
});

export interface RecordedEvent {
  eventId: string;
  outcome: Outcome;
  /** Whom it counts for today. */
  personId: string | null;
  accountId: string | null;
}

export interface RecordedEngagement {
  source: string;
  created: number;
  corrected: number;
  duplicates: number;
  events: RecordedEvent[];
  definitions: DefinitionRef[];
}

/**
 * Records engagement events and intent signals, all or none. An event is told by its source and id: the same again is a
 * duplicate, other content under the id a correction, which leaves what was believed before on record. An unknown e-mail makes a person.
 * @throws SamepageError `invalid_input` naming each event that cannot be taken, as in `events[3].type`
 */
export async function recordEngagement(ctx: Context, given: z.input<typeof engagementInput>): Promise<RecordedEngagement> {
  requireScope(ctx, 'write');
  const input = parseInput(engagementInput, given, 'record_engagement');
  const definition = await readWorkspace(ctx, (tx) => currentDefinition(tx, ctx, 'taxonomy'));
  const taxonomy = definition.document;
  const rows = await readEvents(ctx, input.events, taxonomy);
  const { source } = input;
  const { outcomes, stored } = await recordInWorkspace(ctx, async (tx, recordedAt) => {
    const counts = await importChunk(tx, ctx, rows, {
      importId: null,
      source,
      kind: 'events',
      observedAt: recordedAt.getTime(),
      recordedAt,
      firstOrdinal: 0,
      verb: 'record_engagement',
    });
    return { outcomes: counts.outcomes, stored: await whomTheyConcern(tx, ctx, source, rows) };
  });
  const events = rows.map((row, i): RecordedEvent => {
    const found = stored.get(derivedId('event', source, row.externalId));
    return {
      eventId: row.externalId,
      outcome: outcomes[i] ?? 'unchanged',
      personId: found?.person_id ?? null,
      accountId: found?.account_id ?? null,
    };
  });
  const count = (outcome: Outcome) => events.filter((event) => event.outcome === outcome).length;
  return {
    source,
    created: count('created'),
    corrected: count('updated'),
    duplicates: count('unchanged'),
    events,
    definitions: [refOf(definition)],
  };
}

/** Where each part of an event goes in the reading that imported rows have too. */
const COLUMNS = {
  event_id: 'event_id',
  type: 'event_type',
  occurred_at: 'occurred_at',
  email: 'person.email',
  person_external_id: 'person_external_id',
  account_external_id: 'account_external_id',
  anonymous_id: 'anonymous_id',
  domain: 'account.domain',
} as const;
const NAMES = Object.keys(COLUMNS) as (keyof typeof COLUMNS)[];
const MAPPING: readonly ColumnMapping[] = NAMES.map((column) => ({ column, target: COLUMNS[column], reason: '' }));

async function readEvents(ctx: Context, events: z.output<typeof engagementInput>['events'], taxonomy: Taxonomy): Promise<ReadRow[]> {
  const countries = await loadCountries();
  const read = rowReader({ kind: 'events', mapping: MAPPING, taxonomy, reading: { countries }, latest: ctx.now().getTime() + SKEW_MS });
  const problems: Problem[] = [];
  const rows = events.flatMap((event, i): ReadRow[] => {
    const row = read({ line: i + 1, payload: canonicalJson(event), cells: NAMES.map((name) => event[name]) });
    if (Array.isArray(row)) {
      problems.push(
        ...row.map((cell) => ({
          path: `events[${i}]${cell.column === null ? '' : `.${cell.column}`}`,
          ...(cell.value === '' ? {} : { value: cell.value }),
          reason: cell.reason,
        })),
      );
      return [];
    }
    return [row.event === undefined ? row : { ...row, event: { ...row.event, attributes: event.attributes ?? null } }];
  });
  const [first] = problems;
  if (first === undefined) return rows;
  throw new SamepageError(
    'invalid_input',
    `${first.path} ${first.reason}${first.value === undefined ? '' : `; found ${first.value}`}.`,
    'Correct the events named and send all again; nothing was recorded.',
    { problems: problems.slice(0, 50) },
  );
}

const storedRows = z.array(z.object({ id: z.string(), person_id: z.string().nullable(), account_id: z.string().nullable() }));

async function whomTheyConcern(tx: Tx, ctx: Context, source: string, rows: readonly ReadRow[]) {
  const params = new SqlParams();
  const ids = rows.map((row) => derivedId('event', source, row.externalId));
  const found = storedRows.parse(
    await tx.query(
      `select id::text, person_id::text, account_id::text from event
       where workspace_id = ${params.add(ctx.workspaceId)} and id = any(${params.uuids(ids)}) and superseded_at is null`,
      params.values,
    ),
  );
  return new Map(found.map((row) => [row.id, row]));
}
