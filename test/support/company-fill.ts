import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Statistics } from '../../src/enrichment/core/expectations.ts';
import type { FieldCandidate } from '../../src/enrichment/core/field-states.ts';
import { marketOf } from '../../src/enrichment/core/market.ts';
import type { ProvidedValue, ProviderAnswer, ProviderOffer } from '../../src/enrichment/core/provider.ts';
import { Waterfall } from '../../src/enrichment/core/waterfall.ts';
import { openHouse } from '../../src/enrichment/provider-house.ts';
import type { Context } from '../../src/kernel/context.ts';
import { dayOf } from '../../src/kernel/dates.ts';
import { writeCompanyLists } from './company-lists.ts';

export const COMPANY_FIELDS = ['account.name', 'account.country', 'account.city', 'account.industry', 'account.employees'];
/** As sure as a value must be to become a fact. */
const SURE = 0.5;

/** What each list says of each company. */
export interface ListedCompanies {
  domains: readonly string[];
  offers: readonly ProviderOffer[];
  /** By provider, by domain. */
  answers: ReadonlyMap<string, ReadonlyMap<string, ProviderAnswer>>;
}

/** Asks every list in a folder of companies, as providers of the workspace, for every company of any of them. */
export async function askCompanyLists(ctx: Context, data: string): Promise<ListedCompanies> {
  const folder = await mkdtemp(join(tmpdir(), 'company-lists-'));
  try {
    const names = await writeCompanyLists(data, folder);
    const settings = { secretsFile: undefined, contact: undefined, dayUsd: undefined, workspaceUsd: undefined, variable: () => undefined };
    const { port, offers } = await openHouse({ ...ctx, providers: { ...settings, folder } });
    const lists = offers.filter(({ id }) => names.includes(id));
    const domains = new Set<string>();
    for (const name of names) {
      const text = await readFile(join(data, `${name.replaceAll('-', '_')}.jsonl`), 'utf8');
      for (const line of text.split('\n')) if (line !== '') domains.add(JSON.parse(line).domain);
    }
    const answers = new Map<string, Map<string, ProviderAnswer>>();
    for (const offer of lists) {
      const said = new Map<string, ProviderAnswer>();
      for (const domain of domains) {
        const request = { subject: 'account', inputs: { 'account.domain': domain }, fields: COMPANY_FIELDS } as const;
        said.set(domain, await port.call(offer, request, { signal: ctx.signal }));
      }
      answers.set(offer.id, said);
    }
    return { domains: [...domains], offers: lists, answers };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Share of the five fields of all companies for which one of some lists has a value that is meant. */
export function fillOf(
  { domains, answers }: ListedCompanies,
  names: readonly string[],
  isMeant: (value: ProvidedValue) => boolean = () => true,
): number {
  let filled = 0;
  for (const domain of domains) {
    for (const field of COMPANY_FIELDS) {
      const given = names.map((name) => answers.get(name)?.get(domain)?.values[field]);
      if (given.some((value) => value !== undefined && isMeant(value))) filled += 1;
    }
  }
  return filled / (domains.length * COMPANY_FIELDS.length);
}

export function bestSingleFill(companies: ListedCompanies): number {
  return Math.max(...companies.offers.map(({ id }) => fillOf(companies, [id])));
}

/** What the engine's planner makes of the lists: share of the fields with a value that is sure enough, and fields with contrary values. */
export function plannedFill({ domains, offers, answers }: ListedCompanies, now: Date): { fill: number; conflicts: number } {
  const market = marketOf(offers);
  const expected = new Statistics().expect(market, '');
  const limits = { budgetMicros: 0, deadlineMs: 5_000, atOnce: 24, worthMicros: 2_000_000 };
  let [filled, conflicts] = [0, 0];
  for (const domain of domains) {
    const asked = { inputs: { 'account.domain': domain }, wanted: COMPANY_FIELDS, today: dayOf(now) };
    const waterfall = new Waterfall(market, expected, limits, asked);
    for (let asks = waterfall.next(0); asks.length > 0; asks = waterfall.next(0)) {
      for (const { provider } of asks) {
        const answer = answers.get(offers[provider]?.id ?? '')?.get(domain);
        if (answer !== undefined) waterfall.answered(provider, answer);
      }
    }
    for (const field of COMPANY_FIELDS) {
      const candidates: readonly FieldCandidate[] = waterfall.candidates(field);
      if ((candidates[0]?.confidence ?? 0) >= SURE) filled += 1;
      if (candidates.length > 1) conflicts += 1;
    }
  }
  return { fill: filled / (domains.length * COMPANY_FIELDS.length), conflicts };
}
