import { describe, expect, test } from 'vitest';
import { LEGAL_FORMS } from '../../../src/identity/core/legal-forms.ts';
import { normaliseCompany } from '../../../src/identity/core/normalise-company.ts';
import { readsAnything } from '../../support/odd-text.ts';

describe('company names', () => {
  test.each([
    ['Acme, Inc.', 'acme', 'inc'],
    ['The Boeing Company', 'boeing', 'co'],
    ['Boeing Company, The', 'boeing', 'co'],
    ['ACME GmbH & Co. KG', 'acme', 'kg'],
    ['Acme S.p.A.', 'acme', 'spa'],
    ['Grupo Bimbo, S.A.B. de C.V.', 'grupo bimbo', 'sa de cv'],
    ['CD PROJEKT Sp. z o.o.', 'cd projekt', 'sp zoo'],
    ['A.P. Møller - Mærsk A/S', 'ap moller maersk', 'as tr'],
    ['PT Astra International Tbk', 'astra international', 'pt'],
    ['ООО Ромашка', 'romashka', 'ooo'],
    ['トヨタ自動車株式会社', 'toyotazidongche', null],
    ['Johnson & Johnson', 'johnson johnson', null],
    ['Procter and Gamble Co', 'procter gamble', 'co'],
    ['J. P. Morgan Chase & Co.', 'jp morgan chase', 'co'],
    ['WALMART INC /DE/', 'walmart', 'inc'],
    ['Booking.com B.V.', 'booking', 'bv'],
    ["McDonald's Corp", 'mcdonalds', 'corp'],
    ['Intl. Business Machines Corp.', 'international business machines', 'corp'],
    ['Acme Pty Ltd', 'acme', 'pty'],
    ['Acme (Private) Limited', 'acme', 'ltd'],
    ['Co', 'co', null],
    ['The The', 'the', null],
  ])('%s → %s', (text, key, legalForm) => {
    expect(normaliseCompany(text)).toMatchObject({ key, ...(legalForm !== null && { legalForm }) });
  });

  test('a country at the end is set apart, unless the name needs it', () => {
    expect(normaliseCompany('Acme Deutschland GmbH')).toMatchObject({ key: 'acme deutschland', base: 'acme', country: 'de' });
    expect(normaliseCompany('Acme (UK) Ltd')).toMatchObject({ key: 'acme uk', base: 'acme', country: 'gb', aliases: [] });
    expect(normaliseCompany('Acme (DE)')).toMatchObject({ key: 'acme', country: null });
    expect(normaliseCompany('Air France')).toMatchObject({ base: 'air france', country: null });
    expect(normaliseCompany('Bank of America')).toMatchObject({ base: 'bank of america', country: null });
    expect(normaliseCompany('Germany')).toMatchObject({ base: 'germany', country: null });
  });

  test('other names', () => {
    expect(normaliseCompany('Smith Holdings LLC d/b/a Blue Café')).toMatchObject({ key: 'smith holdings', aliases: ['blue cafe'] });
    expect(normaliseCompany('Smith Ltd t/a The Anchor')).toMatchObject({ key: 'smith', aliases: ['anchor'] });
    expect(normaliseCompany('Alphabet (Google) Inc.')).toMatchObject({ key: 'alphabet', aliases: ['google'] });
  });

  test('a legal form within a name is short or in full, and a trust of real estate is no form', () => {
    expect(normaliseCompany('Oil-Dri Corporation of America')?.key).toBe(normaliseCompany('Oil-Dri Corp of America')?.key);
    expect(normaliseCompany('Service Corporation International')?.key).toBe(normaliseCompany('Service Corp International')?.key);
    expect(normaliseCompany('Zyntrix REIT Inc')).toMatchObject({ key: 'zyntrix reit', legalForm: 'inc' });
  });

  test('acronym', () => {
    expect(normaliseCompany('International Business Machines Corp')?.acronym).toBe('ibm');
    expect(normaliseCompany('IBM')?.acronym).toBeNull();
  });

  test.each(['', '  ', '...', '&', '\u0000', 'x'.repeat(501)])('%j is no company', (text) => {
    expect(normaliseCompany(text)).toBeNull();
  });

  test('legal forms of at least forty countries are known', () => {
    const rows = LEGAL_FORMS.trim().split('\n');
    const countries = new Set(rows.flatMap((row) => row.split(';')[1]?.trim().split(' ') ?? []));
    expect(countries.size).toBeGreaterThan(40);
  });

  readsAnything('a company', (text) => normaliseCompany(text)?.key);
});
