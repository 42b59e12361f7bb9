import { requireScope } from '../db/workspace.ts';
import type { Context, ProviderSettings } from '../kernel/context.ts';
import type { ProviderOffer, ProviderPort } from './core/provider.ts';
import { publicAgent } from './guarded-agent.ts';
import { httpTransport } from './http-transport.ts';
import { fieldReaders, type OpenProviders, openProviders } from './open-providers.ts';
import { DescribedProviders, ProviderHouse } from './provider-port.ts';

export interface OpenPort {
  port: ProviderPort;
  /** What may be asked: the providers whose keys are there. */
  offers: readonly ProviderOffer[];
  open: OpenProviders;
}

/** One house for all calls of a workspace: its connections, breakers and lists are theirs together. */
const houses = new WeakMap<ProviderSettings, Promise<ProviderHouse>>();
const NO_SETTINGS: ProviderSettings = { folder: undefined, secretsFile: undefined, contact: undefined, variable: () => undefined };

/**
 * The providers of this installation, ready to be asked. Descriptions and keys are read when the first call needs them, and once.
 * @throws SamepageError `permission_denied`; `file_rejected` for a secrets file that cannot be used
 */
export async function openPort(ctx: Context): Promise<OpenPort> {
  requireScope(ctx, 'read');
  const settings = ctx.providers ?? NO_SETTINGS;
  const opening = houses.get(settings) ?? openHouse(settings, ctx.now);
  houses.set(settings, opening);
  const house = await opening.catch((error: unknown) => {
    houses.delete(settings);
    throw error;
  });
  return { port: new DescribedProviders(ctx, house, await fieldReaders(ctx)), offers: house.open.offers, open: house.open };
}

async function openHouse(settings: ProviderSettings, now: () => Date): Promise<ProviderHouse> {
  return new ProviderHouse(await openProviders(settings), httpTransport(publicAgent()), now);
}
