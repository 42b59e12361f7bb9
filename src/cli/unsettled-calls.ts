import { type Command, InvalidArgumentError } from 'commander';
import type { CliDeps } from './deps.ts';
import { inContext } from './in-context.ts';

/** `samepage-mcp providers unsettled`: the calls whose money is held because nobody knows whether they were billed. */
export function registerUnsettled(providers: Command, deps: CliDeps): void {
  providers
    .command('unsettled')
    .description('paid calls without an answer: their money stays held, and they are not sent again, until they are settled')
    .option('--json', 'one JSON object', false)
    .action(async ({ json }: { json: boolean }) => {
      const [{ listUnsettled }, { columns }] = await Promise.all([import('../enrichment/unsettled-calls.ts'), import('./columns.ts')]);
      const calls = await inContext(deps, false, listUnsettled);
      if (json) {
        const listed = calls.map(({ requestedAt, heldMicros, ...call }) => {
          return { ...call, requested_at: requestedAt.toISOString(), held_usd: heldMicros / MICROS };
        });
        return deps.out(JSON.stringify({ calls: listed }, null, 2));
      }
      if (calls.length === 0) return deps.out('Every call is settled.');
      const rows = calls.map(({ call, provider, requestedAt, heldMicros, state }) => [
        ...[call, provider, requestedAt.toISOString().slice(0, 16).replace('T', ' '), dollars(heldMicros)],
        state === 'waiting' ? 'at work there' : 'not known',
      ]);
      deps.out(columns(['call', 'provider', 'asked (UTC)', 'held', 'outcome'], rows, 36));
      deps.out(
        'See in the bill of the vendor what each cost: samepage-mcp providers settle CALL --charged USD (0 where it was not billed)',
      );
    });
}

/** `samepage-mcp providers settle CALL --charged USD`. */
export function registerSettle(providers: Command, deps: CliDeps): void {
  providers
    .command('settle')
    .description('settle a paid call without an answer by what the bill says that it cost; then its question may be asked again')
    .argument('<call>', 'its id, as `providers unsettled` gives it')
    .requiredOption('--charged <usd>', 'what it cost, in US dollars; 0 where it was not billed', usd)
    .action(async (call: string, { charged }: { charged: number }) => {
      const { settleUnknown } = await import('../enrichment/settle-unknown.ts');
      const settled = await inContext(deps, true, (ctx) => settleUnknown(ctx, { call, charged_usd: charged }));
      deps.out(
        `The call of ${settled.provider} is settled: ${dollars(settled.chargedMicros)} charged of ${dollars(settled.heldMicros)} held.`,
      );
    });
}

const MICROS = 1_000_000;
const dollars = (micros: number) => `$${micros / MICROS}`;

function usd(text: string): number {
  if (!/^\d{1,5}(\.\d{1,6})?$/.test(text)) throw new InvalidArgumentError('An amount is written as 0.25.');
  return Number(text);
}
