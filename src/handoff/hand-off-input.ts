import { z } from 'zod';
import { SamepageError, shown } from '../kernel/errors.ts';

/** How a hand-off may be named in an input. */
export const handOffName = z.string().trim().min(1).max(300).describe('its id; or the lead: id, e-mail address or exact name');
/** In a person's words, kept with what was done. */
export const note = z.string().trim().min(1).max(1000).optional();

/** An input that the definitions or the other inputs rule out. */
export function wrongInput(path: string, reason: string, value?: string): SamepageError {
  const given = value === undefined ? {} : { value: shown(value) };
  return new SamepageError('invalid_input', `${[path, ...Object.values(given)].join(' ')} ${reason}.`, 'Correct it and call again.', {
    problems: [{ path, reason, ...given }],
  });
}

/** @throws SamepageError of an input that was given with a choice that it does not go with */
export function refuseMisplaced<K extends string>(
  input: Partial<Record<NoInfer<K>, unknown>>,
  goesWith: Readonly<Record<K, readonly string[]>>,
  chosen: string,
): void {
  for (const name of Object.keys(goesWith) as K[]) {
    if (input[name] !== undefined && !goesWith[name].includes(chosen))
      throw wrongInput(name, `goes with ${goesWith[name].join(' and ')}, not with ${chosen}`);
  }
}

/** Why a lead stays as it is, with all that is missing. */
export function unmoved(who: string, why: string, next: string, missing: readonly string[] = []): SamepageError {
  return new SamepageError('conflict', `${shown(who)} stays as it is: ${why}`, next, {
    problems: missing.map((reason) => ({ path: 'handoff', reason })),
  });
}
