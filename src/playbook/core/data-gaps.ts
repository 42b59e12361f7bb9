import type { Playbook } from '../../definitions/core/playbook.ts';
import type { Taxonomy } from '../../definitions/core/taxonomy.ts';
import { shown } from '../../kernel/errors.ts';
import { quoteOutside } from '../../kernel/quote-outside.ts';
import type { Gap } from './gaps.ts';
import type { PlayedOn } from './plays.ts';
import { isNamed, plainName } from './talk.ts';
import type { Compared, Deals } from './won-rates.ts';

/** What data says that a playbook should have an answer to. */
export interface Seen {
  /** Of lost opportunities, most first. */
  lossReasons: readonly { value: string; n: number }[];
  competitors: readonly { value: string; n: number }[];
  /** Codes that handed-off leads were rejected with, most first. */
  rejections: readonly { value: string; n: number }[];
  plays: readonly PlayFigures[];
}

/** How a play does. */
export interface PlayFigures {
  id: string;
  /** The records that it is about; null where no record has all the fields that it reads. */
  kind: PlayedOn | null;
  /** Records of which it holds today. */
  holds: number;
  /** Deals of which it held when they were opened, and all others; null where nothing of it can be asked of then. */
  deals: ({ held: Deals; rest: Deals } & Compared) | null;
  /** Conditions that a deal's end sets, and so were not asked, as sentences. */
  leftOut: string[];
}

/** A code with such a fate is no objection that a conversation could answer. */
const UNANSWERABLE = new Set(['suppress', 'reroute', 'merge', 'enrich']);

const named = (value: string) => quoteOutside(shown(value));

/** Lost reasons, rejection codes and competitors that the playbook has no answer to. */
export function answerGaps(playbook: Playbook, { rejection_codes }: Taxonomy, { lossReasons, competitors, rejections }: Seen): Gap[] {
  const objections = playbook.objections ?? [];
  const answered = new Set(objections.flatMap((one) => one.codes ?? []));
  const reasons = new Set(objections.flatMap((one) => [one.id, ...(one.loss_reasons ?? [])]));
  const codeOf = (value: string) => rejection_codes.find(({ code }) => plainName(code) === plainName(value));
  const lost = lossReasons.filter(({ value }) => {
    const code = codeOf(value)?.code;
    return !reasons.has(value) && (code === undefined || !answered.has(code));
  });
  const lostFor = new Set(lost.map(({ value }) => codeOf(value)?.code));
  const unanswered = rejection_codes.filter(({ code, action }) => !UNANSWERABLE.has(action) && !answered.has(code) && !lostFor.has(code));
  const rejected = new Map(rejections.map(({ value, n }) => [value, n]));
  return [
    ...lost.map(({ value, n }): Gap => {
      const code = codeOf(value);
      return {
        importance: 2,
        section: 'objections',
        what: `Deals were lost for ${code === undefined ? named(value) : `${code.code}, ${code.reason}`} (${n}), and no objection answers it.`,
        next: `Write the answer, with the ${code === undefined ? 'reason under loss_reasons' : 'code under codes'}.`,
      };
    }),
    ...competitors
      .filter(({ value }) => !playbook.competitors?.some((one) => isNamed(one, value)))
      .map(
        ({ value, n }): Gap => ({
          importance: 2,
          section: 'competitors',
          what: `Deals were lost with ${named(value)} as competitor (${n}), and the playbook does not name it.`,
          next: 'Write how it sells, and the counter-moves.',
        }),
      ),
    ...unanswered.map(({ code, reason }): Gap => {
      const n = rejected.get(code);
      return {
        importance: n === undefined ? 3 : 2,
        section: 'objections',
        what:
          n === undefined
            ? `No objection answers the rejection code ${code}, ${reason}.`
            : `Sales rejected leads for ${code}, ${reason} (${n}), and no objection answers it.`,
        next: 'Write the answer, with the code under codes.',
      };
    }),
  ];
}

/** Plays that hold for nothing, do not convert better than the rest, or do not say how one sees that they worked. */
export function playGaps({ plays = [] }: Playbook, seen: Seen): Gap[] {
  return [
    ...seen.plays.flatMap(({ id, deals }): Gap[] => {
      if (deals === null || deals.difference === null || (deals.verdict !== 'worse' && deals.verdict !== 'no_better')) return [];
      const word = deals.verdict === 'worse' ? 'less' : 'no more';
      return [
        {
          importance: 4,
          section: 'plays',
          what: `Deals of the play ${id} were won ${word} often than the rest: ${rate(deals.held)} against ${rate(deals.rest)}, ${interval(deals)}.`,
          next: 'Change what it does or whom it is for, or take it out.',
        },
      ];
    }),
    ...seen.plays
      .filter(({ holds }) => holds === 0)
      .map(({ id, kind }): Gap => {
        const [what, next] =
          kind === null
            ? [`The play ${id} can never hold: no record has fields of a person and of an opportunity.`, 'Make it two plays.']
            : [`The play ${id} holds for no record today.`, 'Loosen its conditions, or take it out.'];
        return { importance: 5, section: 'plays', what, next };
      }),
    ...plays
      .filter(({ measure }) => measure === undefined)
      .map(
        ({ id }): Gap => ({
          importance: 5,
          section: 'plays',
          what: `The play ${id} does not say how one sees that it worked.`,
          next: 'Write it under measure.',
        }),
      ),
  ];
}

const rate = ({ won, decided }: Deals) => `${won} of ${decided} (${Math.round((100 * won) / decided)} %)`;

/** `4.2 points (95 % interval −3 to 11.4)`. */
export function interval({ difference }: Compared): string {
  if (difference === null) return 'too little data';
  const signed = (n: number) => String(n).replace('-', '−');
  return `${signed(difference.points)} points (95 % interval ${signed(difference.low)} to ${signed(difference.high)})`;
}
