import type { Taxonomy } from '../definitions/core/taxonomy.ts';
import { currentWorld } from '../definitions/current-documents.ts';
import { shippedWorld } from '../definitions/shipped.ts';
import type { Context, ProviderSettings } from '../kernel/context.ts';
import { packageVersion } from '../kernel/version.ts';
import { type CellReader, fieldReader } from '../records/core/normalise.ts';
import { loadCountries } from '../records/load-countries.ts';
import type { Keys } from './core/authorise.ts';
import type { ProviderOffer } from './core/provider.ts';
import { secretsOf } from './core/provider-spec.ts';
import { type Catalogue, type LoadedProvider, loadProviders } from './load-providers.ts';
import { readSecrets } from './read-secrets.ts';

/** A provider as this installation can use it. */
export interface ReadyProvider {
  provider: LoadedProvider;
  keys: Keys;
  /** Variables that are not set: while there are any, it is not asked. */
  missing: readonly string[];
}

export interface OpenProviders {
  refused: Catalogue['refused'];
  providers: ReadonlyMap<string, ReadyProvider>;
  /** What the planner may choose from. */
  offers: readonly ProviderOffer[];
  /** The name under which requests go out. */
  agent: string;
}

const CONTACT = 'SAMEPAGE_CONTACT';

/** The providers with their keys, read anew: the descriptions, the secrets file and the environment. */
export async function openProviders(settings: ProviderSettings | undefined): Promise<OpenProviders> {
  const [catalogue, secret] = await Promise.all([loadProviders(settings?.folder), readSecrets(settings)]);
  const providers = [...catalogue.providers].map(([id, provider]): [string, ReadyProvider] => {
    const keys = Object.fromEntries(secretsOf(provider.spec.auth).map((name) => [name, secret(name)]));
    const contact = provider.spec.contact === true && settings?.contact === undefined ? [CONTACT] : [];
    const held = Object.entries(keys).filter((pair): pair is [string, string] => pair[1] !== undefined);
    const missing = [...Object.keys(keys).filter((name) => keys[name] === undefined), ...contact];
    return [id, { provider, keys: Object.fromEntries(held), missing }];
  });
  const agent = `samepage-mcp/${packageVersion()}${settings?.contact === undefined ? '' : ` (${settings.contact})`}`;
  return {
    refused: catalogue.refused,
    providers: new Map(providers),
    offers: providers.filter(([, { missing }]) => missing.length === 0).map(([, { provider }]) => provider.offer),
    agent,
  };
}

/** The line that says why a provider is not asked. */
export function missingText(missing: readonly string[]): string {
  return `not asked: set ${missing.join(' and ')}`;
}

/** The readers of the fields that a workspace declares; of the shipped ones without a workspace. */
export async function fieldReaders(ctx: Context | undefined): Promise<ReadonlyMap<string, CellReader>> {
  const [{ taxonomy }, countries] = await Promise.all([ctx === undefined ? shippedWorld() : currentWorld(ctx), loadCountries()]);
  return readersOf(taxonomy, countries);
}

function readersOf(taxonomy: Taxonomy | undefined, countries: Awaited<ReturnType<typeof loadCountries>>): Map<string, CellReader> {
  return new Map((taxonomy?.fields ?? []).map((field) => [field.name, fieldReader(field, { countries, decimal: 'point' })]));
}
