import { audit, readWorkspace, recordInWorkspace } from '../db/workspace.ts';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { cancelled } from '../kernel/errors.ts';
import { anyMerged } from '../records/load-aliases.ts';
import { loadCountries } from '../records/load-countries.ts';
import { placeMatched } from '../records/place-matched.ts';
import { type AccountChanges, changedAccounts } from './changed-accounts.ts';
import { type EntityReader, entityReader } from './core/read-entities.ts';
import { coverNodes } from './cover-nodes.ts';
import type { IdentityIndex } from './identity-index.ts';
import { keepLeadMatch } from './lead-matches.ts';
import { leadVerdicts } from './lead-verdicts.ts';
import { type Asked, isThrough, keepAsked, readAsked, through } from './leads-asked.ts';
import { type MatchedAccount, matchAccount } from './match-account.ts';
import { noteLeadReview } from './note-lead-review.ts';
import { readIndexed } from './read-indexed.ts';
import { type DecidedLead, FIRST, latestOf, leadsAfter } from './read-leads.ts';

export interface PlacedLeads {
  /** Leads of whom the matcher was asked again. */
  asked: number;
  /** Those of them that belong to another account now, or to one at last. */
  placed: number;
  /** Those that no longer belong to the one that was found before. */
  released: number;
}

const AT_ONCE = 200;

/**
 * Asks the matcher again about leads whose account may be another since they were last asked about: those who came in or changed, those by
 * whose domain, name or number an account is found that came or changed, and those about whom somebody decided. Then the account of a lead
 * does not hang on the order in which they came. What it finds that differs is a new decision about the lead, and moves who was placed by
 * a matcher; where a person said of which account the lead is, nothing is asked. The first time all leads are asked about, and so where there
 * are many more accounts, or fewer: how telling a name is hangs on that. One that was cut off goes on where it was.
 * @throws SamepageError `cancelled`: who was placed until then stays
 */
export async function placeWaiting(ctx: Context, progress: (asked: number) => void): Promise<PlacedLeads> {
  const round: Round = { ctx, placed: { asked: 0, placed: 0, released: 0 }, progress };
  const standing = await readWorkspace(ctx, (tx) => readAsked(tx, ctx));
  const { asked, now, version } = standing;
  if (now === null || (asked?.at === now && isThrough(asked))) return round.placed;
  await coverNodes(ctx, { kinds: ['account'], recount: true });
  const accounts = await readIndexed(ctx, nothing, async (_, index) => index.accounts.size);
  const isOther = asked === null || Math.abs(accounts - asked.accounts) * SHARE > asked.accounts;
  const whole = asked !== null && !isThrough(asked) ? asked : isOther ? { at: now, accounts, upTo: FIRST, version } : null;
  if (whole !== null) await askAll(round, whole);
  if (whole?.at === now) return round.placed;
  const since = (whole ?? asked)?.at ?? now;
  await askConcerned(round, { at: now, accounts, upTo: FIRST, version }, since, standing.home);
  return round.placed;
}

/** A fifth more accounts, or fewer. */
const SHARE = 5;
const nothing = async () => undefined;

interface Round {
  ctx: Context;
  placed: PlacedLeads;
  progress: (asked: number) => void;
}

async function askAll(round: Round, asked: Asked): Promise<void> {
  const { ctx } = round;
  for await (const page of pagesAfter(ctx, asked.upTo, null)) {
    await askAbout(round, page, asked.at);
    await keepAsked(ctx, { ...asked, upTo: page.at(-1)?.node ?? asked.upTo });
  }
  await keepAsked(ctx, through(asked));
}

/** Asks about those of whom something changed since all were asked about. */
async function askConcerned(round: Round, asking: Asked, since: string, home: string | null): Promise<void> {
  const { ctx } = round;
  const countries = await loadCountries();
  const changes = await readIndexed(ctx, nothing, (tx, index) => changedAccounts(tx, ctx, since, entityReader(countries, index.home)));
  // of more changes than can be told one by one
  if (changes === null) return askAll(round, asking);
  const reader = entityReader(countries, home);
  for await (const page of pagesAfter(ctx, FIRST, since)) {
    await askAbout(
      round,
      page.filter((lead) => isDue(lead, changes, reader)),
      asking.at,
    );
  }
  await keepAsked(ctx, through(asking));
}

/** Leads of whom what is found counts, a page at a time. */
async function* pagesAfter(ctx: Context, first: string, since: string | null): AsyncGenerator<DecidedLead[]> {
  for (let after = first; ; ) {
    if (ctx.signal.aborted) throw cancelled();
    const page = await readWorkspace(ctx, (tx) => leadsAfter(tx, ctx, after, since));
    const last = page.at(-1);
    if (last === undefined) return;
    after = last.node;
    yield page.filter(({ isOutdone }) => !isOutdone);
  }
}

function isDue(lead: DecidedLead, { accounts, people, mayConcern }: AccountChanges, reader: EntityReader): boolean {
  const rests = [lead.account, lead.runnerUp].some((id) => id !== null && accounts.has(id));
  return lead.isNew || rests || people.has(lead.entity) || mayConcern(recordOf(lead, reader));
}

function saidBy({ fields }: DecidedLead): Record<string, string | undefined> {
  const { company_domain: website, ...rest } = Object.fromEntries(
    ['email', 'company', 'company_domain', 'phone', 'city', 'postal_code', 'country'].flatMap((field) =>
      typeof fields[field] === 'string' ? [[field, fields[field]]] : [],
    ),
  );
  return { ...rest, ...(website !== undefined && { website }) };
}

function recordOf(lead: DecidedLead, reader: EntityReader) {
  return reader.lead(saidBy(lead));
}

interface Decided extends DecidedLead {
  matched: MatchedAccount;
  heeded: string[];
  /** What a matcher found before is overlaid by a person's word, and is there again when that is taken back. */
  isOverlaid: boolean;
}

async function askAbout({ ctx, placed, progress }: Round, leads: readonly DecidedLead[], knownAt: string): Promise<void> {
  const countries = await loadCountries();
  for (let from = 0; from < leads.length; from += AT_ONCE) {
    if (ctx.signal.aborted) throw cancelled();
    const part = leads.slice(from, from + AT_ONCE);
    const others = await readIndexed(ctx, nothing, async (tx, index) => {
      const reader = entityReader(countries, index.home);
      const found: Decided[] = [];
      for (const lead of part) {
        const decided = await askAgain(tx, ctx, lead, reader, index);
        if (decided !== null) found.push(decided);
      }
      return found;
    });
    placed.asked += part.length;
    if (others.length > 0) {
      const moved = await keep(ctx, others, knownAt);
      placed.placed += moved.placed;
      placed.released += moved.released;
    }
    progress(placed.asked);
  }
}

/** @returns null where the matcher finds what it found before, or a person said which account it is */
async function askAgain(tx: Tx, ctx: Context, lead: DecidedLead, reader: EntityReader, index: IdentityIndex): Promise<Decided | null> {
  const { all, belongs, ruledOut } = await leadVerdicts(tx, ctx, lead.entity);
  if (belongs !== null) return null;
  const company = saidBy(lead).company ?? '';
  const matched = await matchAccount(tx, ctx, { lead: recordOf(lead, reader), company, reader, index, ruledOut });
  const inForce = new Set(all.map(({ decision }) => decision));
  const isSame = matched.decision === lead.decision && matched.entity === lead.account;
  if (isSame && lead.heeded.every((one) => inForce.has(one))) return null;
  const heeded = [...ruledOut.values()].map(({ decision }) => decision);
  return { ...lead, matched, heeded, isOverlaid: lead.memberOf !== null && ruledOut.has(lead.memberOf) };
}

/** @param knownAt all that was known by then, and maybe more, was before the matcher */
function keep(ctx: Context, decided: readonly Decided[], knownAt: string): Promise<Omit<PlacedLeads, 'asked'>> {
  return recordInWorkspace(ctx, async (tx, recordedAt) => {
    const moved = { placed: 0, released: 0 };
    const merged = await anyMerged(tx, ctx);
    const latest = await latestOf(tx, ctx, decided);
    for (const { node, stand, matched, heeded, isOverlaid } of decided) {
      // who came in again or changed meanwhile was asked about then, or is the next time
      if (latest.get(node) !== stand) continue;
      await keepLeadMatch(tx, ctx, node, matched, { recordedAt, heeded, knownAt });
      await noteLeadReview(tx, ctx, node, matched, recordedAt);
      const account = matched.decision === 'match' ? matched.node : null;
      if (account === null && isOverlaid) continue;
      if (!(await placeMatched(tx, ctx, { person: node, account, recordedAt, merged }))) continue;
      moved[account === null ? 'released' : 'placed'] += 1;
    }
    await audit(tx, ctx, 'stitch_records', `${decided.length} leads decided anew: ${moved.placed} placed, ${moved.released} released`);
    return moved;
  });
}
