import { getAccount } from '../accounts/get-account.ts';
import { type AccountHeat, getAccountHeat } from '../accounts/get-account-heat.ts';
import type { Fact } from '../accounts/read-facts.ts';
import { type FoundRecord, searchRecords } from '../accounts/search-records.ts';
import { getDefinition } from '../definitions/get-definition.ts';
import type { Context } from '../kernel/context.ts';
import { SamepageError } from '../kernel/errors.ts';
import type { ImportResult } from '../records/import-records.ts';
import { fieldsRead } from '../scoring/core/explain.ts';
import { type Rescored, rescoreRecords } from '../scoring/rescore-records.ts';
import { type Simulation, simulateRubric } from '../scoring/simulate-rubric.ts';
import { type Verification, verifyScore } from '../scoring/verify-score.ts';
import { type Best, bestAccounts } from './best-accounts.ts';
import { DRAFT_CAPS, draftRubric } from './core/draft-rubric.ts';
import { exportFiles, lateCounts } from './core/export-files.ts';
import { inventLists } from './core/invent-lists.ts';
import { inventWorld, inventWorldOn } from './core/invent-world.ts';
import type { World } from './core/world.ts';
import { enrichFromLists, type FilledAccount } from './enrich-from-lists.ts';
import { importExports, importLists } from './import-files.ts';
import { listedCompanies } from './listed-companies.ts';

export interface DemoInput {
  seed: number;
  /** Day number from which everything is told. */
  day: number;
  /** A folder of real company lists to build on; undefined for invented companies. */
  lists: string | undefined;
  /** Where the invented exports are written. */
  exports: string;
  /** Where the invented lists are written, as providers of the team's own. */
  providers: string;
}

/** What the demonstration did, in the order of `--help`; each is yielded as soon as it is done. */
export type DemoStep =
  | { step: 'lists'; imports: ImportResult[]; accounts: number; byLists: { lists: number; accounts: number }[] }
  | { step: 'exports'; imports: ImportResult[]; onLists: boolean; freeMail: number }
  | { step: 'enriched'; lists: string[]; accounts: FilledAccount[] }
  | { step: 'rescored'; rescored: Rescored }
  | { step: 'best'; tier: 'A' | 'B'; best: Best }
  | { step: 'heat'; asked: string; heat: AccountHeat; facts: Fact[] }
  | { step: 'late'; imports: ImportResult[]; rescored: Rescored }
  | { step: 'verified'; verifications: Verification[]; before: AccountHeat; after: AccountHeat }
  | { step: 'simulated'; changes: string[]; simulation: Simulation };

const SHOWN = 10;
/** So many of the listed companies get people and engagement, those of most lists first. */
const ENGAGED = 400;
/** Days since the lists were made, so that a week ago they held as well. */
const LISTS_AGE = 30;
const DAY_MS = 86_400_000;

/**
 * The whole loop on a workspace that holds nothing yet, through the verbs that the tools call: import, enrich, rescore, the
 * best accounts, one account's heat, what came late, the receipts again, and a rubric tried out.
 */
export async function* runDemo(ctx: Context, input: DemoInput): AsyncGenerator<DemoStep> {
  let world: World;
  if (input.lists === undefined) world = inventWorld(input.seed);
  else {
    const imports = await importLists(ctx, input.lists, new Date((input.day - LISTS_AGE) * DAY_MS));
    const listed = await listedCompanies(ctx);
    yield { step: 'lists', imports, accounts: listed.length, byLists: countBy(listed.map((company) => company.lists)) };
    world = inventWorldOn(input.seed, listed.slice(0, ENGAGED));
  }
  const files = exportFiles(world, input);
  const imports = await importExports(ctx, input.exports, files.onTime);
  yield {
    step: 'exports',
    imports,
    onLists: input.lists !== undefined,
    freeMail: world.people.filter((person) => person.company === undefined).length,
  };
  if (input.lists === undefined) {
    const lists = inventLists(world, input.seed);
    yield { step: 'enriched', lists: lists.map(({ name }) => name), accounts: await enrichFromLists(ctx, input.providers, lists) };
  }
  yield { step: 'rescored', rescored: await rescoreRecords(ctx, { scope: 'all' }) };

  const inA = await bestAccounts(ctx, 'A', SHOWN);
  const best = inA.total > 0 ? inA : await bestAccounts(ctx, 'B', SHOWN);
  yield { step: 'best', tier: inA.total > 0 ? 'A' : 'B', best };

  const asked = await whomToAskAbout(ctx, lateCounts(world));
  const before = await getAccountHeat(ctx, { account: asked });
  yield { step: 'heat', asked, heat: before, facts: await factsOf(ctx, asked) };

  const late = await importExports(ctx, input.exports, files.late);
  yield { step: 'late', imports: late, rescored: await rescoreRecords(ctx, { scope: 'changed' }) };

  const verifications: Verification[] = [];
  for (const receipt of [before.receipt, ...best.shown.map((account) => account.receipt)])
    verifications.push(await verifyScore(ctx, { receipt }));
  yield { step: 'verified', verifications, before, after: await getAccountHeat(ctx, { account: asked }) };

  const { definition } = await getDefinition(ctx, { kind: 'rubric' });
  if (definition.document.kind !== 'rubric') throw new Error('the rubric is of another kind');
  const { draft, changes } = draftRubric(definition.document, DRAFT_CAPS);
  yield { step: 'simulated', changes, simulation: await simulateRubric(ctx, { rubric: draft, kinds: ['account'], movers: 8 }) };
}

/** A warm account of which much comes late, for its answer will change; else the best hot one, else the best of all. */
async function whomToAskAbout(ctx: Context, late: ReadonlyMap<string, number>): Promise<string> {
  const lateOf = (record: FoundRecord) => late.get(record.domain ?? '') ?? 0;
  const warm = await searchRecords(ctx, { kind: 'account', heat: 'warm', limit: 40 });
  const [stirring] = warm.records.filter((record) => lateOf(record) > 1).sort((a, b) => lateOf(b) - lateOf(a));
  const hot = await searchRecords(ctx, { kind: 'account', heat: 'hot', limit: 1 });
  const any = await searchRecords(ctx, { kind: 'account', limit: 1 });
  const chosen = stirring ?? hot.records[0] ?? any.records[0];
  if (chosen === undefined)
    throw new SamepageError('file_rejected', 'The lists hold no company.', 'Give lists with a domain or a name column.');
  return chosen.domain ?? chosen.id;
}

/** The facts that the rubric reads, with what other sources say. */
async function factsOf(ctx: Context, account: string): Promise<Fact[]> {
  const { facts, score } = await getAccount(ctx, { account, detailed: true });
  const read = new Set(fieldsRead(score.rubric.document, 'account'));
  return facts.shown.filter((fact) => read.has(fact.field));
}

function countBy(numbers: readonly number[]): { lists: number; accounts: number }[] {
  const counts = new Map<number, number>();
  for (const n of numbers) counts.set(n, (counts.get(n) ?? 0) + 1);
  return [...counts].map(([lists, accounts]) => ({ lists, accounts })).sort((a, b) => a.lists - b.lists);
}
