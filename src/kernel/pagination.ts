import { z } from 'zod';
import { documentHash } from './canonical-json.ts';
import { SamepageError } from './errors.ts';
import { jsonOrUndefined } from './json.ts';

export type Position = readonly (string | number | null)[];

const NOT_OURS = 'it is not one that this server gave';
const cursorSchema = z.tuple([z.string(), z.array(z.union([z.string(), z.number(), z.null()])).max(8)]);

const queryMark = (query: unknown) => documentHash(query).slice(0, 12);

/**
 * An opaque cursor: where the next page starts (an offset, or the sort key of the last row), bound to the query it belongs to.
 * @param query what decides the rows and their order: the filters, not the page size.
 */
export function cursorAt(query: unknown, position: Position): string {
  return Buffer.from(JSON.stringify([queryMark(query), position])).toString('base64url');
}

/**
 * The position in a cursor made by `cursorAt` for the same query; undefined without a cursor.
 * The position is input: check its types before use.
 * @throws SamepageError `invalid_input` for a cursor that is damaged or of another query.
 */
export function positionOf(cursor: string | undefined, query: unknown): Position | undefined {
  if (cursor === undefined) return undefined;
  const parsed = cursorSchema.safeParse(jsonOrUndefined(Buffer.from(cursor, 'base64url').toString('utf8')));
  if (!parsed.success) throw badCursor();
  if (parsed.data[0] !== queryMark(query)) throw badCursor('it belongs to a query with other filters');
  return parsed.data[1];
}

/** The offset in a cursor made by `cursorAt(query, [offset])`; 0 without a cursor. */
export function offsetOf(cursor: string | undefined, query: unknown): number {
  const position = positionOf(cursor, query);
  if (position === undefined) return 0;
  const [offset] = position;
  if (typeof offset !== 'number' || !Number.isSafeInteger(offset) || offset < 0) throw badCursor();
  return offset;
}

/** The error for a cursor whose position is not one of the query's. */
export function badCursor(reason = NOT_OURS): SamepageError {
  return new SamepageError('invalid_input', `cursor: ${reason}.`, 'Call again without `cursor` to start at the first page.', {
    problems: [{ path: 'cursor', reason }],
  });
}
