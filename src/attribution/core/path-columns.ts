import { SamepageError, shown } from '../../kernel/errors.ts';
import { nearest } from '../../kernel/nearest.ts';

/** What a column of a file of paths may hold. */
const PATH_PARTS = ['path', 'conversions', 'converted', 'nulls', 'value', 'days', 'hours', 'times', 'ignore'] as const;
export type PathPart = (typeof PATH_PARTS)[number];

export interface PathColumn {
  column: string;
  part: PathPart;
  why: 'given' | 'header';
}

/** Headers as words in lower case, without accents and marks. */
const HEADERS: readonly (readonly [RegExp, PathPart])[] = [
  [
    /^(?:(?:customer |conversion |channel |touch ?point )*(?:paths?|journeys?)|channels agg|channels|touch ?points?|touches|sequence)$/,
    'path',
  ],
  [/ (?:path|journey)$/, 'path'],
  [/^(?:(?:total|num|number of|n|var|count of) )?(?:conv|conversions?|key events?)(?: count| total)?$/, 'conversions'],
  [/^(?:is |has )?converted(?: agg)?$|^(?:is )?conversion flag$/, 'converted'],
  [/^(?:(?:total|num|number of|n|var|count of) )?(?:nulls?|non ?conversions?|null conversions|not converted|no conversions?)$/, 'nulls'],
  [
    /^(?:(?:total|var|purchase) )?(?:conversions? |conv )?(?:values?|revenue|amount|sales)(?: (?:usd|eur|gbp|chf|jpy|inr|cad|aud))?$/,
    'value',
  ],
  [/^days(?: (?:before|to|till|until))?(?: (?:the )?conv(?:ersion)?)?$|^(?:time|days) (?:lag|to conversion) days$|^age days$/, 'days'],
  // in hours where DP6's frames have it
  [/^time till conv agg$|^hours(?: (?:before|to|till|until))?(?: (?:the )?conv(?:ersion)?)?$/, 'hours'],
  [/^(?:exposure|touch|event)? ?(?:times?|timestamps?|dates)$/, 'times'],
];

/**
 * What each column of a file of paths holds: as given, else by its header. In a frame as DP6's library writes it, with `converted_agg` and
 * `conversion_value` and no other count, the value is how often the path came.
 * @param examples the first filled cell of each column
 * @throws SamepageError `invalid_input` without a column of paths, or for a column that is not there
 */
export function pathColumns(names: readonly string[], examples: readonly string[], given: ReadonlyMap<string, PathPart>): PathColumn[] {
  for (const column of given.keys()) if (!names.includes(column)) throw notThere(column, names);
  const taken = new Set<PathPart>(given.values());
  const columns = names.map((column): PathColumn => {
    const named = given.get(column);
    if (named !== undefined) return { column, part: named, why: 'given' };
    const words = wordsOf(column);
    const found = HEADERS.find(([pattern]) => pattern.test(words))?.[1];
    if (found === undefined || taken.has(found)) return { column, part: 'ignore', why: 'header' };
    taken.add(found);
    return { column, part: found, why: 'header' };
  });
  if (!taken.has('path')) {
    const likely = names.length === 1 ? 0 : examples.findIndex((text, i) => columns[i]?.part === 'ignore' && / > |->|→/.test(text));
    const column = columns[likely];
    if (column === undefined || column.why === 'given') throw noPath(names);
    column.part = 'path';
  }
  const value = columns.find((one) => one.part === 'value' && one.why === 'header' && wordsOf(one.column) === 'conversion value');
  if (value !== undefined && !taken.has('conversions') && columns.some((one) => wordsOf(one.column) === 'converted agg'))
    value.part = 'conversions';
  return columns;
}

/** `column=part` pairs of a command line. @throws SamepageError `invalid_input` */
export function givenPathColumns(pairs: readonly string[]): Map<string, PathPart> {
  const found = new Map<string, PathPart>();
  for (const pair of pairs) {
    const at = pair.lastIndexOf('=');
    const [column, name] = [pair.slice(0, at).trim(), pair.slice(at + 1).trim()];
    const part = PATH_PARTS.find((one) => one === name);
    if (at < 1 || part === undefined) {
      throw new SamepageError(
        'invalid_input',
        `--map "${shown(pair)}" is no column=part.`,
        `Write it as in --map "Journey=path"; the parts are ${PATH_PARTS.join(', ')}.`,
      );
    }
    const twice = part !== 'ignore' && [...found.values()].includes(part);
    if (twice) throw new SamepageError('invalid_input', `--map names two columns as ${part}.`, `Name one column as ${part}.`);
    found.set(column.normalize('NFC').replace(/\s+/g, ' '), part);
  }
  return found;
}

const wordsOf = (header: string) =>
  header
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, ' ')
    .trim();

function notThere(column: string, names: readonly string[]): SamepageError {
  const meant = nearest(column, names);
  return new SamepageError(
    'invalid_input',
    `--map names a column "${shown(column)}" that the file does not have.`,
    meant === undefined ? `Its columns are ${shown(names.join(', '))}.` : `Was "${shown(meant)}" meant?`,
  );
}

/** Of a file with a touch in each row: whose it is, when it was, and of which channel. */
const TOUCH = [
  /\b(?:cookie|user|visitor|client|customer|person|contact|lead|session|device|uid)\b/,
  /\b(?:time|timestamp|date|datetime)\b/,
  /\b(?:channel|touch ?point|source|medium|campaign)\b/,
] as const;

function noPath(names: readonly string[]): SamepageError {
  const said = `None of the columns (${shown(names.join(', '))}) is named as paths.`;
  const [who, when, channel] = TOUCH.map((pattern) => names.find((name) => pattern.test(wordsOf(name))));
  if (who !== undefined && when !== undefined && channel !== undefined)
    return new SamepageError(
      'invalid_input',
      `${said} Each row seems to be one touch.`,
      `Make each row a whole path: for each "${shown(who)}" its "${shown(channel)}" in the order of "${shown(when)}", joined as in "Search > Email", with how often it converted (conversions, value) or did not (nulls).`,
    );
  return new SamepageError(
    'invalid_input',
    said,
    `Each row is one whole path, as "Search > Email". Say which column holds them, as in --map "${shown(names[0] ?? 'Journey')}=path"; if the columns look wrong, give --delimiter.`,
  );
}
