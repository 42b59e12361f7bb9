import { combine, hashText } from './hash.ts';
import { soundOf } from './phonetic.ts';
import { type Column, subjectOf, type Table, without } from './table.ts';
import { numbersOf } from './texts.ts';

/** Names that sound different, at most, of those who have one value in common. */
interface MostNames {
  readonly families: number;
  /** Given and family name together: one person has several by slips, initials and short forms. */
  readonly people: number;
}

/** A phone number or address of more than these is a switchboard, a household or a shared mailbox: nobody's. */
const OF_PHONE: MostNames = { families: 2, people: 4 };
const OF_ADDRESS: MostNames = { families: 3, people: 6 };
const MOST_NAMES = 4;

/** The table without identifiers that too many different people, or organisations, share. */
export function withoutShared(table: Table): Table {
  const isPerson = subjectOf(table) === 'person';
  const owner = isPerson ? table.family : table.company;
  if (owner === undefined && (!isPerson || table.mail === undefined)) return table;
  const name = owner === undefined ? NAMELESS : namesOf(owner);
  const whole = isPerson ? wholeNames(table, name) : undefined;
  const dropped = (column: Column, most: number) => without(column, sharedBy(column, name, most));
  const droppedOfPeople = (column: Column, most: MostNames) => {
    if (!isPerson) return dropped(column, MOST_NAMES);
    const ofFamilies = dropped(column, most.families);
    return whole === undefined ? ofFamilies : without(ofFamilies, sharedBy(ofFamilies, whole, most.people));
  };
  return {
    ...table,
    ...(table.phone !== undefined && { phone: droppedOfPeople(table.phone, OF_PHONE) }),
    ...(table.mail !== undefined && { mail: { ...table.mail, address: droppedOfPeople(table.mail.address, OF_ADDRESS) } }),
    identifiers: table.identifiers.map((column) => dropped(column, MOST_NAMES)),
  };
}

/** By record, a number for the sound of its name; 0 for none. */
type NameOf = (record: number) => number;

function namesOf({ codes, values }: Column): NameOf {
  const sounds = numbersOf(values, (value) => hashText(soundOf(value)));
  return (record) => {
    const code = codes[record] as number;
    return code < 0 ? 0 : (sounds[code] as number);
  };
}

const NAMELESS: NameOf = () => 0;

/** Given and family name together; of who has not both, the mailbox: with a name each of its own they are as many. */
function wholeNames({ given, mail }: Table, family: NameOf): NameOf | undefined {
  const named = given === undefined ? undefined : both(namesOf(given), family);
  if (mail === undefined) return named;
  const { codes, values } = mail.local;
  const boxes = numbersOf(values, (value) => hashText(value));
  const nameOf = given === undefined ? family : (named ?? NAMELESS);
  return (record) => {
    const box = codes[record] as number;
    return nameOf(record) || (box < 0 ? 0 : (boxes[box] as number));
  };
}

function both(given: NameOf, family: NameOf): NameOf {
  return (record) => {
    const [a, b] = [given(record), family(record)];
    return a === 0 || b === 0 ? 0 : combine(a, b);
  };
}

/** By code: 1 where more than `most` differently sounding names have the value. */
function sharedBy(column: Column, nameOf: NameOf, most: number): Uint8Array {
  const seen = new Uint32Array(column.values.length * (most + 1));
  const isShared = new Uint8Array(column.values.length);
  for (let i = 0; i < column.codes.length; i += 1) {
    const code = column.codes[i] as number;
    if (code < 0 || isShared[code] === 1) continue;
    const sound = nameOf(i);
    if (sound === 0) continue;
    const start = code * (most + 1);
    for (let k = 0; k <= most; k += 1) {
      if (seen[start + k] === sound) break;
      if (seen[start + k] !== 0) continue;
      seen[start + k] = sound;
      if (k === most) isShared[code] = 1;
      break;
    }
  }
  return isShared;
}
