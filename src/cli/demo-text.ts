import type { Fact } from '../accounts/read-facts.ts';
import { SCORED_TIERS } from '../definitions/core/common.ts';
import type { DemoStep } from '../demo/run-demo.ts';
import type { ImportResult } from '../records/import-records.ts';
import type { PartCounts } from '../scoring/core/rescore-plan.ts';
import { columns, paragraph } from './columns.ts';
import { enrichedParts } from './demo-enriched-text.ts';

const SHOWN_MOVES = 8;
const MOST_REASONS = 6;
const MOST_BAD = 10;

/** One step of the demonstration to read, under its heading. `answer` is what get_account_heat says, for the step that asks. */
export function stepText(step: DemoStep, answer: string | undefined): string {
  switch (step.step) {
    case 'lists':
      return section('The lists', [
        importTable(step.imports),
        badCells(step.imports),
        `${count(step.accounts, 'account')} by registrable domain: a company that several lists name is one account, with facts from each.`,
        columns(
          ['lists', 'accounts'],
          step.byLists.map(({ lists, accounts }) => [lists, accounts]),
        ),
      ]);
    case 'exports':
      return section(
        step.onLists
          ? 'Import: people and engagement, invented on top of the lists'
          : 'Import: exports as Salesforce, HubSpot and Marketo write them',
        [
          importTable(step.imports),
          badCells(step.imports),
          mappingTable(step.imports),
          `${step.freeMail} people write from a private mailbox: they are kept, and no company is guessed for them.`,
        ],
      );
    case 'enriched':
      return section(`Enrich from lists of the team's own: ${step.lists.join(', ')}`, enrichedParts(step.accounts));
    case 'rescored':
      return section(`Rescore, as of ${step.rescored.asOf}`, [
        columns(
          ['records', 'scored', ...SCORED_TIERS.map((tier) => (tier.length === 1 ? `tier ${tier}` : tier))],
          Object.entries(step.rescored.counts).map(([kind, one]) => [
            `${kind}s`,
            one.subjects,
            ...SCORED_TIERS.map((tier) => one.tiers[tier] ?? 0),
          ]),
        ),
        rubricLine(step.rescored.definitions),
      ]);
    case 'best':
      return section(
        `Tier ${step.tier}: ${count(step.best.total, 'account')}${step.best.total > step.best.shown.length ? `, the first ${step.best.shown.length}` : ''}`,
        [
          columns(
            ['account', 'score', 'heat', 'because'],
            step.best.shown.map((one) => [one.name, one.score, one.heat, reasonsText(one.reasons)]),
            26,
          ),
          'Groups are capped and the score ends at 100, so the points of a row may add up to more.',
        ],
      );
    case 'heat':
      return section(`"Is ${step.asked} hot?"`, [
        answer,
        'What the rubric reads of it, and who says so:',
        columns(
          ['field', 'value', 'source', 'age', 'others say'],
          step.facts
            .filter((fact) => fact.field !== 'account.domain')
            .map((fact) => [fact.label, valueText(fact.value), fact.source, `${fact.age_days} d`, othersText(fact)]),
        ),
      ]);
    case 'late':
      return section('Events that come late', [importTable(step.imports), movesTable(step.rescored.counts.account, step.rescored.reasons)]);
    case 'verified': {
      const reproduced = step.verifications.filter((one) => one.outcome === 'reproduced').length;
      const { before, after } = step;
      return section('The receipts of before', [
        `${before.account.name ?? before.account.domain} was ${before.heat} at ${before.score}; with what is known now it is ${after.heat} at ${after.score}.`,
        `Its receipt says what was known then, so verify_score still gives ${before.heat} at ${before.score}: ${reproduced} of ${step.verifications.length} receipts reproduced exactly.`,
      ]);
    }
    case 'simulated':
      return section('A rubric tried out, nothing written', simulationParts(step));
  }
}

function simulationParts({ changes, simulation }: Extract<DemoStep, { step: 'simulated' }>): string[] {
  const accounts = simulation.byKind.account;
  if (accounts === undefined) return [];
  const moved = (from: string, to: string) => accounts.migration.find((one) => one.from === from && one.to === to)?.n ?? 0;
  return [
    `What if? ${changes.join('; ')}.`,
    columns(
      ['now', ...SCORED_TIERS.map((tier) => `→ ${tier}`)],
      SCORED_TIERS.map((from) => [from, ...SCORED_TIERS.map((to) => moved(from, to))]),
    ),
    `Of ${count(accounts.subjects, 'account')}, ${accounts.changed} change their score, ${accounts.heatChanged} their heat. Those that move most:`,
    columns(
      ['account', 'now', 'then', 'domain'],
      accounts.movers.map((one) => [one.name, `${one.score} ${one.from}`, `${one.draftScore} ${one.to}`, one.key]),
    ),
  ];
}

export function section(heading: string, parts: readonly (string | undefined)[]): string {
  return [
    '',
    heading,
    '─'.repeat([...heading].length),
    '',
    ...parts.flatMap((part) => (part ? [part.startsWith(' ') ? part : paragraph(part), ''] : [])),
  ].join('\n');
}

function importTable(imports: readonly ImportResult[]): string {
  return columns(
    ['file', 'holds', 'lines', 'new', 'updated', 'same', 'bad', 'columns known'],
    imports.map(({ file, kind, lines, rows, mapping }) => [
      file,
      kind,
      lines.total,
      rows.created,
      rows.updated,
      rows.unchanged,
      rows.bad,
      `${mapping.filter((column) => column.target !== null).length} of ${mapping.length}`,
    ]),
  );
}

/** The first cells that could not be read. */
function badCells(imports: readonly ImportResult[]): string | undefined {
  const lines = imports.flatMap(({ file, bad }) =>
    bad.map(({ line, column, value, reason }) => `- ${file}, line ${line}, ${column ?? 'the row'} "${value}" ${reason}.`),
  );
  if (lines.length === 0) return undefined;
  const rest = lines.length - MOST_BAD;
  return ['Not taken in:', ...lines.slice(0, MOST_BAD), ...(rest > 0 ? [`- and ${rest} more.`] : [])].join('\n');
}

/** What the headers of one file were taken for. */
function mappingTable(imports: readonly ImportResult[]): string | undefined {
  const file = imports.find((one) => one.kind === 'people') ?? imports[0];
  if (file === undefined) return undefined;
  const rows = file.mapping.map(({ column, target, reason }) => [column, target ?? 'kept as it is', reason]);
  return columns([`column of ${file.file}`, 'is', 'because'], rows, 34);
}

function movesTable(counts: PartCounts | undefined, reasons: Readonly<Record<string, string>>): string {
  const moves = counts?.moves ?? [];
  if (moves.length === 0) return 'No account changed its tier.';
  return columns(
    ['from', 'to', 'accounts', 'because'],
    moves.slice(0, SHOWN_MOVES).map((move) => [move.from, move.to, move.n, reasons[move.reason] ?? move.reason]),
  );
}

function rubricLine(definitions: readonly { kind: string; hash: string; version: number; status: string }[]): string | undefined {
  const rubric = definitions.find((one) => one.kind === 'rubric');
  return (
    rubric &&
    `By rubric v${rubric.version} (${rubric.status}) ${rubric.hash.slice(0, 12)}…, the same for marketing's leads and sales' accounts.`
  );
}

function reasonsText(reasons: readonly string[]): string {
  const rest = reasons.length - MOST_REASONS;
  return [...reasons.slice(0, MOST_REASONS), ...(rest > 0 ? [`${rest} more`] : [])].join(' · ');
}

/** What the other sources say, where it differs; else that they agree. */
function othersText({ value, other_values }: Fact): string {
  const agrees = (other: unknown) => JSON.stringify(other) === JSON.stringify(value);
  return other_values
    .map((other) => (agrees(other.value) ? `${other.source} agrees` : `${valueText(other.value)} (${other.source})`))
    .join(', ');
}

function valueText(value: unknown): string {
  if (Array.isArray(value)) return value.map(valueText).join(', ');
  return typeof value === 'string' ? value : typeof value === 'number' ? value.toLocaleString('en-US') : JSON.stringify(value);
}

function count(n: number, noun: string): string {
  return `${n.toLocaleString('en-US')} ${n === 1 ? noun : `${noun}s`}`;
}
