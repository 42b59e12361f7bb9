import { execFile } from 'node:child_process';
import { access, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { companyPairs } from '../src/identity/core/company-pairs.ts';
import { normaliseCompany } from '../src/identity/core/normalise-company.ts';
import { matchFiles } from '../src/identity/match-files.ts';
import { NO_PROGRESS } from '../src/kernel/context.ts';
import type { Figures } from './run.ts';
import { matchedCells, withoutAccounts } from './support/lead-accounts.ts';

const SHARED = resolve(process.env.SAMEPAGE_SHARED_DATA ?? '../shared/data');
const run = promisify(execFile);
const listed = z.object({ domain: z.string(), name: z.string() });

/**
 * Names of companies across seven lists (truth: their domain, which the matcher does not see), and leads matched with accounts,
 * with all accounts there and with 30 % of them taken away. Always the default threshold.
 */
export async function identityAccountsFigures(options: { records: number; seed: number }, say: (line: string) => void): Promise<Figures> {
  return { ...(await companyFigures(say)), ...(await leadFigures(options, say)) };
}

async function companyFigures(say: (line: string) => void): Promise<Figures> {
  const folder = join(SHARED, 'companies');
  const files = await readdir(folder).catch(() => []);
  if (files.length === 0) {
    say(`company_f1 is left out: there is no ${folder}`);
    return {};
  }
  const records: { list: string; domain: string; name: string }[] = [];
  for (const list of files.filter((name) => name.endsWith('.jsonl')).sort())
    for (const line of (await readFile(join(folder, list), 'utf8')).trim().split('\n'))
      records.push({ list, ...listed.parse(JSON.parse(line)) });
  const started = performance.now();
  const companies = records.map(({ name }) => normaliseCompany(name));
  let found = 0;
  let right = 0;
  for (const { a, b } of companyPairs(companies, (one, other) => records[one]?.list !== records[other]?.list)) {
    found += 1;
    if (records[a]?.domain === records[b]?.domain) right += 1;
  }
  const seconds = (performance.now() - started) / 1_000;
  const lists = new Map<string, typeof records>();
  for (const record of records) lists.set(record.domain, [...(lists.get(record.domain) ?? []), record]);
  let all = 0;
  for (const same of lists.values())
    for (const [i, one] of same.entries()) for (const other of same.slice(0, i)) if (one.list !== other.list) all += 1;
  const precision = right / found;
  const recall = right / all;
  return {
    company_f1: rounded((2 * precision * recall) / (precision + recall)),
    company_precision: rounded(precision),
    company_recall: rounded(recall),
    company_s: rounded(seconds),
  };
}

async function leadFigures({ records, seed }: { records: number; seed: number }, say: (line: string) => void): Promise<Figures> {
  const generator = resolve(SHARED, '../tools/generate-people.mjs');
  if (
    !(await access(generator).then(
      () => true,
      () => false,
    ))
  ) {
    say(`the lead_account figures are left out: there is no ${generator}`);
    return {};
  }
  const folder = await mkdtemp(join(tmpdir(), 'samepage-leads-'));
  try {
    const [people, accounts, fewer, out] = ['people.csv', 'accounts.csv', 'fewer.csv', 'matches.csv'].map((name) => join(folder, name)) as [
      string,
      string,
      string,
      string,
    ];
    await run(process.execPath, [
      generator,
      '--records',
      String(records),
      '--seed',
      String(seed),
      '--people',
      people,
      '--accounts',
      accounts,
    ]);
    say(`${records.toLocaleString('en-US')} leads were made`);
    const input = { leads: people, mapLeads: ['person=ignore', 'account=ignore'], mapAccounts: ['account=id'], out };
    const context = { progress: NO_PROGRESS, signal: new AbortController().signal };
    const started = performance.now();
    await matchFiles(context, { ...input, accounts });
    const seconds = (performance.now() - started) / 1_000;
    const whole = await matchedCells(people, out, new Set());
    say('leads were matched with all accounts');
    const gone = await withoutAccounts(accounts, fewer, 0.3);
    await matchFiles(context, { ...input, accounts: fewer });
    const part = await matchedCells(people, out, gone);
    return {
      lead_account_match_rate: rounded(whole.right / whole.present),
      lead_account_precision: rounded(whole.right / (whole.right + whole.wrong)),
      lead_account_false_match_rate: rounded(part.falseOnAbsent / part.absent),
      lead_account_precision_30_absent: rounded(part.right / (part.right + part.wrong)),
      lead_account_leads: records,
      lead_account_s: rounded(seconds),
      leads_per_s: Math.round(records / seconds),
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const rounded = (value: number) => Math.round(value * 1e5) / 1e5;
