import { isoFromDay } from '../kernel/dates.ts';
import type { ImportResult } from '../records/import-records.ts';
import type { PartCounts } from '../scoring/core/rescore-plan.ts';
import type { BestAccount } from './best-accounts.ts';
import type { FilledAccount } from './enrich-from-lists.ts';
import type { DemoInput, DemoStep } from './run-demo.ts';

/**
 * The main figures of a demonstration as one plain object, the same for the same seed, day and lists: nothing in it depends on
 * the clock or on what a run is called.
 */
export function demoFigures(input: Pick<DemoInput, 'seed' | 'day'>, steps: readonly DemoStep[]): Record<string, unknown> {
  return Object.assign({ seed: input.seed, date: isoFromDay(input.day) }, ...steps.map(figuresOf));
}

function figuresOf(step: DemoStep): Record<string, unknown> {
  switch (step.step) {
    case 'lists':
      return { lists: { accounts: step.accounts, by_lists: step.byLists, imports: step.imports.map(imported) } };
    case 'exports':
      return { exports: { free_mail_people: step.freeMail, imports: step.imports.map(imported) } };
    case 'enriched':
      return { enriched: { lists: step.lists, accounts: step.accounts.map(filled) } };
    case 'rescored':
      return { rescored: counted(step.rescored.counts) };
    case 'best':
      return { best: { tier: step.tier, total: step.best.total, accounts: step.best.shown.map(best) } };
    case 'heat': {
      const { heat, score, tier, tests, coverage_percent, unknown, receipt } = step.heat;
      return {
        heat: { account: step.asked, heat, score, tier, tests, coverage_percent, unknown_fields: unknown.length, receipt: receipt.result },
      };
    }
    case 'late':
      return { late: { imports: step.imports.map(imported), rescored: counted(step.rescored.counts) } };
    case 'verified':
      return {
        verified: {
          receipts: step.verifications.length,
          reproduced: step.verifications.filter((one) => one.outcome === 'reproduced').length,
          before: { heat: step.before.heat, score: step.before.score },
          after: { heat: step.after.heat, score: step.after.score },
        },
      };
    case 'simulated': {
      const { account } = step.simulation.byKind;
      return {
        simulated: {
          changes: step.changes,
          accounts: account?.subjects ?? 0,
          changed: account?.changed ?? 0,
          heat_changed: account?.heatChanged ?? 0,
          migration: account?.migration ?? [],
          movers: (account?.movers ?? []).map(({ key, from, to, score, draftScore }) => ({
            domain: key,
            from,
            to,
            score,
            draft_score: draftScore,
          })),
        },
      };
    }
  }
}

function imported({ file, kind, source, lines, rows, mapping }: ImportResult) {
  return {
    file,
    kind,
    source,
    lines,
    rows,
    columns: mapping.length,
    columns_known: mapping.filter((column) => column.target !== null).length,
  };
}

function counted(counts: Readonly<Record<string, PartCounts>>) {
  return Object.fromEntries(
    Object.entries(counts).map(([kind, { subjects, created, replaced, tiers, moves }]) => [
      kind,
      { scored: subjects, new: created, changed: replaced, tiers, moved: moves.map(({ from, to, n }) => ({ from, to, n })) },
    ]),
  );
}

function filled({ name, lacked, found, undecided }: FilledAccount) {
  return {
    name,
    lacked,
    found: found.map(({ field, value, providers, conflicts }) => ({ field, value, providers, conflicts })),
    undecided: undecided.map(({ field }) => field),
  };
}

function best({ domain, score, tier, heat, explanation }: BestAccount) {
  const { parts, groups, clamp, max } = explanation;
  return { domain, score, max, tier, heat, parts: parts.map(({ criterion, points }) => ({ criterion, points })), groups, clamp };
}
