import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bestOfBlocks, bestOfSmall } from '../../../src/identity/core/best-of-blocks.ts';
import { cellsOf } from '../../../src/identity/core/entity-columns.ts';
import { accountKeys, alikeAmong, employerKeys, misspeltKeys, type NodeKey, personKeys } from '../../../src/identity/core/node-keys.ts';
import { normaliseCompany } from '../../../src/identity/core/normalise-company.ts';
import { tableOf } from '../../../src/identity/core/score-pair.ts';
import { PERSON_COLUMNS, personTable } from '../../../src/identity/cover-nodes.ts';

const SETTINGS = { seed: 20_261_122, numRuns: 400 };

const employer = (name: string) => ({
  company: normaliseCompany(name),
  domain: null,
  city: null,
  country: null,
  postcode: null,
  phone: null,
});
const keysOf = (keys: readonly NodeKey[]) => new Set(keys.map(({ key }) => key));
const share = (a: readonly NodeKey[], b: readonly NodeKey[]) => [...keysOf(a)].some((key) => keysOf(b).has(key));

describe('the keys of an account', () => {
  it('find a name that is one error away, wherever the error is', () => {
    const letters = [...'bdfgkmprtvzaeiou'];
    const name = fc.array(fc.constantFrom(...letters), { minLength: 6, maxLength: 24 }).map((list) => list.join(''));
    const edit = fc.tuple(fc.constantFrom('less', 'more', 'other', 'swapped'), fc.nat(30), fc.constantFrom(...letters));
    fc.assert(
      fc.property(name, edit, (right, [kind, place, letter]) => {
        const at = place % (right.length - 1);
        const [head, rest] = [right.slice(0, at), right.slice(at)];
        const wrong = {
          less: head + rest.slice(1),
          more: head + letter + rest,
          other: head + letter + rest.slice(1),
          swapped: `${head}${rest[1]}${rest[0]}${rest.slice(2)}`,
        }[kind];
        const [stored, asked] = [employer(right), normaliseCompany(wrong ?? '')];
        fc.pre(stored.company?.baseCompact === right && asked?.baseCompact === wrong);
        expect(share(accountKeys(stored), asked === null ? [] : misspeltKeys(asked))).toBe(true);
      }),
      SETTINGS,
    );
  });

  it('are those by which its employees look for it', () => {
    const stored = accountKeys(employer('Brightwave Quillon Holding GmbH'));
    for (const said of ['Brightwave Quillon', 'BRIGHTWAVE QUILLON INC', 'Quillon'])
      expect(share(stored, employerKeys(employer(said)))).toBe(true);
    expect(share(stored, employerKeys(employer('Zyntrix')))).toBe(false);
    // a word that half of all companies have finds none
    expect(share(accountKeys(employer('Brightwave Systems')), employerKeys(employer('Quillon Systems')))).toBe(false);
    expect(accountKeys(employer(''))).toEqual([]);
  });
});

describe('the keys of a person', () => {
  const KINDS = ['first_name', 'last_name', 'email', 'phone', 'company'] as const;
  const ada = ['Ada', 'Lovelace', 'ada@engine.example', '+44 20 7946 0958', 'Engine Ltd'];
  const others = Array.from({ length: 40 }, (_, i) => [`Given${i}`, `Family${i}`, `p${i}@corp.example`, '', 'Corp']);

  it('do not depend on columns in which nobody says anything', () => {
    const values: Record<string, readonly string[]> = {
      first_name: ['', 'Ada', 'B', ' '],
      last_name: ['', 'Lovelace'],
      name: ['', 'Ada M. Lovelace', '-'],
      email: ['', 'ada.lovelace@engine.example', 'ada.lovelace@gmail.com', 'info@engine.example'],
      phone: ['', '030 5550100', '+44 20 7946 0958'],
      mobile_phone: ['', '0171 5550100'],
      company: ['', 'Engine Works Ltd'],
      company_domain: ['', 'engine.example'],
      city: ['', 'Berlin'],
      country: ['', 'DE', 'Nowhere'],
      linkedin_url: ['', 'https://www.linkedin.com/in/ada-l'],
    };
    const fields = fc.record(Object.fromEntries(Object.entries(values).map(([field, of]) => [field, fc.constantFrom(...of)])));
    const kinds = PERSON_COLUMNS.map(({ kind }) => kind);
    const labels = PERSON_COLUMNS.map(({ field }) => field);
    fc.assert(
      fc.property(fields, (said) => {
        const cells = cellsOf(PERSON_COLUMNS, said, new Map(), null);
        const [few, all] = [personTable([cells]), tableOf(kinds, [cells], labels)];
        expect(personKeys(few)).toEqual(personKeys(all));
        expect(alikeAmong(few, personKeys(few))).toEqual(alikeAmong(all, personKeys(all)));
      }),
      SETTINGS,
    );
  });

  it('do not depend on who stands in the table beside', () => {
    const alone = personKeys(tableOf(KINDS, [ada]));
    const among = personKeys(tableOf(KINDS, [...others, ada]));
    expect(alone[0]?.map(({ rule }) => rule)).toEqual(expect.arrayContaining(['email', 'phone', 'name', 'sound+domain']));
    expect(among.at(-1)).toEqual(alone[0]);
    for (const { key } of among.flat()) expect(Number.isSafeInteger(key) && key > 0).toBe(true);
  });

  it('tell of a row whether it is a copy, where it says enough to be one', () => {
    const rowOf = (rows: readonly string[][]) => {
      const table = tableOf(KINDS, rows);
      return alikeAmong(table, personKeys(table)).at(-1);
    };
    const told = rowOf([ada]);
    expect(told).toEqual(rowOf([...others, ada]));
    expect(told).toEqual(rowOf([['ADA', 'Lovelace ', 'Ada@engine.example', '+442079460958', 'Engine Limited']]));
    for (const [i, other] of ['Ida', 'Byron', 'ada.l@engine.example', '+44 20 7946 0959', 'Motor Ltd'].entries()) {
      const [table, said] = [rowOf([ada.with(i, other)]), rowOf([ada.with(i, '')])];
      expect(table?.row).not.toBe(told?.row);
      expect(said?.row).not.toBe(told?.row);
    }
    for (const row of [
      ['Ada', 'Lovelace', '', '', 'Engine Ltd'],
      ['Ada', 'Lovelace', '', '+44 20 7946 0958', ''],
      ['', '', 'info@engine.example', '', ''],
    ])
      expect(rowOf([row])).toBeNull();
  });

  it('are those of a nickname, a slip and a number written otherwise', () => {
    const [known = []] = personKeys(tableOf(KINDS, [['William', 'Lovelace', '', '+44 20 7946 0958', 'Engine Ltd']]));
    for (const row of [
      ['Bill', 'Lovelace', '', '', 'Engine'],
      ['W', 'Nobody', '', '020 7946 0958', ''],
      ['Will', 'Lovelase', '', '', 'ENGINE LIMITED'],
    ]) {
      const [keys = []] = personKeys(tableOf(KINDS, [row]));
      expect(share(known, keys), row.join(' ')).toBe(true);
    }
    expect(personKeys(tableOf(KINDS, [['', '', 'info@engine.example', '', '']]))).toEqual([[]]);
  });
});

describe('the best of the blocks', () => {
  const key = (n: number): NodeKey => ({ rule: 'word', key: n });
  const many = Array.from({ length: 200 }, (_, i) => `m${i}`);

  it('are those that share rare keys; of a full one nobody', () => {
    const blocks = new Map<number, readonly string[] | 'full'>([
      [1, ['a']],
      [2, ['a', 'b']],
      [3, many],
      [4, 'full'],
    ]);
    const keys = [1, 2, 3, 4, 5].map(key);
    expect(bestOfBlocks(keys, blocks, 10)).toEqual(['a']);
    expect(bestOfBlocks(keys, blocks, 10, 20)).toEqual(['a', 'b']);
    expect(bestOfBlocks(keys, blocks, 5, Number.POSITIVE_INFINITY)).toEqual(['a', 'b', 'm0', 'm1', 'm10']);
    expect(bestOfBlocks([key(4)], blocks, 5)).toEqual([]);
  });

  it('are the same where of large ones only their members in small ones are known, or it is said that they must be read', () => {
    const nodes = Array.from({ length: 120 }, (_, i) => `n${i}`);
    const block = fc.oneof(fc.subarray(nodes.slice(0, 30), { minLength: 1, maxLength: 4 }), fc.subarray(nodes, { minLength: 17 }));
    const seen = { told: 0, unread: 0 };
    fc.assert(
      fc.property(
        fc.array(fc.option(block, { freq: 8 }), { minLength: 1, maxLength: 6 }),
        fc.integer({ min: 1, max: 40 }),
        (given, most) => {
          const blocks = new Map(given.map((ids, i) => [i, ids ?? 'full'] as const));
          const keys = [...given.keys(), given.length].map(key);
          const isSmall = (ids: readonly string[] | 'full'): boolean => ids === 'full' || ids.length <= 4;
          const small = new Map([...blocks].filter(([, ids]) => isSmall(ids)));
          const rare = new Set([...small.values()].flatMap((ids) => (ids === 'full' ? [] : ids)));
          const large = new Map(
            [...blocks].flatMap(([at, ids]) =>
              ids === 'full' || isSmall(ids) ? [] : [[at, { size: ids.length, members: ids.filter((id) => rare.has(id)) }]],
            ),
          );
          const found = bestOfSmall(keys, small, large, most);
          if (found !== undefined) expect(found).toEqual(bestOfBlocks(keys, blocks, most));
          else expect(large.size).toBeGreaterThan(0);
          if (large.size > 0) seen[found === undefined ? 'unread' : 'told'] += 1;
        },
      ),
      SETTINGS,
    );
    expect(seen.told).toBeGreaterThan(20);
    expect(seen.unread).toBeGreaterThan(20);
  });
});
