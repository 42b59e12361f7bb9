import { SamepageError } from '../../kernel/errors.ts';
import { type Predicate, predicateDocument, readPredicate } from './predicate.ts';

/**
 * The predicate that a caller gave as `where`.
 * @throws SamepageError `invalid_input` with every problem and its path.
 */
export function readWhere(where: unknown): Predicate {
  const parsed = predicateDocument.safeParse(where);
  if (!parsed.success) {
    const problems = parsed.error.issues.slice(0, 20).map((issue) => ({
      path: ['where', ...issue.path].join('.'),
      reason: issue.message,
    }));
    const [first] = problems;
    throw new SamepageError(
      'invalid_input',
      `${first?.path ?? 'where'}: ${first?.reason ?? 'is not a predicate'}.`,
      'Write `where` as a rubric does: {"field": "account.employees", "range": {"min": 50}}, joined by all, any, not.',
      { problems },
    );
  }
  const predicate = readPredicate(parsed.data);
  if (usesList(predicate)) {
    const reason = 'in_list names a list of a rubric, and a filter has none';
    throw new SamepageError('invalid_input', `where: ${reason}.`, 'List the values with `in`.', { problems: [{ path: 'where', reason }] });
  }
  return predicate;
}

function usesList(predicate: Predicate): boolean {
  if (predicate.op === 'all' || predicate.op === 'any') return predicate.of.some(usesList);
  return predicate.op === 'not' ? usesList(predicate.of) : predicate.op === 'in_list';
}
