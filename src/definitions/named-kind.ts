import { SamepageError, shown } from '../kernel/errors.ts';
import { nearest } from '../kernel/nearest.ts';
import { TEAMS, team } from './core/common.ts';
import { DEFINITION_KINDS, type DefinitionKind, definitionKind, hashStart } from './core/definition.ts';
import type { Team } from './core/signing.ts';

/** The kind that someone typed. @throws SamepageError `not_found` with the seven. */
export function namedKind(name: string): DefinitionKind {
  return definitionKind.safeParse(name).data ?? refuse('kind of definition', name, DEFINITION_KINDS);
}

/** The team that someone typed. @throws SamepageError `not_found` with those there are. */
export function namedTeam(name: string): Team {
  return team.safeParse(name).data ?? refuse('team', name, TEAMS);
}

function refuse(what: string, name: string, known: readonly string[]): never {
  const near = nearest(name, known);
  throw new SamepageError(
    'not_found',
    `There is no ${what} named "${shown(name)}"${near === undefined ? '.' : `; did you mean ${near}?`}`,
    `Use one of ${known.join(', ')}.`,
  );
}

/** The start of a hash that someone typed. @throws SamepageError `invalid_input`. */
export function namedHash(text: string): string {
  if (hashStart.safeParse(text).success) return text;
  throw new SamepageError(
    'invalid_input',
    `"${shown(text)}" is not the start of a hash: 8 to 64 characters, 0–9 and a–f.`,
    '`samepage-mcp definitions list` shows the start of each.',
  );
}
