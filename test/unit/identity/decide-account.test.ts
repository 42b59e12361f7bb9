import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type AccountDecision, decisionSentence } from '../../../src/identity/core/account-decision.ts';
import type { AccountRecord, LeadRecord } from '../../../src/identity/core/account-evidence.ts';
import { accountMatcher, LeadDomains } from '../../../src/identity/core/account-index.ts';
import { decideAccount } from '../../../src/identity/core/decide-account.ts';
import { normaliseCompany } from '../../../src/identity/core/normalise-company.ts';
import { normaliseDomain } from '../../../src/identity/core/normalise-domain.ts';
import { normaliseEmail } from '../../../src/identity/core/normalise-email.ts';
import { phoneDigits } from '../../../src/identity/core/normalise-phone.ts';

interface Said {
  email?: string;
  company?: string;
  domain?: string;
  city?: string;
  country?: string;
  postcode?: string;
  phone?: string;
}

const employer = ({ company = '', domain = '', city, country, postcode, phone = '' }: Said) => ({
  company: normaliseCompany(company),
  domain: normaliseDomain(domain),
  city: city ?? null,
  country: country ?? null,
  postcode: postcode ?? null,
  phone: phoneDigits(phone),
});
const lead = (said: Said): LeadRecord => ({ id: 'lead', email: normaliseEmail(said.email ?? ''), ...employer(said) });
const account = (id: string, said: Said, more: Partial<AccountRecord> = {}): AccountRecord => ({
  id,
  aliasDomains: [],
  ...employer(said),
  ...more,
});

const COUNTRIES = ['us', 'de', 'fr'];
const CROWD = Array.from({ length: 300 }, (_, i) =>
  account(`crowd-${i}`, {
    company: `${['Quill', 'Maple', 'Otter', 'Raven', 'Cedar'][i % 5] ?? ''}${i} ${['Energy', 'Labs', 'Foods'][i % 3] ?? ''}`,
    domain: `crowd${i}.com`,
    city: `city ${i % 40}`,
    country: COUNTRIES[i % 3] ?? 'us',
  }),
);
const ZYNTRIX = account('zyntrix', {
  company: 'Zyntrix Corp',
  domain: 'zyntrix.com',
  city: 'boston',
  country: 'us',
  phone: '+1 617 555 0100',
});

function decide(said: Said, accounts: readonly AccountRecord[] = [ZYNTRIX], leads = new LeadDomains()): AccountDecision {
  const decision = accountMatcher([...CROWD, ...accounts], leads).decide(lead(said));
  expect(decision.bits).toBeCloseTo(
    decision.evidence.reduce((sum, { bits }) => sum + bits, decision.prior),
    6,
  );
  return decision;
}

describe('the account of a lead', () => {
  test.each<[string, Said, AccountDecision['decision'], AccountDecision['rule']]>([
    ['host', { email: 'ada@zyntrix.com' }, 'match', 'exact_host'],
    ['domain below a host', { email: 'ada@mail.zyntrix.com' }, 'match', 'domain'],
    ['website', { email: 'ada@gmail.com', domain: 'www.zyntrix.com' }, 'match', 'exact_host'],
    ['name and city', { email: 'ada@gmail.com', company: 'Zyntrix', city: 'boston' }, 'match', 'name_and_place'],
    ['name alone, of a rare word', { company: 'Zyntrix GmbH' }, 'match', 'name'],
    ['a similar name with the number', { company: 'Zyntrx', phone: '(617) 555-0100' }, 'match', 'fuzzy_name_and_corroborator'],
    ['a similar name alone', { company: 'Zyntrx' }, 'review', 'fuzzy_name_and_corroborator'],
    ['the number alone', { phone: '6175550100' }, 'match', 'phone'],
    ['the name, but another corporate domain', { email: 'ada@other.com', company: 'Zyntrix', city: 'boston' }, 'review', 'name_and_place'],
    ['a role address', { email: 'info@zyntrix.com' }, 'none', 'none'],
    ['a role address of another company', { email: 'info@other.com', company: 'Zyntrix' }, 'review', 'name'],
    ['a free address', { email: 'zyntrix@gmail.com' }, 'none', 'none'],
    ['a disposable address', { email: 'zyntrix@mailinator.com' }, 'none', 'none'],
    ['nothing', {}, 'none', 'none'],
    ['another company', { email: 'ada@elsewhere.com', company: 'Elsewhere' }, 'none', 'none'],
    ['a common word', { company: 'Energy' }, 'none', 'none'],
  ])('%s', (_, said, decision, rule) => {
    expect(decide(said)).toMatchObject({ decision, rule, entity: decision === 'none' ? null : 'zyntrix' });
  });

  test('an alias domain is the account’s', () => {
    const known = account('zyntrix', { company: 'Zyntrix', domain: 'zyntrix.com' }, { aliasDomains: ['zyx.io'] });
    expect(decide({ email: 'ada@zyx.io' }, [known])).toMatchObject({ decision: 'match', rule: 'alias_domain', entity: 'zyntrix' });
  });

  test('an account without a domain is found by the name that a domain spells, for a person to see', () => {
    const bare = account('zyntrix', { company: 'Zyntrix Corp' });
    expect(decide({ email: 'ada@zyntrix.com' }, [bare])).toMatchObject({ entity: 'zyntrix' });
  });

  test('twins are a matter for a person, unless one is nearer', () => {
    const twins = [ZYNTRIX, account('twin', { company: 'Zyntrix Inc', domain: 'zyntrix.io', city: 'austin' })];
    expect(decide({ company: 'Zyntrix' }, twins)).toMatchObject({ decision: 'review', margin: 0 });
    expect(decide({ company: 'Zyntrix', city: 'austin' }, twins)).toMatchObject({ decision: 'match', entity: 'twin' });
  });

  test('two accounts of one domain: the customer, and no guess without one', () => {
    const copy = account('copy', { company: 'Zyntrix Corp', domain: 'zyntrix.com', city: 'boston', country: 'us' });
    expect(decide({ email: 'ada@zyntrix.com' }, [ZYNTRIX, copy])).toMatchObject({
      decision: 'review',
      entity: 'copy',
      tie_break: 'the smaller id',
    });
    const customer = { ...ZYNTRIX, standing: { isCustomer: true, openOpportunities: 0, contacts: 0, lastActivity: null } };
    expect(decide({ email: 'ada@zyntrix.com' }, [customer, copy])).toMatchObject({
      decision: 'match',
      entity: 'zyntrix',
      tie_break: 'a customer',
    });
  });

  test('the same last digits in another country are another number', () => {
    expect(decide({ phone: '+49 617 5550100', country: 'de' }).decision).toBe('none');
    expect(decide({ phone: '+1 617 5550100', country: 'us' })).toMatchObject({ decision: 'match', rule: 'phone' });
  });

  test('two accounts of one domain: the company that the other belongs to', () => {
    const of = (parent: string | null) => ({ isCustomer: false, openOpportunities: 0, contacts: 0, lastActivity: null, parent });
    const branch = account('branch', { company: 'Zyntrix Nordics', domain: 'zyntrix.com', city: 'oslo' });
    for (const parent of ['Zyntrix Inc.', 'www.zyntrix.com']) {
      const decided = decide({ email: 'ada@zyntrix.com' }, [
        { ...ZYNTRIX, standing: of(null) },
        { ...branch, standing: of(parent) },
      ]);
      expect(decided, parent).toMatchObject({ decision: 'match', entity: 'zyntrix', tie_break: 'the parent company' });
    }
    const strangers = decide({ email: 'ada@zyntrix.com' }, [
      { ...ZYNTRIX, standing: of('Maple') },
      { ...branch, standing: of('Otter') },
    ]);
    expect(strangers.tie_break).not.toBe('the parent company');
  });

  test('a domain that many companies share counts little', () => {
    const names = new LeadDomains();
    for (const company of ['Zyntrix', 'Maple', 'Otter', 'Raven', 'Cedar', 'Quill']) names.add(lead({ email: 'x@zyntrix.com', company }));
    expect(names.shared()).toEqual(new Set(['zyntrix.com']));
    expect(decide({ email: 'ada@zyntrix.com' }, [ZYNTRIX], names).decision).toBe('none');
    expect(decide({ email: 'ada@zyntrix.com', company: 'Zyntrix', city: 'boston' }, [ZYNTRIX], names)).toMatchObject({
      decision: 'match',
    });
  });

  test('leads that are known to be of accounts tell how likely the others are', () => {
    const twins = [ZYNTRIX, account('twin', { company: 'Zyntrix Inc', domain: 'zyntrix.de' })];
    const leadsOf = (domains: readonly string[]) => {
      const leads = new LeadDomains();
      for (const domain of domains) leads.add(lead({ email: `ada@${domain}` }));
      return leads;
    };
    const crowd = Array.from({ length: 200 }, (_, i) => `crowd${i}.com`);
    const known = leadsOf([...crowd, ...Array<string>(20).fill('zyntrix.com')]);
    expect(decide({ company: 'Zyntrix' }, twins)).toMatchObject({ decision: 'review' });
    expect(decide({ company: 'Zyntrix' }, twins, known)).toMatchObject({ decision: 'match', entity: 'zyntrix' });
    // where most leads are of nobody on the list, a name alone is less sure to be of one
    const strangers = leadsOf([...crowd, ...Array.from({ length: 1000 }, (_, i) => `stranger${i}.com`)]);
    expect(decide({ company: 'Zyntrix' }, [ZYNTRIX], strangers).bits).toBeLessThan(
      decide({ company: 'Zyntrix' }, [ZYNTRIX], known).bits - 4,
    );
  });

  test('the whole name is ahead of a longer one', () => {
    const others = [
      ZYNTRIX,
      account('bottler', { company: 'Zyntrix Bottling' }),
      account('retail', { company: 'Zyntrix Retail Partners' }),
    ];
    expect(decide({ company: 'Zyntrix', city: 'boston' }, others)).toMatchObject({ decision: 'match', entity: 'zyntrix' });
    expect(decide({ company: 'Zyntrix Bottling' }, others)).toMatchObject({ entity: 'bottler' });
  });

  describe('a name with a mark that the account has not', () => {
    const named = (names: readonly string[], more: Said = {}) =>
      names.map((company, i) => account(`${company}-${i}`, { company, domain: `family${i}.com`, ...more }));
    const families = named(Array.from({ length: 20 }, (_, i) => [`Tarn${i}`, `Tarn${i} Holding`, `Tarn${i} Leasing`]).flat(), {
      city: 'boston',
      country: 'us',
    });

    test('is the account’s where the list has no two that differ by it', () => {
      expect(decide({ company: 'Zyntrix Holding' })).toMatchObject({ decision: 'match', entity: 'zyntrix' });
    });

    test('is a relative’s where the list has many that do, also at the same place', () => {
      expect(decide({ company: 'Zyntrix Holding' }, [ZYNTRIX, ...families]).decision).not.toBe('match');
      expect(decide({ company: 'Zyntrix Holding', city: 'boston' }, [ZYNTRIX, ...families]).decision).not.toBe('match');
      expect(decide({ company: 'Zyntrix Leasing', city: 'boston' }, [ZYNTRIX, ...families]).decision).not.toBe('match');
      expect(decide({ company: 'Zyntrix' }, [ZYNTRIX, ...families])).toMatchObject({ decision: 'match', entity: 'zyntrix' });
    });

    test('is who has the mark, the legal form, the country', () => {
      expect(decide({ company: 'Tarn3 Holding' }, families).entity).toMatch(/^Tarn3 Holding-/);
      const forms = named(['Zyntrix GmbH', 'Zyntrix AG']);
      expect(decide({ company: 'Zyntrix AG' }, forms)).toMatchObject({ decision: 'match', entity: 'Zyntrix AG-1' });
      expect(decide({ company: 'Zyntrix' }, forms).decision).toBe('review');
      const countries = named(['Zyntrix (UK) Ltd', 'Zyntrix (France) SA']);
      expect(decide({ company: 'Zyntrix UK' }, countries)).toMatchObject({ decision: 'match', entity: 'Zyntrix (UK) Ltd-0' });
    });
  });

  test('names with words of their own on both sides need more than a country', () => {
    const bank = account('bank', { company: 'Zyntrix Banja Luka Handelsbank', country: 'us' });
    expect(decide({ company: 'Meridon Banja Luka Handelsbank', country: 'us' }, [bank]).decision).not.toBe('match');
  });

  test('where most leads have the very name of an account, one who has it is the likelier present', () => {
    const twins = [ZYNTRIX, account('twin', { company: 'Zyntrix Inc', domain: 'zyntrix.de' })];
    const leads = new LeadDomains([...CROWD, ZYNTRIX]);
    for (const { company } of CROWD) leads.add({ ...lead({}), company });
    expect(leads.called()).toBe(0.9);
    expect(new LeadDomains().called()).toBeUndefined();
    expect(decide({ company: 'Zyntrix' }, twins, leads).bits).toBeCloseTo(decide({ company: 'Zyntrix' }, twins).bits + 4.17, 2);
    expect(decide({ company: 'Zyntrx' }, twins, leads).bits).toBe(decide({ company: 'Zyntrx' }, twins).bits);
  });

  test('a sentence says what the bits come from', () => {
    expect(decisionSentence(decide({ email: 'ada@zyntrix.com', company: 'Zyntrix' }))).toMatch(
      /^the same host \(zyntrix\.com \| zyntrix\.com\) \+\d+(\.\d+)?; the same name .*prior -\d.*bits, p 0?\.?[\d.]+/,
    );
  });

  test('a value that is missing is neutral, and the order of the candidates changes nothing', () => {
    const said = fc.record(
      {
        email: fc.constantFrom('ada@zyntrix.com', 'ada@gmail.com', 'info@crowd1.com', 'x'),
        company: fc.constantFrom('Zyntrix', 'Quill0 Energy', 'Maple1', 'Energy', '???'),
        city: fc.constantFrom('boston', 'city 1', 'city 2'),
        country: fc.constantFrom(...COUNTRIES),
        phone: fc.constantFrom('6175550100', '1'),
      },
      { requiredKeys: [] },
    );
    const accounts = [ZYNTRIX, ...CROWD.slice(0, 12), account('twin', { company: 'Zyntrix', city: 'city 1' })];
    const { statistics } = accountMatcher(accounts);
    fc.assert(
      fc.property(said, fc.shuffledSubarray(accounts, { minLength: accounts.length }), (one, shuffled) => {
        const decision = decideAccount(lead(one), accounts, statistics);
        expect(decideAccount(lead(one), shuffled, statistics)).toEqual(decision);
        for (const { group, left, right } of decision.evidence) expect([group, left, right]).not.toContain('');
        if (Object.keys(one).length === 0) expect(decision).toMatchObject({ decision: 'none', evidence: [] });
      }),
      { seed: 7, numRuns: 300 },
    );
  });
});
