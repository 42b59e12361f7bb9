import { ensureWorkspace } from '../../src/definitions/ensure-workspace.ts';
import { recordEngagement } from '../../src/engagement/record-engagement.ts';
import type { TestContext } from './context.ts';
import { importText } from './imports.ts';

/** Two people: Ann asked for a demo and her account has an owner; Bob meets nothing, and nobody has room for him. */
export async function handOffWorld(ctx: TestContext): Promise<void> {
  await ensureWorkspace(ctx);
  await importText(ctx, 'accounts', 'domain,name,country,owner,target account\nacme.com,Acme,us,ana,true\n', { source: 'salesforce' });
  await importText(ctx, 'people', 'email,name\nann@acme.com,Ann Lee\nbob@bolt.de,Bob Roth\n', { source: 'salesforce' });
  await requestDemo(ctx, 'd1');
}

/** Ann asks for a demo. */
export async function requestDemo(ctx: TestContext, event_id: string): Promise<void> {
  const occurred_at = new Date(ctx.now().getTime() - 23 * 3_600_000).toISOString();
  await recordEngagement(ctx, { source: 'web', events: [{ event_id, type: 'demo_request', occurred_at, email: 'ann@acme.com' }] });
}
