import { isDomainTypo, isLocalTypo, MAIL, MAILBOX } from './compare-values.ts';
import type { Comparison } from './comparison.ts';
import { PairCache } from './pair-cache.ts';
import type { MailColumns, Table } from './table.ts';
import { hashesOf } from './texts.ts';

/**
 * Addresses, as two comparisons. `email` says whether they are the same; different ones at different employers are the employer's to
 * judge. `mailbox` judges the local part given the same corporate domain: another mailbox there speaks against a match.
 */
export function compareMail({ local, domain, isFree, address }: MailColumns, { given, family }: Table): [Comparison, Comparison] {
  const locals = new PairCache(local.values, (left, right) => Number(isLocalTypo(left, right)));
  const domains = new PairCache(domain.values, (left, right) => Number(isDomainTypo(left, right)));
  // a slip keeps the first and the last letter: most pairs need no closer look
  const [firsts, lasts] = [hashesOf(local.values, 0, 1), hashesOf(local.values, -1)];
  const isSlip = (x: number, y: number) => firsts[x] === firsts[y] && lasts[x] === lasts[y] && locals.level(x, y) === 1;
  const nameOf = (column: typeof given, record: number) => column?.values.at(column.codes[record] as number) ?? '';
  const isOfName = (text: string, record: number) => isMadeOf(text, nameOf(given, record), nameOf(family, record));
  let [lastA, lastB, last] = [-1, -1, 0];
  // asked for by three comparisons one after the other
  const level = (a: number, b: number): number => {
    if (a === lastA && b === lastB) return last;
    last = relate(a, b);
    lastA = a;
    lastB = b;
    return last;
  };
  const relate = (a: number, b: number): number => {
    const [wholeA, wholeB] = [address.codes[a] as number, address.codes[b] as number];
    if (wholeA < 0 || wholeB < 0) return 0;
    if (wholeA === wholeB) return MAIL.same;
    const [x, y] = [local.codes[a] as number, local.codes[b] as number];
    const [at, other] = [domain.codes[a] as number, domain.codes[b] as number];
    if (at === other) {
      if (isSlip(x, y)) return MAIL.typo;
      return isFree[at] === 1 ? MAIL.bothPersonal : MAIL.elsewhere;
    }
    if ((x === y || isSlip(x, y)) && domains.level(at, other) === 1) return MAIL.typo;
    if (x === y) {
      const text = local.values.at(x) as string;
      return isOfName(text, a) || isOfName(text, b) ? MAIL.elsewhere : MAIL.distinctLocal;
    }
    const free = (isFree[at] as number) + (isFree[other] as number);
    return free === 2 ? MAIL.bothPersonal : free === 1 ? MAIL.different : MAIL.elsewhere;
  };
  const shown = (record: number) =>
    (address.codes[record] as number) < 0
      ? ''
      : `${local.values.at(local.codes[record] as number)}@${domain.values.at(domain.codes[record] as number)}`;
  return [
    { id: 'email', kind: 'email', group: 'email', level, rarity: () => 0, shown },
    {
      id: 'mailbox',
      kind: 'mailbox',
      group: 'email',
      level(a, b) {
        const at = domain.codes[a] as number;
        if (at < 0 || at !== domain.codes[b] || isFree[at] === 1 || (address.codes[a] as number) < 0 || (address.codes[b] as number) < 0)
          return 0;
        return level(a, b) === MAIL.elsewhere ? MAILBOX.other : MAILBOX.same;
      },
      rarity: () => 0,
      shown,
    },
  ];
}

/** A local part that says no more than a name does: `ann`, `smith`, `ann.smith`, `asmith`. */
function isMadeOf(local: string, given: string, family: string): boolean {
  const text = local.replace(/[^\p{L}\p{N}]+/gu, '');
  const rest = [family, given].reduce((left, name) => (name.length > 2 ? left.replace(name.replaceAll(' ', ''), '') : left), text);
  return text.length < 5 || (rest.length <= 2 && rest !== text) || (!/\d{2}/.test(text) && rest !== text);
}
