import type { TEAMS } from './common.ts';
import type { DefinitionKind } from './definition.ts';

export type Team = (typeof TEAMS)[number];

/** What became of a version; the latest of a hash holds. One without any is a draft. */
export const STATES = ['draft', 'proposed', 'signed', 'active', 'superseded', 'withdrawn'] as const;
export type State = (typeof STATES)[number];

export interface StateEntry {
  hash: string;
  recordedAt: string;
  state: State;
  /** Whether every required team's signature stood. */
  signed: boolean;
  /** When the version was opened for signature: a signature counts in this round alone. */
  openedAt: string;
  activeFrom: string | null;
  reason: string | null;
  by: string;
}

export interface SignatureEntry {
  hash: string;
  openedAt: string;
  recordedAt: string;
  team: Team;
  action: 'sign' | 'withdraw';
  /** The leader. */
  name: string;
  way: 'elicitation' | 'terminal';
  reason: string | null;
  /** The client through which it came. */
  by: string;
}

/** All that was ever proposed, signed and decided of one kind, oldest first, and what is in use. */
export interface Signing {
  kind: DefinitionKind;
  head: { hash: string; recordedAt: string };
  states: readonly StateEntry[];
  signatures: readonly SignatureEntry[];
}

/** A version that can be signed now. */
export interface Round {
  hash: string;
  openedAt: string;
  state: State;
  inUse: boolean;
  activeFrom: string | null;
}

/** The teams whose leaders sign a kind: both that work with it, and finance where figures are its own. */
export function requiredTeams(kind: DefinitionKind): Team[] {
  return kind === 'attribution' ? ['marketing', 'sales', 'finance'] : ['marketing', 'sales'];
}

/** What last became of a hash. */
export function latestState(signing: Signing, hash: string): StateEntry | undefined {
  return signing.states.findLast((entry) => entry.hash === hash);
}

/** The version that waits for signatures, or for its day. There is one at most. */
export function openProposal(signing: Signing): StateEntry | undefined {
  return signing.states.findLast((entry) => isOpen(entry) && latestState(signing, entry.hash) === entry);
}

const isOpen = ({ state }: StateEntry) => state === 'proposed' || state === 'signed';

/** What can be signed now: the open proposal first, then the version in use. */
export function signableRounds(signing: Signing): Round[] {
  const open = openProposal(signing);
  const { head } = signing;
  const last = latestState(signing, head.hash);
  // an entry from before the version came into use is of a round that is over
  const own = last !== undefined && last.recordedAt >= head.recordedAt ? last : undefined;
  const inUse: Round = {
    hash: head.hash,
    openedAt: own?.openedAt ?? head.recordedAt,
    state: own?.state ?? 'draft',
    inUse: true,
    activeFrom: null,
  };
  if (open === undefined) return [inUse];
  const { hash, openedAt, state, activeFrom } = open;
  return [{ hash, openedAt, state, inUse: false, activeFrom }, ...(hash === head.hash ? [] : [inUse])];
}

/** The signatures of a round that were not taken back, one a team. */
export function standing(signing: Pick<Signing, 'signatures'>, { hash, openedAt }: Pick<Round, 'hash' | 'openedAt'>): SignatureEntry[] {
  const ofTeam = new Map<Team, SignatureEntry>();
  for (const entry of signing.signatures) {
    if (entry.hash === hash && entry.openedAt === openedAt) ofTeam.set(entry.team, entry);
  }
  return [...ofTeam.values()].filter(({ action }) => action === 'sign');
}

/** The required teams that have not signed a round. */
export function missingTeams(signing: Pick<Signing, 'kind' | 'signatures'>, round: Pick<Round, 'hash' | 'openedAt'>): Team[] {
  const signed = new Set(standing(signing, round).map(({ team }) => team));
  return requiredTeams(signing.kind).filter((team) => !signed.has(team));
}

/** The state that a round is in after a signature was given or taken back; undefined where it stays as it is. */
export function stateAfter(
  signing: Pick<Signing, 'kind' | 'signatures'>,
  round: Round,
): 'active' | 'signed' | 'proposed' | 'draft' | undefined {
  const whole = missingTeams(signing, round).length === 0;
  const next = round.inUse ? (whole ? 'active' : 'draft') : whole ? 'signed' : 'proposed';
  return next === round.state ? undefined : next;
}

/** What happened to a hash, oldest first, each a sentence. */
export function historyOf(signing: Signing, hash: string): { at: string; what: string }[] {
  const states = signing.states.filter((entry) => entry.hash === hash);
  const signatures = signing.signatures.filter((entry) => entry.hash === hash);
  const why = (reason: string | null) => (reason === null ? '' : `: ${reason}`);
  return [
    ...signatures.map(({ recordedAt, team, action, name, way, by, reason }) => ({
      at: recordedAt,
      what: `${action === 'sign' ? 'signed' : 'signature taken back'} for ${team} by ${name} (${way}, ${by})${why(reason)}`,
    })),
    ...states.map(({ recordedAt, state, by, reason, activeFrom }) => ({
      at: recordedAt,
      what: `${state} by ${by}${activeFrom === null ? '' : `, for use from ${activeFrom}`}${why(reason)}`,
    })),
  ].sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
}
