import { z } from 'zod';
import { audit, readWorkspace, recordInWorkspace, requireScope } from '../db/workspace.ts';
import type { Context, Person } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { SamepageError, shown } from '../kernel/errors.ts';
import { parseInput } from '../kernel/parse-input.ts';
import { type Activated, activatedText, activateSigned } from './activate-signed.ts';
import { team } from './core/common.ts';
import { type Definition, definitionKind, hashStart } from './core/definition.ts';
import { differences, differenceText } from './core/difference.ts';
import { labelsOf } from './core/sentence.ts';
import { missingTeams, type Round, requiredTeams, type Signing, signableRounds, standing, stateAfter, type Team } from './core/signing.ts';
import { currentDefinition } from './current-definition.ts';
import { definitionByHash } from './definition-by-hash.ts';
import { readSigning } from './read-signing.ts';
import type { Settle } from './save-definition.ts';
import { teamMembers } from './team-members.ts';
import { writeState } from './write-state.ts';

export const signDefinitionInput = z.strictObject({
  kind: definitionKind,
  team,
  /** The first 8 characters or more; the open proposal, or else the version in use, when left out. */
  hash: hashStart.optional(),
  withdraw: z.boolean().default(false),
  reason: z.string().trim().min(1).max(500).optional(),
});
type Input = z.output<typeof signDefinitionInput>;

export interface Signed {
  kind: Definition['kind'];
  hash: string;
  version: number;
  state: Round['state'];
  signed: Team[];
  missing: Team[];
  /** What came into use by this signature. */
  activated: Activated[];
}

interface Subject {
  signing: Signing;
  round: Round;
  version: number;
  leaders: string[];
}

const MOST_LINES = 40;

/**
 * A leader's signature under one version of a definition, or its withdrawal. The leader is asked in person, and what is
 * signed is looked up again after the answer. With the last signature the version comes into use, on its day.
 * @throws SamepageError `permission_denied` when nobody can be asked or the person says no; `conflict` for a version that is
 * not open for signature, was signed already, or changed while the person read.
 */
export async function signDefinition(ctx: Context, given: z.input<typeof signDefinitionInput>, settle: Settle): Promise<Signed> {
  requireScope(ctx, 'write');
  const input = parseInput(signDefinitionInput, given, 'sign_definition');
  if (!requiredTeams(input.kind).includes(input.team))
    throw new SamepageError(
      'invalid_input',
      `team: ${input.team} does not sign the ${input.kind}.`,
      `Give one of ${requiredTeams(input.kind).join(', ')}.`,
      { problems: [{ path: 'team', value: input.team, reason: `is not one of ${requiredTeams(input.kind).join(', ')}` }] },
    );
  const { subject, text } = await readWorkspace(ctx, async (tx) => {
    const found = await subjectOf(tx, ctx, input);
    return { subject: found, text: await explain(tx, ctx, input, found) };
  });
  const person = ctx.person ?? refuseAlone(input);
  const { kind } = input;
  const word = input.withdraw ? 'take the signature back' : 'sign';
  const name = await person.ask({
    title: `${input.withdraw ? 'Take back the signature under' : 'Sign'} ${kind} v${subject.version} for ${input.team}?`,
    text,
    names: subject.leaders,
    word,
  });
  if (name === undefined)
    throw new SamepageError('permission_denied', 'Nobody who was asked agreed; nothing was signed.', 'Leave the decision to them.');
  return record(ctx, { ...input, hash: subject.round.hash }, { name, way: person.way, openedAt: subject.round.openedAt }, settle);
}

function record(
  ctx: Context,
  input: Input,
  { name, way, openedAt }: { name: string; way: Person['way']; openedAt: string },
  settle: Settle,
): Promise<Signed> {
  const { kind, team, withdraw, reason = null } = input;
  return recordInWorkspace(ctx, async (tx, recordedAt) => {
    const { signing, round, version, leaders } = await subjectOf(tx, ctx, input);
    if (round.openedAt !== openedAt)
      throw new SamepageError('conflict', `The ${kind} v${version} was proposed anew meanwhile.`, 'Read it again, and sign then.');
    if (!leaders.includes(name))
      throw new SamepageError('permission_denied', `${shown(name)} does not lead ${team}.`, 'One of the leaders of the team signs.');
    const entry = { hash: round.hash, openedAt, recordedAt: recordedAt.toISOString(), team, name, way, reason, by: ctx.actor.id };
    const action = withdraw ? ('withdraw' as const) : ('sign' as const);
    await tx.query(
      `insert into definition_signature (workspace_id, kind, hash, opened_at, team, recorded_at, action, name, way, reason, recorded_by)
       values ($1, $2, $3, $4::timestamptz, $5, $6::timestamptz, $7, $8, $9, $10, $11)`,
      [ctx.workspaceId, kind, round.hash, openedAt, team, entry.recordedAt, action, name, way, reason, ctx.actor.id],
    );
    const now: Signing = { ...signing, signatures: [...signing.signatures, { ...entry, action }] };
    const state = stateAfter(now, round);
    if (state !== undefined) {
      const { hash, activeFrom } = round;
      await writeState(
        tx,
        ctx,
        { kind, hash, state, signed: state === 'active' || state === 'signed', openedAt, activeFrom, reason: null },
        recordedAt,
      );
    }
    const activated = state === 'signed' ? await activateSigned(tx, ctx, recordedAt, settle) : [];
    const isActive = activated.some((one) => one.kind === kind && one.hash === round.hash);
    const detail = `${kind} v${version} ${round.hash} ${team} ${way}`;
    await audit(
      tx,
      ctx,
      withdraw ? 'withdraw_signature' : 'sign_definition',
      [detail, activatedText(activated)].filter((part) => part !== '').join(', '),
    );
    return {
      kind,
      hash: round.hash,
      version,
      state: isActive ? 'active' : (state ?? round.state),
      signed: standing(now, round).map((one) => one.team),
      missing: missingTeams(now, round),
      activated,
    };
  });
}

/** The round that is asked for, as it stands in this transaction. */
async function subjectOf(tx: Tx, ctx: Context, { kind, team, hash, withdraw }: Input): Promise<Subject> {
  const signing = await readSigning(tx, ctx, kind);
  const rounds = signableRounds(signing);
  const round = rounds.find((one) => hash === undefined || one.hash.startsWith(hash));
  const first = rounds[0];
  if (round === undefined)
    throw new SamepageError(
      'conflict',
      `${kind} ${shown(hash)} is not open for signature${first === undefined ? '' : `; ${first.hash} is`}.`,
      `Call get_definition with kind "${kind}" and read the version that is open, then sign that.`,
    );
  const signed = standing(signing, round).some((one) => one.team === team);
  const { version } = await definitionByHash(tx, ctx, kind, round.hash);
  if (signed !== withdraw)
    throw new SamepageError(
      'conflict',
      `${team} has ${signed ? 'signed' : 'not signed'} ${kind} v${version} ${round.hash}${signed ? ' already' : ''}.`,
      signed ? 'Nothing is left to do for this team.' : 'Leave out withdraw to sign it.',
    );
  const leaders = (await teamMembers(tx, ctx)).filter((one) => one.team === team && one.role === 'leader').map(({ name }) => name);
  if (leaders.length === 0)
    throw new SamepageError(
      'conflict',
      `The team ${team} has no leader who could sign.`,
      `Ask a person to name one at a terminal: \`samepage-mcp team lead ${team} "Name"\`.`,
    );
  return { signing, round, version, leaders };
}

async function explain(tx: Tx, ctx: Context, { kind, team }: Input, { signing, round, version }: Subject): Promise<string> {
  const signed = standing(signing, round);
  const lines = [
    `${kind} v${version}, sha256 ${round.hash}`,
    signed.length === 0 ? 'Nobody has signed it yet.' : `Signed so far: ${signed.map((one) => `${one.name} for ${one.team}`).join(', ')}.`,
    `Asked to sign: ${team}, through ${ctx.actor.id}.`,
  ];
  if (round.inUse) return [...lines, 'It is in use now.'].join('\n');
  const [current, proposed, taxonomy] = await Promise.all([
    currentDefinition(tx, ctx, kind),
    definitionByHash(tx, ctx, kind, round.hash),
    currentDefinition(tx, ctx, 'taxonomy'),
  ]);
  const changes = differences(current.document, proposed.document, labelsOf(taxonomy.document)).map(differenceText);
  const more = changes.length > MOST_LINES ? [`… and ${changes.length - MOST_LINES} more`] : [];
  return [
    ...lines,
    `With all signatures it takes the place of v${current.version} (${current.status})${round.activeFrom === null ? '' : ` from ${round.activeFrom}`}.`,
    ...changes.slice(0, MOST_LINES),
    ...more,
  ].join('\n');
}

function refuseAlone({ kind, team, withdraw }: Input): never {
  throw new SamepageError(
    'permission_denied',
    'Only a person signs, and this client has no way to ask one.',
    `Ask a leader of ${team} to run \`samepage-mcp sign ${kind} --team ${team}${withdraw ? ' --withdraw' : ''}\` at a terminal.`,
  );
}
