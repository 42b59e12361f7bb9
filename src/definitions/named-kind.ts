import { SamepageError, shown } from '../kernel/errors.ts';
import { nearest } from '../kernel/nearest.ts';
import { DEFINITION_KINDS, type DefinitionKind, definitionKind } from './core/definition.ts';

/** The kind that someone typed. @throws SamepageError `not_found` with the seven. */
export function namedKind(name: string): DefinitionKind {
  const kind = definitionKind.safeParse(name).data;
  if (kind !== undefined) return kind;
  const near = nearest(name, DEFINITION_KINDS);
  throw new SamepageError(
    'not_found',
    `There is no kind of definition named "${shown(name)}"${near === undefined ? '.' : `; did you mean ${near}?`}`,
    `Use one of ${DEFINITION_KINDS.join(', ')}.`,
  );
}

/** The start of a hash that someone typed. @throws SamepageError `invalid_input`. */
export function namedHash(text: string): string {
  if (/^[0-9a-f]{8,64}$/.test(text)) return text;
  throw new SamepageError(
    'invalid_input',
    `"${shown(text)}" is not the start of a hash: 8 to 64 characters, 0–9 and a–f.`,
    '`samepage-mcp definitions list` shows the start of each.',
  );
}
