const GROUPS: Readonly<Record<string, string>> = {
  b: '1',
  f: '1',
  p: '1',
  v: '1',
  w: '1',
  c: '2',
  g: '2',
  j: '2',
  k: '2',
  q: '2',
  s: '2',
  x: '2',
  z: '2',
  d: '3',
  t: '3',
  l: '4',
  m: '5',
  n: '5',
  r: '6',
};

/** A name by its first letter and the sound of its next consonants: most slips of the pen keep it. */
export function soundOf(name: string): string {
  let sound = name[0] ?? '';
  let before = GROUPS[sound] ?? '';
  for (let i = 1; i < name.length && sound.length < 4; i += 1) {
    const letter = name[i] as string;
    const group = GROUPS[letter] ?? '';
    if (group !== '' && group !== before) sound += group;
    if (letter !== 'h') before = group;
  }
  return sound;
}
