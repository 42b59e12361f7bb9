import type { Command } from 'commander';
import type { OpenProviders, ReadyProvider } from '../enrichment/open-providers.ts';
import type { CliDeps, Register } from './deps.ts';
import { registerSettle, registerUnsettled } from './unsettled-calls.ts';

/** `samepage-mcp providers list | test | check | unsettled | settle`. */
export const register: Register = (program, deps) => {
  const providers = program
    .command('providers')
    .description('enrichment providers: list them, test them offline, check one with your key, settle calls without an answer');
  registerList(providers, deps);
  registerTest(providers, deps);
  registerCheck(providers, deps);
  registerUnsettled(providers, deps);
  registerSettle(providers, deps);
};

async function open(): Promise<OpenProviders> {
  const [{ parseConfig, providerSettings }, { openProviders }] = await Promise.all([
    import('../config.ts'),
    import('../enrichment/open-providers.ts'),
  ]);
  parseConfig();
  return openProviders(providerSettings());
}

function registerList(providers: Command, deps: CliDeps): void {
  providers
    .command('list')
    .description('what there is: what it gives, costs and needs, and how it was verified')
    .option('--json', 'one JSON object', false)
    .action(async ({ json }: { json: boolean }) => {
      const [opened, { columns }] = await Promise.all([open(), import('./columns.ts')]);
      const listed = [...opened.providers.values()].map(listedProvider);
      if (json) deps.out(JSON.stringify({ providers: listed, refused: opened.refused }, null, 2));
      else {
        const rows = listed.map((one) => [one.provider, one.subject, one.price, one.verified, one.state]);
        deps.out(columns(['provider', 'gives', 'price', 'verified', 'state'], rows, 24));
        sayRefused(opened, deps);
      }
      if (opened.refused.length > 0) process.exitCode = 1;
    });
}

/** The descriptions that are not used: file, line, column and reason. */
function sayRefused({ refused }: OpenProviders, deps: CliDeps): void {
  for (const { file, problems } of refused)
    for (const { line, column, path, message } of problems) deps.err(`${file}:${line}:${column} ${path} ${message}`);
}

function listedProvider({ provider, missing }: ReadyProvider) {
  const { spec, offer, origin } = provider;
  return {
    provider: offer.id,
    name: spec.name,
    subject: offer.subject,
    fields: offer.fields.map(({ field }) => field),
    signals: [...new Set((spec.signals ?? []).map(({ type }) => type))],
    inputs: offer.inputs,
    price: priceText(provider),
    verified: spec.verified.mark.replace('_', ' '),
    how: spec.verified.how,
    origin,
    missing,
    state: missing.length > 0 ? `set ${missing.join(' and ')}` : origin === 'own' ? 'ready (your own)' : 'ready',
  };
}

function priceText({ offer, spec }: ReadyProvider['provider']): string {
  if (offer.billing === 'none') return 'free to ask';
  return `$${dollars(offer.priceMicros)} a ${offer.billing}${spec.billing.price_from === 'assumed' ? ', assumed' : ''}`;
}

const dollars = (micros: number) => String(micros / 1_000_000);

function registerTest(providers: Command, deps: CliDeps): void {
  providers
    .command('test')
    .description('play the fixtures of providers, offline and without keys, and read the lists')
    .argument('[name...]', 'all, when none is named')
    .action(async (names: string[]) => {
      const [opened, { testProvider }, { fieldReaders }, { namedProvider }] = await Promise.all([
        open(),
        import('../enrichment/test-provider.ts'),
        import('../enrichment/open-providers.ts'),
        import('../enrichment/check-provider.ts'),
      ]);
      const readers = await fieldReaders(undefined);
      const chosen = names.length === 0 ? [...opened.providers.values()] : names.map((name) => namedProvider(opened, name));
      for (const { provider } of chosen) {
        const reports = await testProvider(provider, readers);
        const wrong = reports.filter(({ problems }) => problems.length > 0);
        const [first] = reports;
        const isList = provider.spec.list !== undefined && wrong.length === 0;
        const said = isList ? first?.case : `${reports.length - wrong.length} of ${reports.length} fixtures as they say`;
        deps.out(`${provider.offer.id}: ${said}`);
        for (const report of wrong) for (const problem of report.problems) deps.out(`  ${report.case}: ${problem}`);
        if (wrong.length > 0) process.exitCode = 1;
      }
      if (names.length > 0 || opened.refused.length === 0) return;
      sayRefused(opened, deps);
      process.exitCode = 1;
    });
}

function registerCheck(providers: Command, deps: CliDeps): void {
  providers
    .command('check')
    .description('ask one provider once, live, with the key that is set; it may cost what one call costs')
    .argument('<name>')
    .requiredOption('--input <field=value...>', 'what it is asked by, as in account.domain=example.com')
    .action(async (name: string, flags: { input: string[] }) => {
      const [opened, { checkProvider }, { neutralText }] = await Promise.all([
        open(),
        import('../enrichment/check-provider.ts'),
        import('../server/neutralise.ts'),
      ]);
      const { answer, worstMicros } = await checkProvider(opened, { provider: name, inputs: inputsOf(flags.input) }, deps.signal);
      const cost = answer.chargedMicros === null ? `not known, at most $${dollars(worstMicros)}` : `$${dollars(answer.chargedMicros)}`;
      deps.out(`${name}: ${answer.outcome}${answer.reason === undefined ? '' : ` (${answer.reason})`}; cost ${cost}`);
      for (const [field, { value }] of Object.entries(answer.values)) deps.out(neutralText(`  ${field}: ${String(value)}`));
      for (const { type, occurredAt, title = '' } of answer.signals ?? [])
        deps.out(neutralText(`  ${type} ${occurredAt.slice(0, 10)} ${title}`));
      if (answer.outcome !== 'hit' && answer.outcome !== 'miss') process.exitCode = 1;
    });
}

function inputsOf(given: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    given.map((text) => {
      const at = text.indexOf('=');
      return [text.slice(0, Math.max(at, 0)), text.slice(at + 1).trim()];
    }),
  );
}
