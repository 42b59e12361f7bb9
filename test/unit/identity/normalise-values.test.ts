import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { areNicknames, nicknameGroup } from '../../../src/identity/core/nicknames.ts';
import { normaliseDomain } from '../../../src/identity/core/normalise-domain.ts';
import { normaliseEmail } from '../../../src/identity/core/normalise-email.ts';
import { nameToken, normaliseFullName } from '../../../src/identity/core/normalise-name.ts';
import { normalisePhone, phoneDigits } from '../../../src/identity/core/normalise-phone.ts';
import { normaliseAddress, normaliseCity, normalisePostcode } from '../../../src/identity/core/normalise-place.ts';
import { plainText } from '../../../src/identity/core/plain-text.ts';
import { isDisposableMail, isFreeMail } from '../../../src/records/core/free-mail.ts';
import { readsAnything } from '../../support/odd-text.ts';

describe('names', () => {
  test.each([
    ['John Smith', ['john'], ['smith']],
    ['Smith, John', ['john'], ['smith']],
    ['Dr. John A. Smith Jr., PhD', ['john', 'a'], ['smith']],
    ['Prof. Dr. med. Anna-Lena Müller', ['anna', 'lena'], ['muller']],
    ['van den Berg, Jan', ['jan'], ['van', 'den', 'berg']],
    ['Ludwig van Beethoven', ['ludwig'], ['van', 'beethoven']],
    ['DUPONT Marie', ['marie'], ['dupont']],
    ['JOHN SMITH', ['john'], ['smith']],
    ['J.R.R. Tolkien', ['j', 'r', 'r'], ['tolkien']],
    ['William (Bill) Gates', ['william'], ['gates']],
    ["Seán O'Brien", ['sean'], ['obrien']],
    ['Jack Ma', ['jack'], ['ma']],
    ['Jack Smith, MA', ['jack'], ['smith']],
    ['Дмитрий Иванов', ['dmitriy'], ['ivanov']],
    ['Thomas Clifford, 1st Baron Clifford of Chudleigh', ['thomas'], ['clifford']],
    ['Sir Thomas Clifford, 5th Baronet', ['thomas'], ['clifford']],
    ['Cher', ['cher'], []],
    ['Dr.', ['dr'], []],
    ['Ｊｏｈｎ　Ｓｍｉｔｈ', ['john'], ['smith']],
  ])('%s', (text, given, family) => {
    expect(normaliseFullName(text)).toMatchObject({ given, family });
  });

  test('titles, suffixes and short names are put aside', () => {
    expect(normaliseFullName('Prof. Dr. William "Bill" Gates III')).toMatchObject({
      honorifics: ['prof', 'dr'],
      suffixes: ['iii'],
      nicknames: ['bill'],
    });
  });

  test.each(['', '   ', '...', '123', '🙂', 'x'.repeat(501)])('%j is no name', (text) => {
    expect(normaliseFullName(text)).toBeNull();
  });

  test('a name alone', () => {
    expect(nameToken(' Jean-Luc ')).toBe('jeanluc');
    expect(nameToken('Žofie')).toBe('zofie');
    expect(nameToken('42')).toBeNull();
  });

  test('short forms', () => {
    expect(nicknameGroup('bill')).toEqual(['william']);
    expect(areNicknames('bill', 'william')).toBe(true);
    expect(areNicknames('bill', 'liam')).toBe(true);
    expect(areNicknames('bill', 'robert')).toBe(false);
    expect(areNicknames('bill', 'bill')).toBe(false);
    expect(areNicknames('zzz', 'zzy')).toBe(false);
  });

  readsAnything('a name', (text) => normaliseFullName(text)?.key);
  readsAnything('a single name', (text) => nameToken(text));
  test('plain text is ASCII', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => /^[\0-\x7f]*$/.test(plainText(text))));
  });
});

describe('e-mail addresses', () => {
  test.each([
    ['Ada.Lovelace+news@GoogleMail.com', 'adalovelace@gmail.com'],
    ['Ada.Lovelace@Acme.com', 'ada.lovelace@acme.com'],
    ['ada+crm@acme.com', 'ada@acme.com'],
    ['ada+x@yahoo.com', 'ada+x@yahoo.com'],
    ['a.b+c@hotmail.de', 'a.b@hotmail.de'],
    ['ada@protonmail.com', 'ada@proton.me'],
    ['Ada <mailto:ada@acme.com>', 'ada@acme.com'],
    ['ada@müller.de', 'ada@xn--mller-kva.de'],
  ])('%s → %s', (text, key) => {
    expect(normaliseEmail(text)?.key).toBe(key);
  });

  test('what a domain and a local part say', () => {
    expect(normaliseEmail('ada@mail.acme.co.uk')).toMatchObject({
      registrable: 'acme.co.uk',
      isFree: false,
      isRole: false,
      isCorporate: true,
    });
    expect(normaliseEmail('sales-uk2@acme.com')).toMatchObject({ isRole: true });
    expect(normaliseEmail('sales.smith@acme.com')).toMatchObject({ isRole: false });
    expect(normaliseEmail('ada@yopmail.com')).toMatchObject({ isFree: true, isDisposable: true, isCorporate: false });
    expect(isFreeMail('mailinator.com') && isDisposableMail('mailinator.com')).toBe(true);
    expect(isDisposableMail('gmail.com')).toBe(false);
  });

  test.each(['', 'ada', 'ada@', '@acme.com', 'ada@acme', 'ada@127.0.0.1', 'a b@acme.com', 'ada@acme.com, bob@acme.com'])(
    '%j is none',
    (text) => {
      expect(normaliseEmail(text)).toBeNull();
    },
  );

  readsAnything('an address', (text) => normaliseEmail(text)?.key);
  readsAnything('an address of a domain', (text) => normaliseEmail(`${text}@gmail.com`)?.key, normaliseEmailKey);
});

function normaliseEmailKey(text: string): string | undefined {
  return normaliseEmail(text)?.key;
}

describe('domains', () => {
  test.each([
    ['https://www.Acme.co.uk/about?x', { host: 'acme.co.uk', registrable: 'acme.co.uk', isPrivateSuffix: false, label: 'acme' }],
    ['shop.acme.com', { host: 'shop.acme.com', registrable: 'acme.com' }],
    ['acme.github.io', { registrable: 'acme.github.io', isPrivateSuffix: true, icann: 'github.io' }],
    ['www.com', { registrable: 'www.com' }],
    ['münchen.de', { registrable: 'xn--mnchen-3ya.de' }],
    ['ada@acme.com', { registrable: 'acme.com' }],
  ])('%s', (text, domain) => {
    expect(normaliseDomain(text)).toMatchObject(domain);
  });

  test.each(['', 'acme', '10.0.0.1', 'co.uk', 'localhost', 'not a domain.com'])('%j is none', (text) => {
    expect(normaliseDomain(text)).toBeNull();
  });

  readsAnything('a domain', (text) => normaliseDomain(text)?.host);
});

describe('telephone numbers', () => {
  test.each([
    ['(650) 253-0000', 'us', '+16502530000'],
    ['16502530000', null, '+16502530000'],
    ['+44 (0)20 7946 0958', null, '+442079460958'],
    ['020 7946 0958', 'gb', '+442079460958'],
    ['0049 30 901820', null, '+4930901820'],
    ['+1 212 555 0100 x123', 'us', '+12125550100'],
  ])('%s in %s → %s', (text, country, e164) => {
    expect(normalisePhone(text, country)).toMatchObject({ e164, key: e164 });
  });

  test('what no plan knows keeps its digits', () => {
    expect(normalisePhone('555-1234', null)).toMatchObject({ e164: null, key: '5551234' });
  });

  test.each(['', 'n/a', '0000000', '123', '1'.repeat(61)])('%j is none', (text) => {
    expect(normalisePhone(text, 'us')).toBeNull();
    expect(phoneDigits(text)).toBeNull();
  });

  test('the cheap key is the same at home and abroad', () => {
    expect(phoneDigits('+49 171 123 4567')).toBe(phoneDigits('0171/1234567'));
    expect(phoneDigits('+1 (650) 253-0000')).toBe(phoneDigits('650.253.0000'));
  });

  readsAnything('a number', (text) => normalisePhone(text, null)?.key);
  readsAnything('digits', (text) => phoneDigits(text));
});

describe('places', () => {
  test.each([
    ['123 North Main Street, Suite 400', '123 N. Main St. #400', false],
    ['123 North Main Street, Suite 400', '123 N Main St Ste 400', true],
    ['Hauptstr. 5', 'Hauptstraße 5', true],
    ['P.O. Box 12', 'PO Box 12', true],
    ['5 Elm Ave', '5 Elm Road', false],
  ])('%s and %s: %s', (a, b, isSame) => {
    expect(normaliseAddress(a)?.key === normaliseAddress(b)?.key).toBe(isSame);
  });

  test('the parts of an address', () => {
    expect(normaliseAddress('Apt 4B, 221b Baker Street')).toMatchObject({ number: '221b', street: 'baker st', unit: '4b' });
  });

  test.each([
    ['München', 'Munich'],
    ['St. Louis', 'Saint Louis'],
    ['New York City', 'NYC'],
    ['Frankfurt am Main', 'frankfurt'],
    ['Boston, MA', 'BOSTON'],
  ])('%s and %s are one city', (a, b) => {
    expect(normaliseCity(a)).toBe(normaliseCity(b));
  });

  test.each([
    ['sw1a 1aa', 'SW1A1AA'],
    ['94105-1234', '94105'],
    ['D-80331', '80331'],
    ['none', null],
    ['', null],
  ])('postcode %j → %j', (text, code) => {
    expect(normalisePostcode(text)).toBe(code);
  });

  readsAnything('an address', (text) => normaliseAddress(text)?.key);
  readsAnything('a city', (text) => normaliseCity(text));
  readsAnything('a postcode', (text) => normalisePostcode(text));
});
