import { type Problem, SamepageError, shown } from '../kernel/errors.ts';
import { nearest } from '../kernel/nearest.ts';
import { isOwn, TableBuilder } from './core/build-table.ts';
import { type ColumnKind, type GuessedColumn, GuessedRows, guessColumnKinds } from './core/column-kinds.ts';
import { Growing } from './core/dictionary.ts';
import type { PhonePlaces } from './core/phone-key.ts';
import { canonicalOrder } from './core/record-ids.ts';
import { GrowingTexts, type PackedTexts, type Texts } from './core/texts.ts';
import type { CellTaker, CsvRow } from './read-cells.ts';
import type { ColumnsToRead, StitchThread } from './stitch-thread.ts';

export type PlacedColumns = Pick<ColumnsToRead, 'used' | 'kinds' | 'labels'>;

/** Takes rows one after the other, and makes the table of them. */
export class StitchReader implements CellTaker {
  readonly #map: ReadonlyMap<string, ColumnKind>;
  readonly #apart: ((columns: PlacedColumns) => StitchThread) | undefined;
  readonly #places: PhonePlaces;
  #thread: StitchThread | undefined;
  #columns: readonly string[] = [];
  #sample: CsvRow[] = [];
  #guessedBy = new GuessedRows();
  #guessed: GuessedColumn[] | undefined;
  #builder: TableBuilder | undefined;
  #used: readonly number[] = [];
  #id = -1;
  #ids = new GrowingTexts();
  readonly #lines = new Growing();
  /** Where the cells that are compared start and end. */
  #bounds = new Int32Array(0);

  /**
   * @param places whence telephone numbers without a country code are
   * @param apart begins to read columns elsewhere, when there is use in it
   */
  constructor(map: ReadonlyMap<string, ColumnKind>, places: PhonePlaces, apart?: (columns: PlacedColumns) => StitchThread) {
    this.#map = map;
    this.#places = places;
    this.#apart = apart;
  }

  header(columns: readonly string[]): void {
    this.#columns = columns;
    const unknown = [...this.#map.keys()].filter((column) => !columns.includes(column));
    if (unknown.length > 0) throw noSuchColumn(unknown, columns);
    const ids = [...this.#map].filter(([, kind]) => kind === 'id');
    if (ids.length > 1) {
      throw new SamepageError(
        'invalid_input',
        `The mapping names ${ids.length} columns as the id: ${ids.map(([column]) => `"${shown(column)}"`).join(', ')}.`,
        'Name one; the others may be of kind identifier.',
      );
    }
  }

  row(row: CsvRow): void {
    if (this.#builder !== undefined) {
      this.#add(this.#builder, row);
      return;
    }
    this.#sample.push(row);
    this.#guessedBy.add(row.cells);
    if (this.#guessedBy.isEnough) this.#start();
  }

  get takesBytes(): boolean {
    return this.#builder !== undefined;
  }

  bytes(bytes: Uint8Array, bounds: Int32Array, line: number): void {
    if (this.#id >= 0) this.#ids.pushAscii(bytes, bounds[2 * this.#id] as number, bounds[2 * this.#id + 1] as number);
    this.#lines.push(line);
    const [used, cells] = [this.#used, this.#bounds];
    for (let i = 0; i < used.length; i += 1) {
      const at = 2 * (used[i] as number);
      cells[2 * i] = bounds[at] as number;
      cells[2 * i + 1] = bounds[at + 1] as number;
    }
    this.#builder?.addAscii(bytes, cells);
  }

  async finish() {
    const builder = this.#builder ?? this.#start();
    const apart = await this.#thread?.columns;
    if (apart === null) throw new Error('the file changed while it was read');
    if (apart !== undefined) builder.adopt(apart);
    const notes: string[] = [];
    let isNamed = this.#id >= 0;
    const column = this.#columns[this.#id] ?? '';
    const given = this.#ids.packed();
    const isBlank = isNamed && hasBlank(given);
    let found = isNamed ? canonicalOrder(given) : undefined;
    if (isNamed && (isBlank || (found !== undefined && found.doubles.length > 0))) {
      if (this.#map.get(column) === 'id') throw this.#badIds(given, column, found?.doubles ?? []);
      notes.push(
        `"${shown(column)}" does not name each record: it is ${isBlank ? 'blank' : 'repeated'} in places. The line numbers are the ids.`,
      );
      isNamed = false;
    } else if (!isNamed) notes.push('No column names the records: the line numbers are the ids.');
    const ids = isNamed ? given : numbered(this.#lines.view());
    if (!isNamed) found = canonicalOrder(builder.contents());
    const order = builder.near(found?.order ?? new Uint32Array(0));
    const table = builder.finish(order);
    // whoever holds the reader need not hold what only reading needs
    this.#builder = undefined;
    this.#ids = new GrowingTexts();
    return { table, ids, order, columns: this.#guessed ?? [], idColumn: isNamed ? column : null, notes };
  }

  #start(): TableBuilder {
    const sample = this.#sample;
    const guessed = guessColumnKinds(this.#columns, this.#guessedBy.cells, this.#map);
    this.#guessed = guessed;
    this.#id = guessed.findIndex((guess) => guess.kind === 'id');
    this.#used = guessed.flatMap(({ kind }, i) => (kind === 'id' || kind === 'ignore' ? [] : [i]));
    if (this.#used.length === 0) {
      throw new SamepageError(
        'invalid_input',
        'No column of the file says anything by which records could be compared.',
        'Say what the columns hold, as in --map "Surname=last_name".',
      );
    }
    const placed = (used: readonly number[]): PlacedColumns => ({
      used,
      kinds: used.map((i) => guessed[i]?.kind ?? 'ignore'),
      labels: used.map((i) => guessed[i]?.column ?? ''),
    });
    const apart = this.#used.filter((i) => isOwn(guessed[i]?.kind ?? 'ignore'));
    if (this.#apart !== undefined && apart.length > 0 && apart.length < this.#used.length) {
      this.#thread = this.#apart(placed(apart));
      this.#used = this.#used.filter((i) => !apart.includes(i));
    }
    const { kinds, labels } = placed(this.#used);
    const builder = new TableBuilder(kinds, labels, undefined, this.#places);
    this.#builder = builder;
    this.#bounds = new Int32Array(2 * this.#used.length);
    for (const row of sample) this.#add(builder, row);
    this.#sample = [];
    this.#guessedBy = new GuessedRows();
    return builder;
  }

  #add(builder: TableBuilder, { cells, line }: CsvRow): void {
    if (this.#id >= 0) this.#ids.push((cells[this.#id] ?? '').trim());
    this.#lines.push(line);
    builder.add(this.#used.map((i) => cells[i] ?? ''));
  }

  #badIds(ids: Texts, column: string, doubles: readonly (readonly [number, number])[]): SamepageError {
    const problems: Problem[] = [];
    for (let i = 0; i < ids.length && problems.length < 10; i += 1)
      if (ids.at(i) === '') problems.push({ path: `line ${this.#lines.at(i)}`, reason: 'has no id' });
    for (const [first, second] of doubles.slice(0, 10)) {
      if (ids.at(first) === '') continue;
      problems.push({
        path: `line ${this.#lines.at(second)}`,
        value: shown(ids.at(second)),
        reason: `has the id of line ${this.#lines.at(first)}`,
      });
    }
    return new SamepageError(
      'invalid_input',
      `"${shown(column)}" is not the id of each record: it is blank or repeated in places.`,
      'Map another column as the id, or map this one as ignore: then the line numbers are the ids.',
      { problems },
    );
  }
}

function hasBlank(ids: PackedTexts): boolean {
  for (let i = 0; i < ids.length; i += 1) if (ids.starts[i] === ids.starts[i + 1]) return true;
  return false;
}

function numbered(lines: Int32Array): Texts {
  const texts = new GrowingTexts();
  for (const line of lines) texts.push(String(line));
  return texts.packed();
}

function noSuchColumn(unknown: readonly string[], columns: readonly string[]): SamepageError {
  const problems = unknown.map((column) => {
    const near = nearest(column, columns);
    return {
      path: 'map',
      value: shown(column),
      reason: `is no column of the file${near === undefined ? '' : `; did you mean "${shown(near)}"?`}`,
    };
  });
  return new SamepageError(
    'invalid_input',
    `The mapping names ${unknown.length === 1 ? 'a column' : 'columns'} that the file does not have: ${unknown.map((one) => `"${shown(one)}"`).join(', ')}.`,
    `The columns are ${columns
      .slice(0, 40)
      .map((column) => `"${shown(column)}"`)
      .join(', ')}.`,
    { problems },
  );
}
