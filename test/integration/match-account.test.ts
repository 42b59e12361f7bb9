import { expect, it } from 'vitest';
import { readWorkspace } from '../../src/db/workspace.ts';
import { ensureWorkspace } from '../../src/definitions/ensure-workspace.ts';
import { BLOCK_CAP } from '../../src/identity/core/blocks.ts';
import { entityReader } from '../../src/identity/core/read-entities.ts';
import { coverNodes } from '../../src/identity/cover-nodes.ts';
import { decideMatch } from '../../src/identity/decide-match.ts';
import { loadIndex } from '../../src/identity/identity-index.ts';
import { likelyKeys, matchAccount } from '../../src/identity/match-account.ts';
import { matchLead } from '../../src/identity/match-lead.ts';
import { probeAccounts } from '../../src/identity/probe-accounts.ts';
import { AccountSearch } from '../../src/identity/search-accounts.ts';
import type { Database } from '../../src/kernel/database.ts';
import { loadCountries } from '../../src/records/load-countries.ts';
import { type TestContext, testContext } from '../support/context.ts';
import { describeDatabases } from '../support/databases.ts';
import { importText } from '../support/imports.ts';
import { matchPlainly } from '../support/plain-account-match.ts';

const HEADS = ['Alder', 'Brevik', 'Corvin', 'Dunmore', 'Elstrom', 'Farrow', 'Gilbraith', 'Hexton'];
const TAILS = ['Systems', 'Logistics', 'Foods', 'Labs'];
const FIELDS = ['name', 'domain', 'city', 'phone', 'parent', 'type'];
/** Many share a name, so that what is known of them has to decide; some have no domain, or one that is no employer's. */
const ACCOUNTS = Array.from({ length: 160 }, (_, i) => {
  const name = `${HEADS[i % 8]} ${TAILS[(i >> 3) % 4]}`;
  const domain = i % 5 === 0 ? '' : i % 31 === 0 ? 'facebook.com' : `${name.replace(' ', '').toLowerCase()}${i >> 4}.example`;
  const parent = i % 7 === 0 ? `${name.replace(' ', '').toLowerCase()}0.example` : '';
  return {
    id: `a${i}`,
    name: i % 3 === 0 ? `${name} GmbH` : name,
    domain,
    city: `Town${i % 6}`,
    phone: `+49 30 5550${100 + (i % 40)}`,
    parent,
  };
});

/** Into each an account was merged that has another domain. */
const MERGED = [0, 1, 2, 3].flatMap((i) => ACCOUNTS[i * 11 + 1] ?? []);

const EMPLOYERS = ACCOUNTS.filter(({ domain }) => domain !== '');
const mailOf = (i: number) => `x${i}@${EMPLOYERS[i]?.domain}`;

interface Lead {
  email?: string;
  company?: string;
  website?: string;
  city?: string;
  phone?: string;
}

function leadOf(i: number): Lead {
  const { name, domain, city, phone } = ACCOUNTS[(i * 37) % ACCOUNTS.length] ?? { name: '', domain: '', city: '', phone: '' };
  const slip = `${name.slice(0, 2)}${name.slice(3)}`;
  const company = [name, slip, name.split(' ')[0] ?? '', `${name} International`][(i >> 3) % 4] ?? '';
  const kinds: Lead[] = [
    { email: `p${i}@${domain === '' ? 'gmail.com' : domain}`, company },
    { email: `p${i}@gmail.com`, company, city },
    { company, phone },
    { email: `info@${domain === '' ? 'alias0.example' : domain}` },
    { website: domain === '' ? 'alias1.example' : domain, company: slip, city: 'Nowhere' },
    { email: `p${i}@alias${(i >> 3) % 4}.example`, company },
    { email: `p${i}@unknown${i}.example`, company, city },
    { email: `p${i}@${MERGED[(i >> 3) % 4]?.domain}` },
  ];
  return kinds[i % kinds.length] ?? {};
}

async function newWorld(db: Database): Promise<TestContext> {
  const ctx = testContext(db, { workspaceId: 'matched-plainly' });
  await ensureWorkspace(ctx);
  const rows = ACCOUNTS.map(({ id, name, domain, city, phone, parent }, i) =>
    [id, name, domain, city, phone, parent, i % 9 === 0 ? 'customer' : ''].join(','),
  );
  // a second record of some accounts claims another domain
  const others = Array.from({ length: 4 }, (_, i) => `b${i},${HEADS[i]} Holding,alias${i}.example,Town${i},,,`);
  await importText(ctx, 'accounts', [`id,${FIELDS.join(',')}`, ...rows, ...others].join('\n'), {
    mapping: { id: 'external_id', ...Object.fromEntries(FIELDS.map((field) => [field, `account.${field}`])) },
  });
  const people = EMPLOYERS.map((_, i) => `p${i},${mailOf(i)}`);
  await importText(ctx, 'people', ['id,email', ...people].join('\n'), { mapping: { id: 'external_id', email: 'person.email' } });
  const opportunities = ACCOUNTS.slice(0, 40).map(({ id }, i) => `o${i},${id},Deal ${i}`);
  await importText(ctx, 'opportunities', ['id,account,name', ...opportunities].join('\n'), {
    mapping: { id: 'external_id', account: 'account_external_id', name: 'opportunity.name' },
  });
  for (const [i, { domain }] of MERGED.entries()) {
    ctx.advance(1000);
    await decideMatch(ctx, { kind: 'account', verdict: 'match', records: [domain, `alias${i}.example`] });
  }
  await decideMatch(ctx, { kind: 'account', verdict: 'suppress_identifier', identifier: { kind: 'phone', value: '+49 30 5550101' } });
  await decideMatch(ctx, { kind: 'person', verdict: 'suppress_identifier', identifier: { kind: 'email', value: mailOf(0) } });
  await coverNodes(ctx);
  return ctx;
}

describeDatabases('the account of a lead', (open) => {
  it('is the one that reading all of every candidate gives, with the same evidence', async () => {
    const ctx = await newWorld(await open());
    const reader = entityReader(await loadCountries(), null);
    const seen = { decisions: new Set<string>(), rules: new Set<string>(), ties: new Set<string | null>(), most: 0, read: 0 };
    const sizes = new Map<number, number>();
    await readWorkspace(ctx, async (tx) => {
      const index = await loadIndex(tx, ctx);
      for (let i = 0; i < 64; i += 1) {
        const said = leadOf(i);
        const asked = { lead: reader.lead(said), company: said.company ?? '', reader, index };
        const search = new AccountSearch(tx, ctx, asked.lead, asked.company);
        // half of them as a look-up has it, with what was asked ahead
        const isAhead = (i >> 5) % 2 === 0;
        if (isAhead) await search.readNamed();
        const keys = likelyKeys(asked.lead);
        const ahead = isAhead ? await probeAccounts(tx, ctx, keys, [], sizes) : undefined;
        if (ahead !== undefined) expect(ahead, JSON.stringify(said)).toEqual(await probeAccounts(tx, ctx, keys, []));
        for (const [key, size] of ahead?.sizes ?? []) sizes.set(key, size);
        seen.read += ahead?.rows.size ?? 0;
        const found = await matchAccount(tx, ctx, { ...asked, search, ahead });
        expect(found, JSON.stringify(said)).toEqual(await matchPlainly(tx, ctx, asked));
        seen.decisions.add(found.decision);
        seen.rules.add(found.rule);
        seen.ties.add(found.tie_break);
        seen.most = Math.max(seen.most, found.candidates);
      }
    });
    // an address that was asked about ahead, and turned out to be suppressed
    expect((await matchLead(ctx, { email: mailOf(0) })).person.rule).not.toBe('same_address');
    expect((await matchLead(ctx, { email: mailOf(1) })).person.rule).toBe('same_address');
    // it would prove little of leads that are all alike
    expect(seen.read).toBeGreaterThan(50);
    expect(sizes.size).toBeGreaterThan(5);
    expect([...seen.decisions].sort()).toEqual(['match', 'none', 'review']);
    expect([...seen.rules]).toEqual(expect.arrayContaining(['exact_host', 'alias_domain', 'name_and_place']));
    expect(seen.ties.size).toBeGreaterThan(3);
    expect(seen.most).toBeGreaterThan(4);
  });

  it('counts a word again once other accounts have it, however many', async () => {
    const ctx = testContext(await open(), { workspaceId: 'counted-again' });
    await ensureWorkspace(ctx);
    const reader = entityReader(await loadCountries(), null);
    const said = { email: 'ann@gmail.com', company: 'Alder Quarries' };
    const asRead = () =>
      readWorkspace(ctx, async (tx) => {
        const asked = { lead: reader.lead(said), company: said.company, reader, index: await loadIndex(tx, ctx) };
        return matchPlainly(tx, ctx, asked);
      });
    const bits = new Set<number>();
    for (const [step, more] of [20, 1, BLOCK_CAP].entries()) {
      ctx.advance(60_000);
      const names = Array.from({ length: more }, (_, i) => (step + i === 0 ? 'Alder Quarries' : `Alder No${step}x${i}`));
      await importText(ctx, 'accounts', ['id,name', ...names.map((name) => `${name},${name}`)].join('\n'), {
        mapping: { id: 'external_id', name: 'account.name' },
      });
      // as another process may have done it: no look-up of this one stored the keys
      await coverNodes(ctx);
      // the first on a state of the workspace, the one that finds it unchanged, and one that takes it for granted
      for (let time = 0; time < 3; time += 1) expect((await matchLead(ctx, said)).account).toEqual(await asRead());
      bits.add((await asRead()).bits);
    }
    expect(bits.size).toBe(3);
  });
});
