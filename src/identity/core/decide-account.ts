import {
  ACCOUNT_MODEL,
  type AccountDecision,
  type AccountRule,
  hundredths,
  LEAST_MARGIN,
  MATCH_BITS,
  probability,
  REVIEW_BITS,
} from './account-decision.ts';
import {
  type AccountRecord,
  type AccountStatistics,
  accountPrior,
  type CandidateEvidence,
  evidenceFor,
  type LeadRecord,
} from './account-evidence.ts';
import { formOf } from './company-families.ts';
import type { NameComparison } from './compare-companies.ts';
import { type Company, normaliseCompany } from './normalise-company.ts';
import { normaliseDomain } from './normalise-domain.ts';

/** So far beyond what a match needs, a typing error is one. */
const SURE_TYPO = MATCH_BITS + 6;

/** An account that may be a lead's, with what speaks for and against it. */
export interface WeighedAccount extends CandidateEvidence {
  account: AccountRecord;
}
type Weighed = WeighedAccount;

/**
 * Which account a lead belongs to. The order of the candidates changes nothing: bits decide, then what is known of the accounts,
 * then the id.
 * @param candidates accounts that share a domain, words of the name or a number with the lead; others need not be given
 * @param compare how names are compared, where a caller has comparisons at hand
 */
export function decideAccount(
  lead: LeadRecord,
  candidates: readonly AccountRecord[],
  statistics: AccountStatistics,
  compare?: (a: Company, b: Company) => NameComparison,
): AccountDecision {
  return decideAmong(lead, weighAccounts(lead, candidates, statistics, compare), statistics);
}

/** Weighs the candidates, the best first. */
export function weighAccounts(
  lead: LeadRecord,
  candidates: readonly AccountRecord[],
  statistics: AccountStatistics,
  compare?: (a: Company, b: Company) => NameComparison,
): WeighedAccount[] {
  const weighed = candidates.map((account): Weighed => ({ account, ...evidenceFor(lead, account, statistics, compare) }));
  return wholeNamesFirst(weighed, lead.company).sort(byBits);
}

/** The two accounts of which the evidence does not tell which it is, so that their standing decides; none where it tells. */
export function rivalsOf(weighed: readonly WeighedAccount[]): ReadonlySet<string> {
  const { best, next, margin } = bestTwo(weighed);
  const isTold = best === undefined || next === undefined || margin === null || margin >= LEAST_MARGIN;
  return new Set(isTold ? [] : [best.account.id, next.account.id]);
}

function bestTwo([best, ...others]: readonly Weighed[]): { best?: Weighed | undefined; next?: Weighed | undefined; margin: number | null } {
  const next = others.find(({ account }) => account.id !== best?.account.id);
  return { best, next, margin: best === undefined || next === undefined ? null : hundredths(best.bits - next.bits) };
}

/** Decides among accounts that are weighed, the best first; of rivals the standing is known. */
export function decideAmong(lead: LeadRecord, weighed: readonly WeighedAccount[], statistics: AccountStatistics): AccountDecision {
  const { best, next, margin } = bestTwo(weighed);
  if (best === undefined) return nothing(statistics);
  const tie = next === undefined || margin === null || margin >= LEAST_MARGIN ? null : tieBetween(best, next, lead);
  const first = tie?.winner ?? best;
  const second = first === best ? next : best;
  const guards = guardsOf(lead, first, statistics);
  const isDecisive = margin === null || margin >= LEAST_MARGIN || (tie?.isDecisive ?? false);
  const decision =
    first.bits < REVIEW_BITS
      ? 'none'
      : first.bits >= MATCH_BITS && isDecisive && guards.every((guard) => !guard.holds)
        ? 'match'
        : 'review';
  return {
    decision,
    entity: decision === 'none' ? null : first.account.id,
    model: ACCOUNT_MODEL,
    rule: decision === 'none' ? 'none' : ruleOf(first),
    prior: first.prior,
    evidence: first.evidence,
    bits: first.bits,
    p: probability(first.bits),
    runner_up: second === undefined ? null : { entity: second.account.id, bits: second.bits },
    margin: second === undefined ? null : hundredths(first.bits - second.bits),
    tie_break: tie?.by ?? null,
    guards: guards.map((guard) => guard.text),
    counterfactual: counterfactual(
      decision,
      first,
      isDecisive,
      guards.some((guard) => guard.holds),
    ),
  };
}

function nothing(statistics: AccountStatistics): AccountDecision {
  const prior = accountPrior(statistics);
  return {
    decision: 'none',
    entity: null,
    model: ACCOUNT_MODEL,
    rule: 'none',
    prior,
    evidence: [],
    bits: prior,
    p: probability(prior),
    runner_up: null,
    margin: null,
    tie_break: null,
    guards: [],
    counterfactual: 'An account with the domain, the name or the telephone number of the lead would be a candidate.',
  };
}

function byBits(a: Weighed, b: Weighed): number {
  return b.bits - a.bits || (a.account.id < b.account.id ? -1 : a.account.id > b.account.id ? 1 : 0);
}

/**
 * A name that is only similar stays behind one that is the same: Coca-Cola is Coca-Cola, not Coca-Cola Bottling; and so does one that is
 * the same but for its marks, or but for its legal form.
 */
function wholeNamesFirst(weighed: readonly Weighed[], said: Company | null): Weighed[] {
  if (said === null) return [...weighed];
  const tiers = weighed.map(({ name, account }) => tierOf(name, account.company, said));
  // the best name of lesser tiers
  const better = [-Infinity, -Infinity, -Infinity, -Infinity];
  weighed.forEach(({ name }, i) => {
    for (let tier = (tiers[i] ?? 0) + 1; tier < better.length; tier += 1)
      if (name !== null) better[tier] = Math.max(better[tier] ?? -Infinity, name.bits);
  });
  return weighed.map((one, i) => {
    const tier = tiers[i] ?? 0;
    const most = hundredths((better[tier] ?? -Infinity) - (BEHIND[tier] ?? 0));
    if (most === -Infinity || one.name === null) return one;
    const named = one.evidence.find(({ group }) => group === 'name');
    if (named === undefined || named.bits <= most) return one;
    const evidence = one.evidence.map((each) =>
      each === named ? { ...named, bits: most, why: 'another account has the whole name' } : each,
    );
    return { ...one, evidence, bits: hundredths(one.bits - named.bits + most) };
  });
}

/** Bits by which a name stays behind those of lesser tiers. */
const BEHIND = [0, 2, 4, 4];
/** Names closer than those of a like kind: the same with the legal form given, the same, the same but for its marks, similar. */
function tierOf(name: NameComparison | null, listed: Company | null, said: Company): number {
  if (name === null || listed === null || !WHOLE_NAMES.has(name.level)) return 3;
  if (name.level !== 'same') return 2;
  const form = formOf(said);
  return form === null || form === formOf(listed) ? 0 : 1;
}

function isOnDomain({ domain }: Weighed): boolean {
  return domain === 'exact_host' || domain === 'domain' || domain === 'alias_domain';
}

/** Which of two accounts it is when the evidence does not tell. Only on the lead's own domain is that enough for a match. */
function tieBetween(a: Weighed, b: Weighed, lead: LeadRecord): { winner: Weighed; by: string; isDecisive: boolean } {
  const isDomainTie = isOnDomain(a) && isOnDomain(b);
  const says: readonly (readonly [by: string, weight: (one: Weighed) => number])[] = [
    ['a customer', ({ account }) => Number(account.standing?.isCustomer ?? false)],
    ['open opportunities', ({ account }) => account.standing?.openOpportunities ?? 0],
    ['most contacts on the e-mail domain', ({ account }) => account.standing?.contacts ?? 0],
    ['the same country', ({ account }) => Number(lead.country !== null && account.country === lead.country)],
    ['the parent company', (one) => Number(isParent(one.account, (one === a ? b : a).account))],
    ['latest activity', ({ account }) => account.standing?.lastActivity ?? 0],
  ];
  for (const [by, weight] of says) {
    if (weight(a) !== weight(b)) return { winner: weight(a) > weight(b) ? a : b, by, isDecisive: isDomainTie };
  }
  return {
    winner: a.bits === b.bits ? (a.account.id < b.account.id ? a : b) : a,
    by: a.bits === b.bits ? 'the smaller id' : 'more bits',
    isDecisive: false,
  };
}

/** True when the other's record names the account as the company that it belongs to. */
function isParent({ company, domain, aliasDomains }: AccountRecord, { standing }: AccountRecord): boolean {
  const named = standing?.parent ?? '';
  if (named === '') return false;
  const [site, name] = [normaliseDomain(named)?.registrable, normaliseCompany(named)?.key];
  if (site !== undefined && (site === domain?.registrable || aliasDomains.includes(site))) return true;
  return name !== undefined && name === company?.key;
}

function guardsOf(lead: LeadRecord, best: Weighed, statistics: AccountStatistics): { text: string; holds: boolean }[] {
  const guards: { text: string; holds: boolean }[] = [];
  const { email } = lead;
  if (best.domain === 'conflict') guards.push({ text: 'the lead has a corporate domain that is not the account’s', holds: true });
  if (email?.isDisposable === true) guards.push({ text: 'a disposable address is no evidence of an employer', holds: false });
  else if (email?.isFree === true) guards.push({ text: 'a free-mail address is no evidence of an employer', holds: false });
  else if (email?.isRole === true) {
    const isOther =
      best.account.domain !== null &&
      best.account.domain.registrable !== email.registrable &&
      !best.account.aliasDomains.includes(email.registrable);
    guards.push({ text: isOther ? 'a role address of another domain' : 'a role address is no evidence of an employer', holds: isOther });
  } else if (email !== null && statistics.sharedDomains.has(email.registrable))
    guards.push({ text: 'many companies share the e-mail domain', holds: false });
  const isSureTypo = best.name?.level === 'typo' && best.bits >= SURE_TYPO;
  const isFuzzy = best.name !== null && !WHOLE_NAMES.has(best.name.level) && !isSureTypo;
  // who has words of their own on both sides may be anybody of a country
  const isPlaceShared = best.name?.level === 'shared_words' ? best.isNear : best.isPlaceShared;
  if (!isOnDomain(best) && isFuzzy && !isPlaceShared && !best.isPhoneShared)
    guards.push({ text: 'a name that is only similar needs the place or the telephone number', holds: true });
  return guards;
}

const WHOLE_NAMES: ReadonlySet<string> = new Set(['same', 'same_but_form', 'alias']);

function ruleOf(best: Weighed): AccountRule {
  if (best.domain === 'exact_host' || best.domain === 'domain' || best.domain === 'alias_domain') return best.domain;
  const isNamed = best.name !== null ? best.name.bits > 0 : best.evidence.some(({ group }) => group === 'name');
  if (!isNamed) return 'phone';
  if (best.name !== null && !WHOLE_NAMES.has(best.name.level)) return 'fuzzy_name_and_corroborator';
  return best.isPlaceShared ? 'name_and_place' : 'name';
}

function counterfactual(decision: AccountDecision['decision'], best: Weighed, isDecisive: boolean, isGuarded: boolean): string {
  if (decision === 'match') {
    const strongest = [...best.evidence].sort((a, b) => b.bits - a.bits)[0];
    const without = hundredths(best.bits - (strongest?.bits ?? 0));
    const then =
      without >= MATCH_BITS ? 'it would still be a match' : without >= REVIEW_BITS ? 'it would be a review' : 'it would be no match';
    return strongest === undefined ? '' : `Without "${strongest.level}", ${then} (${without} bits).`;
  }
  if (decision === 'none') return `A match needs ${hundredths(MATCH_BITS - best.bits)} bits more.`;
  if (best.bits < MATCH_BITS)
    return `${hundredths(MATCH_BITS - best.bits)} bits more, as the same city or postcode may give, would be a match.`;
  if (!isDecisive) return `An account ${LEAST_MARGIN} bits ahead of the next would be a match.`;
  return isGuarded ? 'Without the guard it would be a match.' : '';
}
