import { fieldsOf, type PredicateDocument, readPredicate } from '../../definitions/core/predicate.ts';
import type { Conditions } from './audit-sql.ts';
import { conditionsOf } from './plays.ts';

/** Fields that a deal's end sets: with them, a play would be held against what came of it. */
const SET_BY_OUTCOME = new Set([
  'account.type',
  'account.lifecycle_stage',
  'account.renewal_date',
  'person.lifecycle_stage',
  'opportunity.stage',
  'opportunity.is_won',
  'opportunity.is_closed',
  'opportunity.loss_reason',
  'opportunity.close_date',
  'opportunity.probability',
  'opportunity.forecast_category',
  'opportunity.expected_revenue',
  'opportunity.next_step',
]);

/** What of a play can be asked of a deal that has ended, and the conditions that cannot; `asked` is undefined where nothing is left. */
export function conditionsThen(play: Conditions): { asked: Conditions | undefined; leftOut: PredicateDocument[] } {
  const isFair = (one: PredicateDocument) => !fieldsOf(readPredicate(one)).some((field) => SET_BY_OUTCOME.has(field));
  const all = conditionsOf(play);
  const fair = all.filter(isFair);
  const { tiers, heat, score } = play;
  const isEmpty = fair.length === 0 && tiers === undefined && heat === undefined && score === undefined;
  return {
    asked: isEmpty ? undefined : { when: { all: fair }, tiers, heat, score },
    leftOut: all.filter((one) => !isFair(one)),
  };
}
