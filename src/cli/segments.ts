import type { Command } from 'commander';
import type { ActiveSegment } from '../handoff/list-segment-rules.ts';
import { csvLine, noFormula } from '../identity/core/csv-line.ts';
import type { CliDeps, Register } from './deps.ts';

/** `samepage-mcp segments list | export | propose`. */
export const register: Register = (program, deps) => {
  const segments = program
    .command('segments')
    .description('segments that sales keeps rejecting: what is proposed and in force, for marketing tools to take over, and compare anew');
  registerList(segments, deps);
  registerExport(segments, deps);
  registerPropose(segments, deps);
};

function registerList(segments: Command, deps: CliDeps): void {
  segments
    .command('list')
    .description('every segment rule: proposed, in force, declined, removed')
    .option('--json', 'one JSON object', false)
    .action(async ({ json }: { json: boolean }) => {
      const { rules, active } = await listed(deps);
      if (json) return deps.out(JSON.stringify({ active, rules }, null, 2));
      if (rules.length === 0) return deps.out('No segment rule was proposed yet.');
      const { columns } = await import('./columns.ts');
      const rows = rules.map(({ state, code, action, changed_at, label, id }) => [
        ...[state.replaceAll('_', ' '), code, action.replaceAll('_', ' '), changed_at.toISOString().slice(0, 10), id, label],
      ]);
      deps.out(columns(['state', 'code', 'rule', 'since', 'id', 'segment'], rows, 36));
    });
}

function registerExport(segments: Command, deps: CliDeps): void {
  segments
    .command('export')
    .description('the segments that hand-offs go by, each with its condition, for any marketing tool')
    .option('--format <format>', 'csv or json', 'csv')
    .action(async ({ format }: { format: string }) => {
      if (format !== 'csv' && format !== 'json') {
        const { SamepageError, shown } = await import('../kernel/errors.ts');
        throw new SamepageError('invalid_input', `--format is ${shown(format)}.`, 'Use csv or json.');
      }
      const { active } = await listed(deps);
      deps.out(format === 'json' ? JSON.stringify({ segments: active }, null, 2) : csv(active));
    });
}

function registerPropose(segments: Command, deps: CliDeps): void {
  segments
    .command('propose')
    .description('compare the rejections of the last quarter across segments; once a week')
    .action(async () => {
      const { proposeSegmentRules } = await import('../handoff/propose-segment-rules.ts');
      const { ctx, close } = await deps.openContext({ write: true });
      try {
        const { compared, next, moves } = await proposeSegmentRules(ctx);
        if (!compared) return deps.out(`The last comparison is less than a week old; the next one is on ${next.slice(0, 10)}.`);
        if (moves.length === 0) return deps.out('Nothing is proposed: no segment is rejected clearly more often than the rest.');
        for (const { move, label, code, rule } of moves) deps.out(`${move} ${JSON.stringify(label)} (${code}): rule ${rule}`);
      } finally {
        await close();
      }
    });
}

async function listed(deps: CliDeps) {
  const { listSegmentRules } = await import('../handoff/list-segment-rules.ts');
  const { ctx, close } = await deps.openContext();
  try {
    return await listSegmentRules(ctx);
  } finally {
    await close();
  }
}

function csv(active: readonly ActiveSegment[]): string {
  const head = ['id', 'label', 'rule', 'because', 'since', 'condition', 'when'];
  const rows = active.map(({ id, label, rule, because, since, sentence, when }) => [
    ...[id, label, rule, because, since ?? '', sentence, JSON.stringify(when)],
  ]);
  return [head, ...rows].map((cells) => csvLine(cells.map(noFormula))).join('\n');
}
