import { z } from 'zod';
import { unlessWritten } from '../db/unless-written.ts';
import { requireScope } from '../db/workspace.ts';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { dayOf } from '../kernel/dates.ts';
import { SamepageError, shown } from '../kernel/errors.ts';
import { instantText } from '../kernel/instant-text.ts';
import { parseInput } from '../kernel/parse-input.ts';
import { type Definition, type DefinitionKind, type DefinitionRef, definitionKind, hashStart } from './core/definition.ts';
import { differences, differenceText } from './core/difference.ts';
import { type DueReview, dueText } from './core/due.ts';
import { type Labels, labelsOf } from './core/sentence.ts';
import {
  historyOf,
  latestState,
  missingTeams,
  openProposal,
  requiredTeams,
  type SignatureEntry,
  type Signing,
  type State,
  signableRounds,
  standing,
  type Team,
} from './core/signing.ts';
import type { SummarySection } from './core/summary.ts';
import { currentDefinition, refOf } from './current-definition.ts';
import { definitionByHash, definitionByVersion } from './definition-by-hash.ts';
import { readDue } from './read-due.ts';
import { readSigning } from './read-signing.ts';
import { summaryOf } from './summary-of.ts';

export const getDefinitionInput = z
  .strictObject({
    kind: definitionKind,
    hash: hashStart.optional(),
    version: z.int().min(1).optional(),
    known_at: instantText.optional(),
    /** Another version of the kind, to tell the difference from. */
    compare_to: z
      .string()
      .regex(/^(in_use|[0-9a-f]{8,64})$/, 'in_use, or the first 8 to 64 characters of a hash')
      .optional(),
  })
  .refine((i) => [i.hash, i.version, i.known_at].filter((x) => x !== undefined).length <= 1, 'give at most one of hash, version, known_at');

export interface DefinitionView {
  definition: Definition;
  /** When this version first came, and who saved it. */
  recordedAt: string;
  recordedBy: string;
  /** Since when it is in use; null when another version is. */
  inUseSince: string | null;
  /** How many versions of the kind there are. */
  versions: number;
  summary: SummarySection[];
  /** Of the cadence in use: when each review is due, and what is overdue. */
  due: DueReview[];
  signing: SigningView;
  /** Lines, from the version that was named to this one; null when none was named. */
  difference: { from: DefinitionRef; lines: string[] } | null;
  /** What the answer rests on: itself, and the taxonomy whose labels it speaks in. */
  used: DefinitionRef[];
}

export interface SigningView {
  state: State;
  /** Teams whose leaders sign this kind. */
  required: Team[];
  /** Those that stand in the version's latest round. */
  signatures: SignatureEntry[];
  /** The version that waits for signatures, or for its day. */
  open: { hash: string; version: number; state: State; activeFrom: string | null; missing: Team[] } | null;
  history: { at: string; what: string }[];
}

const factsRow = z.object({
  recorded_at: z.coerce.date(),
  recorded_by: z.string(),
  in_use_since: z.coerce.date().nullable(),
  versions: z.number(),
});

/** Of the version with a hash, or of the one in use. */
const FACTS = `with head as (
    select hash, recorded_at from definition_head where workspace_id = $1 and kind = $2 order by recorded_at desc limit 1)
  select v.recorded_at, v.recorded_by, (select count(*)::int from definition_version where workspace_id = $1 and kind = $2) as versions,
    (select recorded_at from head where hash = v.hash) as in_use_since
  from definition_version v where v.workspace_id = $1 and v.kind = $2 and v.hash = coalesce($3, (select hash from head))`;

/**
 * One version of a definition, the current one unless told otherwise, with its predicates as sentences.
 * @throws SamepageError `not_found`; `ambiguous` for the start of several hashes.
 */
export async function getDefinition(ctx: Context, given: z.input<typeof getDefinitionInput>): Promise<DefinitionView> {
  requireScope(ctx, 'read');
  const input = parseInput(getDefinitionInput, given, 'get_definition');
  const question = ['definition', input, dayOf(ctx.now())];
  return unlessWritten(ctx, question, (tx) => viewIn(tx, ctx, input));
}

async function viewIn(tx: Tx, ctx: Context, input: z.output<typeof getDefinitionInput>): Promise<DefinitionView> {
  const { kind } = input;
  const isNamed = [input.hash, input.version, input.known_at].some((x) => x !== undefined);
  const finding = find(tx, ctx, input);
  // of the one in use all is asked at once; of another its hash comes first
  const hash = isNamed ? (await finding).hash : null;
  const [definition, taxonomy, rows, signed, dueInUse] = await Promise.all([
    finding,
    kind === 'taxonomy' ? finding : currentDefinition(tx, ctx, 'taxonomy'),
    tx.query(FACTS, [ctx.workspaceId, kind, hash], { prepare: true }),
    readSigning(tx, ctx, kind),
    kind === 'cadence' ? readDue(tx, ctx) : [],
  ]);
  if (taxonomy.kind !== 'taxonomy') throw new Error('the taxonomy is of another kind');
  const signing = await signingView(tx, ctx, definition, signed);
  const facts = factsRow.parse(rows[0]);
  const labels = labelsOf(taxonomy.document);
  const due = facts.in_use_since === null ? [] : dueInUse;
  return {
    definition,
    recordedAt: facts.recorded_at.toISOString(),
    recordedBy: facts.recorded_by,
    inUseSince: facts.in_use_since?.toISOString() ?? null,
    versions: facts.versions,
    summary: [
      ...summaryOf(definition, taxonomy.document, labels),
      ...(due.length === 0 ? [] : [{ heading: 'Due', lines: due.map(dueText) }]),
    ],
    due,
    signing,
    difference: input.compare_to === undefined ? null : await differenceFrom(tx, ctx, input.compare_to, definition, labels),
    used: definition.kind === 'taxonomy' ? [refOf(definition)] : [refOf(definition), refOf(taxonomy)],
  };
}

async function signingView(tx: Tx, ctx: Context, { kind, hash }: Definition, signing: Signing): Promise<SigningView> {
  const proposal = openProposal(signing);
  const last = latestState(signing, hash);
  const round = signableRounds(signing).find((one) => one.hash === hash) ?? last;
  return {
    state: round?.state ?? 'draft',
    required: requiredTeams(kind),
    signatures: round === undefined ? [] : standing(signing, round),
    open:
      proposal === undefined
        ? null
        : {
            hash: proposal.hash,
            version: (await definitionByHash(tx, ctx, kind, proposal.hash)).version,
            state: proposal.state,
            activeFrom: proposal.activeFrom,
            missing: missingTeams(signing, proposal),
          },
    history: historyOf(signing, hash),
  };
}

async function differenceFrom(
  tx: Tx,
  ctx: Context,
  name: string,
  to: Definition,
  labels: Labels,
): Promise<{ from: DefinitionRef; lines: string[] }> {
  const from =
    name === 'in_use'
      ? await currentDefinition(tx, ctx, to.kind)
      : await definitionByHash(tx, ctx, to.kind, await fullHash(tx, ctx, to.kind, name));
  return { from: refOf(from), lines: differences(from.document, to.document, labels).map(differenceText) };
}

async function find(tx: Tx, ctx: Context, input: z.output<typeof getDefinitionInput>): Promise<Definition> {
  const { kind, hash, version, known_at } = input;
  if (version !== undefined) return definitionByVersion(tx, ctx, kind, version);
  if (hash !== undefined) return definitionByHash(tx, ctx, kind, await fullHash(tx, ctx, kind, hash));
  return currentDefinition(tx, ctx, kind, known_at === undefined ? undefined : new Date(known_at));
}

/** The hash that begins so. A hash no version has comes back as it is, and is not found. */
async function fullHash(tx: Tx, ctx: Context, kind: DefinitionKind, start: string): Promise<string> {
  const rows = await tx.query(
    'select hash, version from definition_version where workspace_id = $1 and kind = $2 and starts_with(hash, $3) order by version limit 10',
    [ctx.workspaceId, kind, start],
  );
  const found = z.array(z.object({ hash: z.string(), version: z.number() })).parse(rows);
  if (found.length > 1)
    throw new SamepageError(
      'ambiguous',
      `Several versions of the ${kind} begin with ${shown(start)}: ${found.map((v) => `v${v.version} ${v.hash.slice(0, 16)}`).join(', ')}.`,
      'Give more characters of the hash, or the version number.',
    );
  return found[0]?.hash ?? start;
}
