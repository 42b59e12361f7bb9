import { SamepageError, shown } from '../kernel/errors.ts';

/** How a kind of record is spoken of where an input names one. */
interface Naming<T> {
  /** The member of the input. */
  path: string;
  one: string;
  many: string;
  /** What a name may be. */
  names: string;
  /** The call that finds it by a part of its name. */
  search: string;
  describe(candidate: T): string;
}

/**
 * The one record that answers to a name.
 * @throws SamepageError `not_found`, or `ambiguous` with the candidates' ids.
 */
export function onlyOne<T extends { id: string }>(candidates: readonly T[], named: string, naming: Naming<T>): T {
  const [only] = candidates;
  if (only !== undefined && candidates.length === 1) return only;
  const { path, one, many, names, search, describe } = naming;
  if (only === undefined) {
    throw new SamepageError(
      'not_found',
      `No ${one} has the ${names} ${shown(named)}.`,
      `Call ${search} and a part of the name, then use the id it gives.`,
      { problems: [{ path, value: shown(named), reason: `is no ${one} of this workspace` }] },
    );
  }
  throw new SamepageError(
    'ambiguous',
    `Several ${many} are named ${shown(named)}.`,
    'Call again with the id of the one you mean; the problems list them.',
    { problems: candidates.map((candidate) => ({ path, value: candidate.id, reason: describe(candidate) })) },
  );
}
