import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { FIELD_TYPES, type FieldType, type TaxonomyField } from '../../src/definitions/core/taxonomy.ts';
import { nameKey } from '../../src/records/core/name-key.ts';
import { fieldReader, type ReadingOptions } from '../../src/records/core/normalise.ts';
import { readInstant } from '../../src/records/core/normalise-date.ts';
import { loadCountries } from '../../src/records/load-countries.ts';

let options: ReadingOptions;
beforeAll(async () => {
  options = { countries: await loadCountries() };
});

const field = (type: FieldType, values?: TaxonomyField['values']): TaxonomyField => ({
  name: 'account.field',
  type,
  label: 'Field',
  ...(values !== undefined && { values }),
});

type Case = [raw: unknown, value: unknown];
const BAD = Symbol('bad');

function check(type: FieldType, cases: readonly Case[], extra: Partial<ReadingOptions> = {}, values?: TaxonomyField['values']) {
  it.each(cases)(`${type}: %j`, (raw, wanted) => {
    const reading = fieldReader(field(type, values), { ...options, ...extra })(raw);
    if (wanted === BAD) expect(reading).toHaveProperty('reason');
    else expect(reading).toEqual(wanted === undefined ? undefined : { value: wanted });
  });
}

describe('integer', () => {
  check('integer', [
    ['1234', 1234],
    [' 1 234 ', 1234],
    ['1\u00a0234', 1234],
    ['1,234', 1234],
    ['12,345,678', 12_345_678],
    ['1.234.567', 1_234_567],
    ['1.234', 1234],
    ["1'234", 1234],
    ['12.000', BAD],
    ['12.0', 12],
    ['12,5', BAD],
    ['1.5', BAD],
    ['-5', -5],
    ['(5)', -5],
    ['0', 0],
    ['-0', 0],
    ['10-50', 10],
    ['11–50 employees', 11],
    ['51 to 200', 51],
    ['1,001-5,000', 1001],
    ['10,001+', 10_001],
    ['> 500', 500],
    ['<10', 0],
    ['200 employees', 200],
    ['~ 300', 300],
    ['2k', 2000],
    ['1.5k', 1500],
    ['2013 (1888)', 2013],
    ['50-10', BAD],
    ['1-Oct', BAD],
    ['10-Jan', BAD],
    ['ten', BAD],
    ['1,23', BAD],
    ['1,2345', BAD],
    ['1e3', 1000],
    ['9007199254740993', BAD],
    ['', undefined],
    ['n/a', undefined],
    ['-', undefined],
    [1500, 1500],
    [1.5, BAD],
    [true, BAD],
    [{ a: 1 }, BAD],
    [null, undefined],
  ]);
});

describe('integer with a decimal comma', () => {
  check(
    'integer',
    [
      ['12.000', 12_000],
      ['1.234', 1234],
      ['12,0', 12],
      ['1,234', BAD],
    ],
    { decimal: 'comma' },
  );
});

describe('number', () => {
  check('number', [
    ['1234.5', 1234.5],
    ['1,234.56', 1234.56],
    ['1.234,56', 1234.56],
    ['1,234', 1234],
    ['1.234', 1.234],
    ['1,5', 1.5],
    ['.5', 0.5],
    ['$1,234.50', 1234.5],
    ['USD 1,000', 1000],
    ['€ 1.234,00', 1234],
    ['1 000 000 €', 1_000_000],
    ['$12M', 12_000_000],
    ['1.1 million', 1_100_000],
    ['£2.5bn', 2_500_000_000],
    ['75%', 75],
    ['(1,000)', -1000],
    ['1.2E+05', 120_000],
    ['1e999', BAD],
    ['NaN', BAD],
    ['Infinity', BAD],
    ['12..5', BAD],
    ['$', BAD],
    [2.5, 2.5],
    [-0, 0],
  ]);
});

describe('boolean', () => {
  check('boolean', [
    ['TRUE', true],
    ['Yes', true],
    ['1', true],
    ['no', false],
    ['0', false],
    ['unchecked', false],
    ['maybe', BAD],
    [true, true],
    [1, true],
    ['', undefined],
  ]);
});

describe('date', () => {
  check('date', [
    ['2026-03-31', '2026-03-31'],
    ['2026-3-1', '2026-03-01'],
    ['2026/03/31', '2026-03-31'],
    ['20260331', '2026-03-31'],
    ['2026-03-31T23:30:00-05:00', '2026-04-01'],
    ['2026-03-31T10:00:00.000+0000', '2026-03-31'],
    ['2026-03-31 10:00', '2026-03-31'],
    ['31/03/2026', '2026-03-31'],
    ['3/31/2026', '2026-03-31'],
    ['3/3/2026', '2026-03-03'],
    ['3/4/2026', BAD],
    ['31.03.2026', '2026-03-31'],
    ['3.4.2026', '2026-04-03'],
    ['31-03-26', '2026-03-31'],
    ['31 Mar 2026', '2026-03-31'],
    ['31-Mar-2026', '2026-03-31'],
    ['March 31st, 2026', '2026-03-31'],
    ['Tuesday, March 31, 2026', '2026-03-31'],
    ['3/31/2026, 4:05 PM', '2026-03-31'],
    ['46112', '2026-03-31'],
    ['46112.75', '2026-03-31'],
    [46112, '2026-03-31'],
    ['1774915200', '2026-03-31'],
    ['1774915200000', '2026-03-31'],
    ['2026-02-30', BAD],
    ['2026-13-01', BAD],
    ['1899-12-31', BAD],
    ['2026', BAD],
    ['12', BAD],
    ['soon', BAD],
    ['2026-03-31 25:00', BAD],
    ['n/a', undefined],
  ]);
  check('date', [['3/4/2026', '2026-03-04']], { dateOrder: 'mdy' });
  check('date', [['3/4/2026', '2026-04-03']], { dateOrder: 'dmy' });

  it.each([
    ['2026-03-31T10:00:00Z', '2026-03-31T10:00:00.000Z'],
    ['2026-03-31T10:00:00.123456Z', '2026-03-31T10:00:00.123Z'],
    ['2026-03-31 10:00:00', '2026-03-31T10:00:00.000Z'],
    ['2026-03-31 10:00 +02:00', '2026-03-31T08:00:00.000Z'],
    ['3/31/2026 12:05 AM', '2026-03-31T00:05:00.000Z'],
    ['2026-03-31', '2026-03-31T00:00:00.000Z'],
    ['46112.5', '2026-03-31T12:00:00.000Z'],
  ])('instant: %s', (raw, wanted) => {
    const reading = readInstant(raw);
    expect(reading !== undefined && 'value' in reading ? new Date(reading.value).toISOString() : reading).toBe(wanted);
  });
});

describe('addresses', () => {
  check('domain', [
    ['acme.com', 'acme.com'],
    ['https://www.Acme.co.uk/about?x=1', 'acme.co.uk'],
    ['www.acme.com.', 'acme.com'],
    ['ada@eu.acme.com', 'acme.com'],
    ['http://acme.com:8080', 'acme.com'],
    ['bücher.de', 'xn--bcher-kva.de'],
    ['acme.github.io', 'github.io'],
    ['facebook.com/acme', undefined],
    ['https://www.facebook.com', 'facebook.com'],
    ['192.168.1.1', BAD],
    ['localhost', BAD],
    ['co.uk', BAD],
    ['Acme Inc', BAD],
    ['', undefined],
  ]);
  check('email', [
    ['Ada@Acme.COM', 'ada@acme.com'],
    [' ada+x@acme.com ', 'ada+x@acme.com'],
    ['mailto:ada@acme.com', 'ada@acme.com'],
    ['Ada Lovelace <ada@acme.com>', 'ada@acme.com'],
    ['ada@bücher.de', 'ada@xn--bcher-kva.de'],
    ['ada@acme', BAD],
    ['ada', BAD],
    ['@acme.com', BAD],
    ['a@x.com; b@x.com', BAD],
    ['a b@x.com', BAD],
    ['=cmd@x.com', '=cmd@x.com'],
  ]);
  check('url', [
    ['acme.com/x', 'https://acme.com/x'],
    ['HTTP://ACME.com', 'http://acme.com/'],
    ['ftp://acme.com', BAD],
    ['javascript:alert(1)', BAD],
    ['not a url', BAD],
  ]);
  check('phone', [
    [' +1 (555)  010-9999 ', '+1 (555) 010-9999'],
    ['n/a', undefined],
  ]);
  check('country', [
    ['United States', 'us'],
    ['USA', 'us'],
    ['U.S.A.', 'us'],
    ['us', 'us'],
    ['DEU', 'de'],
    ['Deutschland', 'de'],
    ['UK', 'gb'],
    ['Viet Nam', 'vn'],
    ["Côte d'Ivoire", 'ci'],
    ['NA', 'na'],
    ['n/a', undefined],
    ['Remote', BAD],
    ['ukraine', 'ua'],
  ]);
});

describe('words', () => {
  check('keyword', [
    ['Oil, Gas & Consumable Fuels', 'oil_gas_consumable_fuels'],
    ['  SaaS ', 'saas'],
    ['ＳａａＳ', 'saas'],
    ['—', undefined],
    ['=1+1', '1_1'],
    [true, 'true'],
    [42, '42'],
  ]);
  check('keyword', [['Computer Software', 'software']], {}, { software: ['Computer Software', 'SaaS'] });
  check('list', [
    ['b; a;b', ['a', 'b']],
    ['AWS, GCP', ['aws', 'gcp']],
    ['a, b; c', ['a_b', 'c']],
    [
      ['Node.js', 'AWS', null],
      ['aws', 'node_js'],
    ],
    [['a;b'], ['a_b']],
    [[{ a: 1 }], BAD],
    ['', undefined],
    [[], undefined],
  ]);
  check('text', [
    ['  Acme \n Inc ', 'Acme Inc'],
    ['=HYPERLINK("x")', '=HYPERLINK("x")'],
    ['Null', 'Null'],
    ['a\u0000b', BAD],
    ['a\ud800', BAD],
    ['x'.repeat(40_000), BAD],
    [['a'], BAD],
  ]);
});

describe('name keys', () => {
  it.each([
    ['Müller & Söhne GmbH', 'muller sohne gmbh'],
    ['  ACME,  Inc. ', 'acme inc'],
    ['ΑΣ', 'ας'],
  ])('%s', (name, key) => expect(nameKey(name)).toBe(key));

  it('is its own key', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (name) => {
        expect(nameKey(nameKey(name))).toBe(nameKey(name));
      }),
      { seed: 11, numRuns: 2000 },
    );
  });
});

describe('every type', () => {
  const likely = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 40 }),
    fc.string({ unit: fc.constantFrom(...'0123456789.,-+/ :TZ$€%()kKmMbn<>~@aAdmoe\u00a0'), maxLength: 24 }),
    fc.webUrl(),
    fc.emailAddress(),
    fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
    fc.double().map(String),
  );

  it.each(FIELD_TYPES)('%s never throws, and what it gives reads as itself', (type) => {
    const read = fieldReader(field(type), options);
    fc.assert(
      fc.property(fc.oneof(likely, fc.jsonValue()), (raw) => {
        const reading = read(raw);
        if (reading === undefined || 'reason' in reading) return;
        expect(fieldReader(field(type), options)(reading.value)).toEqual(reading);
      }),
      { seed: 7, numRuns: 2000 },
    );
  });

  it.each(FIELD_TYPES)('%s gives up long cells at once', (type) => {
    const read = fieldReader(field(type), options);
    for (const unit of ['1', '1-', '1,', ' 1', 'a@', '(', 'a.']) read(unit.repeat(30_000));
  });
});
