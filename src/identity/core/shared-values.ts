import { hashText } from './hash.ts';
import { soundOf } from './phonetic.ts';
import { type Column, subjectOf, type Table, without } from './table.ts';
import { numbersOf } from './texts.ts';

/** A phone number or address with more family names than this is a switchboard or a shared mailbox: nobody's. */
const MOST_FAMILIES = 2;
const MOST_FAMILIES_OF_ADDRESS = 3;
const MOST_NAMES = 4;

/** The table without identifiers that too many different people, or organisations, share. */
export function withoutShared(table: Table): Table {
  const owner = subjectOf(table) === 'person' ? table.family : table.company;
  if (owner === undefined) return table;
  const sounds = numbersOf(owner.values, (value) => hashText(soundOf(value)));
  const isPerson = owner === table.family;
  const dropped = (column: Column, most: number) => without(column, sharedBy(column, owner, sounds, most));
  return {
    ...table,
    ...(table.phone !== undefined && { phone: dropped(table.phone, isPerson ? MOST_FAMILIES : MOST_NAMES) }),
    ...(table.mail !== undefined && {
      mail: { ...table.mail, address: dropped(table.mail.address, isPerson ? MOST_FAMILIES_OF_ADDRESS : MOST_NAMES) },
    }),
    identifiers: table.identifiers.map((column) => dropped(column, MOST_NAMES)),
  };
}

/** By code: 1 where more than `most` differently sounding names have the value. */
function sharedBy(column: Column, owner: Column, sounds: Uint32Array, most: number): Uint8Array {
  const seen = new Uint32Array(column.values.length * (most + 1));
  const isShared = new Uint8Array(column.values.length);
  for (let i = 0; i < column.codes.length; i += 1) {
    const code = column.codes[i] as number;
    const name = owner.codes[i] as number;
    if (code < 0 || name < 0 || isShared[code] === 1) continue;
    const sound = sounds[name] as number;
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
