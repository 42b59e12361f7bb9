import type { IcpAnalysis, Leak, LevelResult, Proposal, RubricResult, Statement } from './analysis.ts';
import type { Against } from './simpson.ts';
import { STABLE } from './stability.ts';

export interface ProposalInput {
  /** With q, support, stability and reversals. */
  levels: readonly LevelResult[];
  leaks: readonly Leak[];
  rubric: RubricResult | null;
  against: readonly Against[];
  base: number;
  q: number;
}

export interface Proposals {
  proposals: Proposal[];
  no_proposals: IcpAnalysis['no_proposals'];
  /** Levels that differ beyond chance and yet are not proposed, with the reason. */
  held_back: Statement[];
}

/**
 * The levels on which the team may decide: those that differ from all others beyond chance, with enough rows, a sign that holds in resamples, no
 * sign that the field knows the outcome, and no reversal within strata. Rows without a value and mixtures of rare ones are no level that a
 * rubric could name. What is proposed comes in the order of its weight: the rows of a level times the square of its distance from the base rate.
 */
export function proposalsOf(input: ProposalInput): Proposals {
  const { levels, leaks, q } = input;
  const tested = levels.filter(({ p }) => p !== null);
  const found = tested.filter((level) => level.q !== null && level.q <= q && (level.bin.kind === 'level' || level.bin.kind === 'range'));
  const held_back: Statement[] = [];
  const proposals: Proposal[] = [];
  for (const level of found) {
    const against = reasonAgainst(level, leaks);
    if (against === null) proposals.push(proposal(level, input));
    else held_back.push({ code: against.code, subject: `${level.field}: ${level.bin.label}`, text: against.text });
  }
  const weight = ({ evidence }: Proposal) => evidence.n * (evidence.rate - input.base) ** 2;
  proposals.sort((a, b) => weight(b) - weight(a));
  return { proposals, no_proposals: proposals.length > 0 ? null : nothing(tested.length, found.length, q), held_back };
}

function reasonAgainst(level: LevelResult, leaks: readonly Leak[]): { code: string; text: string } | null {
  const leak = leaks.find(({ field }) => field === level.field);
  if (leak !== undefined) return { code: 'leak', text: leak.reasons[0]?.text ?? 'Its field may know the outcome.' };
  if (level.support !== 'enough') return { code: 'not_enough_data', text: 'There are too few rows.' };
  if (level.reversed) return { code: 'reversed', text: 'Within the strata of another field it points the other way.' };
  if (level.sign_stability === null || level.sign_stability < STABLE) {
    const kept = level.sign_stability === null ? 'not known' : percent(level.sign_stability);
    return { code: 'unstable', text: `Its sign holds in ${kept} of resamples, not in ${percent(STABLE)}.` };
  }
  return null;
}

function proposal(level: LevelResult, { rubric, against, base }: ProposalInput): Proposal {
  const points =
    rubric?.fields.find(({ field }) => field === level.field)?.levels.find(({ bin }) => bin.label === level.bin.label)?.points ?? 0;
  const elsewhere = against.filter(({ field, bin }) => field === level.field && bin.label === level.bin.label);
  const text =
    `${level.field_label} ${level.bin.label}: ${level.won} of ${level.n} won, ${percent(level.rate)} (${percent(level.low)} to ${percent(level.high)}) ` +
    `against ${percent(base)} of all; q ${shownQ(level.q ?? 1)}, the same sign in ${percent(level.sign_stability ?? 0)} of resamples.` +
    (elsewhere.length === 0 ? '' : ` It points the other way where ${someOf(elsewhere)}.`);
  return {
    field: level.field,
    label: level.field_label,
    bin: level.bin,
    direction: level.rate > base ? 'more' : 'less',
    points,
    evidence: level,
    text,
  };
}

function nothing(tested: number, found: number, q: number): Statement {
  if (tested === 0)
    return {
      code: 'nothing_tested',
      subject: null,
      text: 'No level has enough rows, wins and losses to be compared, so nothing is proposed.',
    };
  if (found === 0) {
    const text = `None of the ${tested} levels that were compared differs from the others beyond chance (q at or below ${q.toFixed(2)}): nothing is proposed.`;
    return { code: 'no_signal', subject: null, text };
  }
  const text = `${found} of ${tested} levels differ from the others beyond chance, but none of them may be proposed: see what was held back.`;
  return { code: 'all_held_back', subject: null, text };
}

/** More of them would bury the figures. */
const SHOWN = 3;

function someOf(against: readonly Against[]): string {
  const named = against.slice(0, SHOWN).map(({ strata, stratum }) => `${strata} is ${stratum}`);
  return [...named, ...(against.length > SHOWN ? [`in ${against.length - SHOWN} more strata`] : [])].join(', ');
}

const percent = (share: number) => `${(Math.round(share * 1000) / 10).toFixed(1)} %`;
const shownQ = (q: number) => (q < 0.001 ? 'below .001' : q.toFixed(3));
