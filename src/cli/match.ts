import type { GuessedColumn } from '../identity/core/column-kinds.ts';
import type { MatchedFile, MatchFilesReport } from '../identity/match-files.ts';
import { collect } from './collect.ts';
import type { Register } from './deps.ts';

interface Flags {
  leads: string;
  accounts: string;
  mapLeads: string[];
  mapAccounts: string[];
  out: string;
  encoding?: string;
  country?: string;
  json: boolean;
}

/** `samepage-mcp match`: which account each lead of a file belongs to; needs no database. */
export const register: Register = (program, deps) => {
  program
    .command('match')
    .description('find the account of each lead: two files (CSV or JSONL) in, one CSV out; nothing is imported')
    .requiredOption('--leads <file>', 'the leads, one a row')
    .requiredOption('--accounts <file>', 'the accounts, one a row')
    .requiredOption('--out <file>', 'where the matches go, a line for each lead in its order')
    .option(
      '--map-leads <column=kind>',
      'what a column of the leads holds, as in "Firm=company"; may be repeated, others are guessed',
      collect,
      [],
    )
    .option('--map-accounts <column=kind>', 'the same for the accounts', collect, [])
    .option('--encoding <name>', 'of both files: utf-8, utf-16le, utf-16be or windows-1252, when it does not show')
    .option('--country <country>', 'whence telephone numbers without a country code are, where a row names no country, as in "de"')
    .option('--json', 'print the report as JSON', false)
    .action(async (flags: Flags) => {
      const [{ matchFiles }, { createProgress }] = await Promise.all([import('../identity/match-files.ts'), import('./progress.ts')]);
      const progress = await createProgress(process.stderr, deps.err);
      try {
        const { json: _, ...input } = flags;
        const report = await matchFiles({ progress, signal: deps.signal }, input);
        progress.stop();
        const { neutralText } = await import('../server/neutralise.ts');
        deps.out(flags.json ? JSON.stringify(reportData(report)) : neutralText(reportText(report, flags.out)));
      } finally {
        progress.stop();
      }
    });
};

function reportData({ leads, accounts, sharedDomains, ...decided }: MatchFilesReport) {
  return { leads: fileData(leads), accounts: fileData(accounts), ...decided, shared_domains: sharedDomains };
}

const fileData = ({ isIdLine, ...file }: MatchedFile) => ({ ...file, is_id_line: isIdLine });

/** What was read as what, and what came of it. */
export function reportText(report: MatchFilesReport, out: string): string {
  const { leads, accounts, decisions, rules } = report;
  const count = (n: number) => n.toLocaleString('en-US');
  const share = (n: number) => `${count(n)} (${leads.rows === 0 ? 0 : Math.round((n * 1000) / leads.rows) / 10} %)`;
  return [
    `Leads: ${count(leads.rows)} rows; ${kindsText(leads.columns)}.`,
    ...notes('Leads', leads),
    `Accounts: ${count(accounts.rows)} rows; ${kindsText(accounts.columns)}.`,
    ...notes('Accounts', accounts),
    ...(report.sharedDomains > 0 ? [`${count(report.sharedDomains)} e-mail domains are used by many companies and count little.`] : []),
    `match ${share(decisions.match)}, review ${share(decisions.review)}, none ${share(decisions.none)}`,
    ...Object.entries(rules)
      .sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
      .map(([rule, n]) => `  ${rule} ${count(n)}`),
    `Written to ${out}.`,
  ].join('\n');
}

function notes(which: string, file: MatchFilesReport['leads']): string[] {
  const { count, first } = file.refused;
  return [
    ...file.notes.map((note) => `  ${note}`),
    ...(file.isIdLine
      ? [`  ${which} have no id column: the number of the line is the id. Say which it is with --map-${which.toLowerCase()} "Column=id".`]
      : []),
    ...(count > 0 ? [`  ${count.toLocaleString('en-US')} rows cannot be read and are left out; the first: ${first ?? ''}.`] : []),
  ];
}

function kindsText(columns: readonly GuessedColumn[]): string {
  const used = columns.filter(({ kind }) => kind !== 'ignore' && kind !== 'text');
  return used.map(({ column, kind, why }) => `${column}=${kind}${why === 'given' ? ' (given)' : ''}`).join(', ');
}
