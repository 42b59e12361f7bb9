import type { Progress } from '../kernel/context.ts';
import { cancelled, SamepageError, shown } from '../kernel/errors.ts';
import { loadCountries } from '../records/load-countries.ts';
import { type AccountDecision, decisionSentence } from './core/account-decision.ts';
import type { AccountRecord, LeadRecord } from './core/account-evidence.ts';
import { type AccountMatcher, accountMatcher, LeadDomains } from './core/account-index.ts';
import type { GuessedColumn } from './core/column-kinds.ts';
import { csvLine } from './core/csv-line.ts';
import { type EmployerReader, employerReader } from './core/read-employer.ts';
import { NOT_UTF8 } from './file-encoding.ts';
import { openRecords, type RecordsFile, type RefusedRows } from './open-records.ts';
import { givenCountry } from './phone-places.ts';
import { refuseOverwrite } from './refuse-overwrite.ts';
import { refuseUnwritable, writeLines } from './write-lines.ts';

export interface MatchFilesInput {
  leads: string;
  accounts: string;
  /** `column=kind`, which no guess overrides. */
  mapLeads: readonly string[];
  mapAccounts: readonly string[];
  /** The file to write; one of that name is replaced. */
  out: string;
  /** Of both files, where it does not show. */
  encoding?: string | undefined;
  /** Whence telephone numbers are that have no country code, in rows that name no country: a name or ISO 3166-1 code. */
  country?: string | undefined;
}

export interface MatchedFile {
  rows: number;
  columns: GuessedColumn[];
  isIdLine: boolean;
  refused: RefusedRows;
  /** What the reader should know. */
  notes: readonly string[];
}

export interface MatchFilesReport {
  leads: MatchedFile;
  accounts: MatchedFile;
  decisions: { match: number; review: number; none: number };
  rules: Record<string, number>;
  /** Domains that people of many companies use. */
  sharedDomains: number;
}

export const MATCH_COLUMNS = ['lead_id', 'account_id', 'probability', 'decision', 'rule', 'candidate_id', 'why'] as const;

/**
 * Matches each lead of a file with an account of another, and writes a line for each in the leads' order. The leads are read
 * twice, a piece at a time; the accounts are held in memory.
 * @throws SamepageError `file_rejected`, `invalid_input`, `cancelled`
 */
export async function matchFiles(run: { progress: Progress; signal: AbortSignal }, input: MatchFilesInput): Promise<MatchFilesReport> {
  await refuseOverwrite([input.leads, input.accounts], { '--out': input.out });
  await refuseUnwritable([input.out]);
  const accounts = await openRecords(input.accounts, input.mapAccounts, '--map-accounts', input.encoding);
  const leads = await openRecords(input.leads, input.mapLeads, '--map-leads', input.encoding);
  ofOrganisations(accounts.columns);
  idByName(accounts.columns, ACCOUNT_ID);
  idByName(leads.columns, LEAD_ID);
  mustHave(accounts, ['company', 'domain', 'email', 'phone'], '--map-accounts');
  mustHave(leads, ['email', 'company', 'domain', 'phone'], '--map-leads');
  const countries = await loadCountries();
  const home = input.country === undefined ? null : givenCountry(input.country, countries);
  const readerOf = ({ columns }: RecordsFile) =>
    employerReader(
      columns.map(({ kind }) => kind),
      countries,
      home,
    );
  const [accountReader, leadReader] = [readerOf(accounts), readerOf(leads)];

  const total = accounts.size + 2 * leads.size;
  const accountsRefused: RefusedRows = { count: 0, first: null };
  const held: AccountRecord[] = [];
  for await (const { rows, bytes } of accounts.rows(accountsRefused)) {
    stopWhen(run.signal);
    for (const { cells, line } of rows) held.push(accountReader.account(cells, line));
    run.progress.report(bytes, total, 'reading accounts');
  }
  const domains = new LeadDomains(held);
  for await (const { rows, bytes } of leads.rows()) {
    stopWhen(run.signal);
    for (const { cells, line } of rows) domains.add(leadReader.lead(cells, line));
    run.progress.report(accounts.size + bytes, total, 'reading leads');
  }
  const matcher = accountMatcher(held, domains);
  const report: MatchFilesReport = {
    leads: { rows: 0, columns: leads.columns, isIdLine: leadReader.isIdLine, refused: { count: 0, first: null }, notes: notesOn(leads) },
    accounts: {
      rows: held.length,
      columns: accounts.columns,
      isIdLine: accountReader.isIdLine,
      refused: accountsRefused,
      notes: notesOn(accounts),
    },
    decisions: { match: 0, review: 0, none: 0 },
    rules: {},
    sharedDomains: matcher.statistics.sharedDomains.size,
  };
  await writeLines(input.out, decided(run, leads, leadReader, matcher, report, accounts.size + leads.size, total));
  return report;
}

async function* decided(
  run: { progress: Progress; signal: AbortSignal },
  leads: RecordsFile,
  reader: EmployerReader,
  matcher: AccountMatcher,
  report: MatchFilesReport,
  before: number,
  total: number,
): AsyncGenerator<string> {
  yield csvLine(MATCH_COLUMNS);
  for await (const { rows, bytes } of leads.rows(report.leads.refused)) {
    stopWhen(run.signal);
    for (const { cells, line } of rows) {
      const lead = reader.lead(cells, line);
      const decision = matcher.decide(lead);
      report.leads.rows += 1;
      report.decisions[decision.decision] += 1;
      report.rules[decision.rule] = (report.rules[decision.rule] ?? 0) + 1;
      yield lineOf(lead, decision);
    }
    run.progress.report(before + bytes, total, 'matching');
  }
}

function lineOf(lead: LeadRecord, decision: AccountDecision): string {
  const { entity, p, rule } = decision;
  const isMatch = decision.decision === 'match';
  return csvLine([
    lead.id,
    isMatch ? (entity ?? '') : '',
    p.toFixed(4),
    decision.decision,
    rule,
    decision.decision === 'review' ? (entity ?? '') : '',
    decisionSentence(decision),
  ]);
}

const LEAD_ID = /^(?:(?:lead|contact|person|prospect|record|unique|row)[ _-]?)?id$/i;
const ACCOUNT_ID = /^(?:(?:account|company|organi[sz]ation|customer|record|unique|row)[ _-]?)?id$|^(?:account|company|customer)$/i;

/** Accounts are no people: a column of names is of companies. */
function ofOrganisations(columns: GuessedColumn[]): void {
  if (columns.some(({ kind }) => kind === 'company')) return;
  const named = columns.find(({ kind, why }) => kind === 'full_name' && why !== 'given');
  if (named !== undefined) named.kind = 'company';
}

/** A column that is named as an id is one, also where an id comes twice. */
function idByName(columns: GuessedColumn[], pattern: RegExp): void {
  if (columns.some(({ kind }) => kind === 'id')) return;
  const id = columns.find(({ column, why, kind }) => pattern.test(column.trim()) && why !== 'given' && kind !== 'company');
  if (id !== undefined) id.kind = 'id';
}

function mustHave(file: RecordsFile, kinds: readonly string[], option: string): void {
  if (file.columns.some(({ kind }) => kinds.includes(kind))) return;
  throw new SamepageError(
    'invalid_input',
    `No column of "${shown(file.name)}" holds ${kinds.join(', ')}: there is nothing to match by.`,
    `Say what a column holds, as in ${option} "${shown(file.columns[0]?.column ?? 'Company')}=company".`,
  );
}

const notesOn = ({ isGuessed }: RecordsFile) => (isGuessed ? [NOT_UTF8] : []);

function stopWhen(signal: AbortSignal): void {
  if (signal.aborted) throw cancelled();
}
