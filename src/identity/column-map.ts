import { SamepageError, shown } from '../kernel/errors.ts';
import { nearest } from '../kernel/nearest.ts';
import { COLUMN_KINDS, type ColumnKind } from './core/column-kinds.ts';

/**
 * `column=kind` as given on a command line → column → kind. The last sign of equality counts, as a header may have one.
 * @throws SamepageError `invalid_input` naming what is no pair, or no kind
 */
export function columnMap(pairs: readonly string[]): Map<string, ColumnKind> {
  const map = new Map<string, ColumnKind>();
  for (const pair of pairs) {
    const at = pair.lastIndexOf('=');
    const [column, kind] = [pair.slice(0, at).trim(), pair.slice(at + 1).trim()];
    if (at < 1 || column === '')
      throw new SamepageError('invalid_input', `"${shown(pair)}" is no column=kind.`, 'Write it as in --map "Surname=last_name".');
    const known = COLUMN_KINDS.find((one) => one === kind);
    if (known === undefined) {
      const near = nearest(kind, COLUMN_KINDS);
      throw new SamepageError(
        'invalid_input',
        `"${shown(kind)}", given for the column "${shown(column)}", is no kind of column${near === undefined ? '' : `; did you mean ${near}?`}`,
        `The kinds are ${COLUMN_KINDS.join(', ')}.`,
      );
    }
    map.set(column.normalize('NFC').replace(/\s+/g, ' '), known);
  }
  return map;
}
