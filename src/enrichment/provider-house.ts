import type { Context } from '../kernel/context.ts';
import type { Database } from '../kernel/database.ts';
import type { Transport } from './core/exchange.ts';
import type { ProviderOffer, ProviderPort } from './core/provider.ts';
import { fieldReaders, openProviders } from './open-providers.ts';

/** The providers of a workspace, and how they are asked. */
export interface ProviderHouse {
  offers: readonly ProviderOffer[];
  port: ProviderPort;
}

/** Descriptions and keys are read anew after so long. */
const HELD_MS = 60_000;
/** One for the process: it keeps the connections, and opens them. */
let transport: Transport | undefined;
const houses = new WeakMap<Database, Map<string, { house: Promise<ProviderHouse>; openedAt: number }>>();

/** The providers described, shipped and of the team's own, whose keys are set. Calls of one process share their limits and breakers. */
export function openHouse(ctx: Context): Promise<ProviderHouse> {
  const workspaces = houses.get(ctx.db) ?? new Map<string, { house: Promise<ProviderHouse>; openedAt: number }>();
  houses.set(ctx.db, workspaces);
  const held = workspaces.get(ctx.workspaceId);
  const now = performance.now();
  if (held !== undefined && now - held.openedAt < HELD_MS) return held.house;
  const house = open(ctx);
  workspaces.set(ctx.workspaceId, { house, openedAt: now });
  house.catch(() => workspaces.delete(ctx.workspaceId));
  return house;
}

async function open(ctx: Context): Promise<ProviderHouse> {
  // it outlives the call that opened it
  const lasting: Context = { ...ctx, signal: new AbortController().signal };
  const [opened, readers, { publicAgent }, { httpTransport }, { DescribedProviders }] = await Promise.all([
    openProviders(ctx.providers),
    fieldReaders(lasting),
    // what asks over the network is loaded by those who ask
    import('./guarded-agent.ts'),
    import('./http-transport.ts'),
    import('./provider-port.ts'),
  ]);
  transport ??= httpTransport(publicAgent());
  const port = new DescribedProviders(lasting, opened, transport, readers);
  return { offers: opened.offers, port };
}
