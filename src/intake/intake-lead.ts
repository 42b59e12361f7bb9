import { z } from 'zod';
import { forRows } from '../db/bulk.ts';
import { readWorkspace, recordInWorkspace, requireScope } from '../db/workspace.ts';
import { currentDefinition, type Definition } from '../definitions/current-definition.ts';
import type { ProviderHouse } from '../enrichment/provider-house.ts';
import type { Readiness } from '../handoff/core/readiness.ts';
import { readReadiness } from '../handoff/read-readiness.ts';
import { entityReader } from '../identity/core/read-entities.ts';
import { type PlacedWith, placeOf } from '../identity/get-match.ts';
import type { IdentityIndex } from '../identity/identity-index.ts';
import { keepLeadMatch, keptMatches, type LeadMatch, matchInForce, ofVerdict } from '../identity/lead-matches.ts';
import { leadVerdicts } from '../identity/lead-verdicts.ts';
import { likelyKeys, matchAccount } from '../identity/match-account.ts';
import { noteLeadReview } from '../identity/note-lead-review.ts';
import { probeAccounts } from '../identity/probe-accounts.ts';
import { readIndexed } from '../identity/read-indexed.ts';
import { personRecord, readPeople } from '../identity/read-people.ts';
import { type RecordedPerson, recordPeople } from '../identity/record-people.ts';
import { AccountSearch } from '../identity/search-accounts.ts';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { dayFromIso } from '../kernel/dates.ts';
import { parseInput } from '../kernel/parse-input.ts';
import type { ReadRow } from '../records/core/row-reader.ts';
import { findPerson } from '../records/find-person.ts';
import { loadCountries } from '../records/load-countries.ts';
import { placeMatched } from '../records/place-matched.ts';
import { findSubject, type ScoreView, scoreView } from '../scoring/get-score.ts';
import { isInForce, keepScore, writeScore } from '../scoring/score-record.ts';
import { enrichLead, enrichLeadInput, type LeadEnrichment } from './enrich-lead.ts';

export const intakeLeadInput = personRecord
  .extend({
    source: z.string().trim().min(1).max(100).default('api').describe('system it is from'),
    ...enrichLeadInput,
  })
  .refine(({ email, external_id }) => email !== undefined || external_id !== undefined, {
    error: 'give email or external_id',
    path: ['email'],
  });
type Lead = z.output<typeof intakeLeadInput>;

export interface IntakenLead {
  outcome: RecordedPerson['outcome'];
  person: { id: string; name: string | null; email: string | null };
  /** The merge that made the lead one with a person who was there; null for one who stands alone, or was the same before. */
  merge: RecordedPerson['merge'];
  /** The account that the person belongs to, and why. */
  account: PlacedWith | null;
  /** What was decided about the account from what the lead says: the record that later readers go by. */
  match: LeadMatch;
  /** What was found before it was scored; null where there is nobody to ask. */
  enrichment: LeadEnrichment | null;
  score: ScoreView;
  readiness: Readiness;
  definitions: ScoreView['definitions'];
}

/**
 * A new lead's whole way: recorded, stitched with who is there, matched with its account, enriched, scored, and found ready to hand off or not,
 * and why. A lead is told by its source and id (else its e-mail address): the same again records nothing and gives the same answer.
 * @throws SamepageError `invalid_input` naming each field that cannot be read
 */
export async function intakeLead(
  ctx: Context,
  given: z.input<typeof intakeLeadInput>,
  house?: () => Promise<ProviderHouse>,
): Promise<IntakenLead> {
  requireScope(ctx, 'write');
  const lead = parseInput(intakeLeadInput, given, 'intake_lead');
  const start = await readIndexed(
    ctx,
    (tx) => currentDefinition(tx, ctx, 'taxonomy'),
    (tx, index, taxonomy) => before(tx, ctx, lead, { index, taxonomy }),
  );
  // lists are the team's own descriptions: where it has none, nobody is looked for
  const isEnriched = lead.enrich_usd !== undefined || house !== undefined || ctx.providers?.folder !== undefined;
  const recorded =
    start.again ??
    (await recordInWorkspace(ctx, async (transaction, recordedAt) => {
      const tx = forRows(transaction, 1);
      const made = await record(tx, ctx, lead, start, recordedAt);
      // nobody else can know of a newcomer who stands alone, and so none holds its score and waits for this
      const isScored = !isEnriched && made.isAlone && (await writeScore(tx, ctx, { kind: 'lead', id: made.entity }));
      return { ...made, isScored };
    }));
  const enrichment = isEnriched ? await enriched(ctx, recorded.entity, lead, house) : null;
  // of one who was there before, the score is most often in force already
  if (start.again === null && !recorded.isScored) await keepScore(ctx, { kind: 'lead', id: recorded.entity });
  const told = await readWorkspace(ctx, (tx) => answer(tx, ctx, recorded, enrichment));
  if (isInForce(told.score)) return told;
  await keepScore(ctx, { kind: 'lead', id: told.score.subject.id });
  return readWorkspace(ctx, (tx) => answer(tx, ctx, recorded, enrichment));
}

async function enriched(
  ctx: Context,
  person: string,
  { enrich_usd: budget, enrich_seconds: seconds }: Lead,
  house: (() => Promise<ProviderHouse>) | undefined,
): Promise<LeadEnrichment | null> {
  const place = await readWorkspace(ctx, async (tx) => placeOf(tx, ctx, person, await leadVerdicts(tx, ctx, person)));
  return enrichLead(ctx, { person, account: place?.id ?? null }, { budget, seconds }, house);
}

interface Start {
  taxonomy: Definition<'taxonomy'>;
  index: IdentityIndex;
  row: ReadRow;
  /** The lead as it was taken in before, when it says nothing new. */
  again: Recorded | null;
}

type Recorded = Pick<RecordedPerson, 'entity' | 'outcome' | 'merge'> & {
  match: LeadMatch;
  /** Made by this lead and merged with nobody. */
  isAlone?: boolean;
  isScored?: boolean | undefined;
};

const refRows = z.array(z.object({ entity_id: z.string() }));

async function before(
  tx: Tx,
  ctx: Context,
  { source, enrich_usd: _, enrich_seconds: __, ...record }: Lead,
  known: Pick<Start, 'index' | 'taxonomy'>,
): Promise<Start> {
  const [row] = await readPeople(ctx, [record], known.taxonomy.document, () => '');
  if (row === undefined) throw new Error('a lead was read as nothing');
  const [earlier] = refRows.parse(
    await tx.query(
      `select x.entity_id::text from external_ref x where x.workspace_id = $1 and x.kind = 'person' and x.source = $2 and x.external_id = $3 and x.digest = $4`,
      [ctx.workspaceId, source, row.externalId, row.digest],
    ),
  );
  const kept = earlier === undefined ? [] : await keptMatches(tx, ctx, [earlier.entity_id]);
  if (earlier === undefined || kept.length === 0) return { ...known, row, again: null };
  const { id } = await findPerson(tx, ctx, earlier.entity_id);
  const match = matchInForce(kept, await leadVerdicts(tx, ctx, id));
  if (match === null) return { ...known, row, again: null };
  return { ...known, row, again: { entity: id, outcome: 'unchanged', merge: null, match } };
}

async function record(tx: Tx, ctx: Context, lead: Lead, { index, row }: Start, recordedAt: Date): Promise<Recorded> {
  const reader = entityReader(await loadCountries(), index.home);
  const said = reader.lead(lead);
  const search = new AccountSearch(tx, ctx, said, lead.company ?? '');
  const [{ people, merged }, ahead] = await Promise.all([
    recordPeople(tx, ctx, { source: lead.source, rows: [row], verb: 'intake_lead', index, recordedAt }),
    probeAccounts(tx, ctx, likelyKeys(said), []),
    search.readNamed(),
  ]);
  const [person] = people;
  if (person === undefined) throw new Error('a lead was recorded as nobody');
  const asked = { lead: said, company: lead.company ?? '', reader, index, ahead, search };
  const isKnown = person.outcome === 'unchanged';
  const [verdicts, open] = await Promise.all([leadVerdicts(tx, ctx, person.entity), isKnown ? undefined : matchAccount(tx, ctx, asked)]);
  // another server took it in a moment ago
  const earlier = isKnown ? matchInForce(await keptMatches(tx, ctx, [person.node]), verdicts) : null;
  if (earlier !== null) return { ...person, match: earlier };
  const { ruledOut } = verdicts;
  const matched = open !== undefined && ruledOut.size === 0 ? open : await matchAccount(tx, ctx, { ...asked, ruledOut });
  const account = matched.decision === 'match' ? matched.node : null;
  const heeded = [...ruledOut.values()].map(({ decision }) => decision);
  const [kept] = await Promise.all([
    keepLeadMatch(tx, ctx, person.node, matched, { recordedAt, heeded }),
    noteLeadReview(tx, ctx, person.node, matched, recordedAt),
    account === null ? undefined : placeMatched(tx, ctx, { person: person.node, account, recordedAt, merged }),
  ]);
  const isAlone = person.outcome === 'created' && person.merge === null && person.entity === person.node;
  return { ...person, match: verdicts.belongs === null ? kept : ofVerdict(verdicts.belongs), isAlone };
}

async function answer(
  tx: Tx,
  ctx: Context,
  { entity, outcome, merge, match }: Recorded,
  enrichment: LeadEnrichment | null,
): Promise<IntakenLead> {
  const subject = await findSubject(tx, ctx, 'lead', entity);
  const [score, verdicts] = await Promise.all([scoreView(tx, ctx, 'lead', subject), leadVerdicts(tx, ctx, subject.id)]);
  const { explanation, meanings, receipt, taxonomy } = score;
  const [account, readiness] = await Promise.all([
    placeOf(tx, ctx, subject.id, verdicts),
    readReadiness(tx, ctx, {
      person: subject.id,
      taxonomy: taxonomy.document,
      asOfDay: dayFromIso(receipt.as_of),
      disqualifiedBy: explanation.disqualifiedBy.map((one) => meanings[one] ?? one),
    }),
  ]);
  return {
    outcome,
    person: { id: subject.id, name: subject.name, email: subject.key },
    merge,
    account,
    match,
    enrichment,
    score,
    readiness,
    definitions: score.definitions,
  };
}
