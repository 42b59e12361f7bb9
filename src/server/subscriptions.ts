import { SubscribeRequestSchema, UnsubscribeRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import type { AnyTool } from '../tools/define-tool.ts';
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

/** Tells the client which of the resources it subscribed to a call has changed, and whether their list did. */
export async function announce(session: Session, tool: AnyTool, returned: unknown): Promise<void> {
  if (tool.changes === undefined && tool.changesList === undefined) return;
  const output: unknown = tool.output.parse(returned);
  try {
    const changed = tool.changes?.(output) ?? [];
    for (const uri of session.subscriptions) {
      if (changed.some((one) => isSameOrBelow(uri, one))) await session.server.sendResourceUpdated({ uri });
    }
    if (tool.changesList?.(output) === true) await session.server.sendResourceListChanged();
  } catch (error) {
    // the work is done and told all the same
    session.log.failure('announce_failed', error, { tool: tool.name });
  }
}

/** `samepage://accounts/*` stands for every account: a call that changes many need not name them. */
function isSameOrBelow(uri: string, changed: string): boolean {
  return changed.endsWith('*') ? uri.startsWith(changed.slice(0, -1)) : uri === changed;
}
