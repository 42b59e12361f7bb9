import { SubscribeRequestSchema, UnsubscribeRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import type { AnyTool } from '../tools/define-tool.ts';
import type { Change } from './changes.ts';
import type { Handle, Session } from './session.ts';

/** More would only be a client that forgets to unsubscribe. */
const MAX_SUBSCRIPTIONS = 1000;

export function handleSubscriptions(handle: Handle, session: Session): void {
  handle(SubscribeRequestSchema, async ({ params }) => {
    if (session.subscriptions.size < MAX_SUBSCRIPTIONS) session.subscriptions.add(params.uri);
    return {};
  });
  handle(UnsubscribeRequestSchema, async ({ params }) => {
    session.subscriptions.delete(params.uri);
    return {};
  });
}

/** Tells the clients of the workspace which of the resources they subscribed to a call has changed, and whether the list did. */
export async function announce(session: Session, tool: AnyTool, returned: unknown): Promise<void> {
  if (tool.changes === undefined && tool.changesList === undefined) return;
  const output: unknown = tool.output.parse(returned);
  try {
    await session.publish({ uris: tool.changes?.(output) ?? [], list: tool.changesList?.(output) === true });
  } catch (error) {
    // the work is done and told all the same
    session.log.failure('announce_failed', error, { tool: tool.name });
  }
}

/** Passes on to this client what concerns it of a change. */
export async function passOn(session: Pick<Session, 'server' | 'subscriptions'>, { uris, list }: Change): Promise<void> {
  for (const uri of session.subscriptions) {
    if (uris.some((changed) => isSameOrBelow(uri, changed))) await session.server.sendResourceUpdated({ uri });
  }
  if (list) await session.server.sendResourceListChanged();
}

/** `samepage://accounts/*` stands for every account: a call that changes many need not name them. */
function isSameOrBelow(uri: string, changed: string): boolean {
  return changed.endsWith('*') ? uri.startsWith(changed.slice(0, -1)) : uri === changed;
}
