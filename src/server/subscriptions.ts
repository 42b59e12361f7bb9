import { ErrorCode, SubscribeRequestSchema, UnsubscribeRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import type { AnyTool } from '../tools/define-tool.ts';
import type { Change } from './changes.ts';
import { ownError } from './error-result.ts';
import { ProtocolError, protocolError } from './protocol-error.ts';
import { findResource } from './resource-handlers.ts';
import type { Extra, Handle, Session } from './session.ts';
import { matchUri } from './uri-template.ts';

/** More would only be a client that forgets to unsubscribe. */
export const MAX_SUBSCRIPTIONS = 1000;

export function handleSubscriptions(handle: Handle, session: Session): void {
  const { subscriptions } = session;
  handle(SubscribeRequestSchema, async ({ params: { uri } }, extra) => {
    if (subscriptions.has(uri)) return {};
    if (subscriptions.size >= MAX_SUBSCRIPTIONS) {
      const most = MAX_SUBSCRIPTIONS.toLocaleString('en-US');
      throw new ProtocolError(ErrorCode.InvalidParams, `This client has ${most} subscriptions, the most there can be. End one first.`);
    }
    // before it is looked for: a call that comes meanwhile may change it
    subscriptions.add(uri);
    const signal = session.signalFor(extra);
    try {
      await refuseUnknown(uri, session, extra, signal);
    } catch (error) {
      subscriptions.delete(uri);
      throw protocolError(ownError(error, session.log, 'resources/subscribe', signal), uri);
    }
    return {};
  });
  handle(UnsubscribeRequestSchema, async ({ params }) => {
    subscriptions.delete(params.uri);
    return {};
  });
}

/** What cannot be read cannot be subscribed to. @throws SamepageError as reading it does */
async function refuseUnknown(uri: string, session: Session, extra: Extra, signal: AbortSignal): Promise<void> {
  const { resource, params } = findResource((await session.catalog()).resources, uri);
  const ctx = await session.contextFor(extra, signal);
  const known = await resource.canonical?.(ctx, [params]);
  if (known?.[0] === undefined) await resource.read(ctx, params);
}

/** Tells the clients of the workspace which of the resources they subscribed to a call has changed, and whether the list did. */
export async function announce(session: Session, tool: AnyTool, returned: unknown): Promise<void> {
  const isTold = tool.changes !== undefined || tool.changesList !== undefined;
  // who only waits for something to be written hears of that
  if (!isTold) return tool.annotations.readOnlyHint === true ? undefined : session.publish({ uris: [], list: false });
  const output: unknown = tool.output.parse(returned);
  try {
    await session.publish({ uris: tool.changes?.(output) ?? [], list: tool.changesList?.(output) === true });
  } catch (error) {
    // the work is done and told all the same
    session.log.failure('announce_failed', error, { tool: tool.name });
  }
}

/** Passes on to this client what concerns it of a change. */
export async function passOn(session: Session, { uris, list }: Change): Promise<void> {
  const update = (uri: string) => session.server.sendResourceUpdated({ uri });
  const others: string[] = [];
  for (const uri of session.subscriptions) {
    if (uris.some((changed) => isSameOrBelow(uri, changed))) await update(uri);
    else others.push(uri);
  }
  for (const uri of await byOtherNames(session, others, uris)) await update(uri);
  if (list) await session.server.sendResourceListChanged();
}

/** `samepage://accounts/*` stands for every account: a call that changes many need not name them. */
function isSameOrBelow(uri: string, changed: string): boolean {
  return changed.endsWith('*') ? uri.startsWith(changed.slice(0, -1)) : uri === changed;
}

/** Those of the subscriptions that are of a changed resource under another name, as of an account by its domain. */
async function byOtherNames(session: Session, subscribed: readonly string[], changed: readonly string[]): Promise<string[]> {
  if (subscribed.length === 0 || changed.length === 0) return [];
  const found: string[] = [];
  for (const { uriTemplate, canonical } of (await session.catalog()).resources) {
    if (canonical === undefined || !changed.some((uri) => matchUri(uriTemplate, uri) !== undefined)) continue;
    const named = subscribed.flatMap((uri) => {
      const params = matchUri(uriTemplate, uri);
      return params === undefined ? [] : [{ uri, params }];
    });
    if (named.length === 0) continue;
    const ctx = await session.contextFor(undefined, session.signalFor(undefined));
    const names = await canonical(
      ctx,
      named.map(({ params }) => params),
    );
    found.push(...named.flatMap(({ uri }, i) => (changed.includes(names[i] ?? '') ? [uri] : [])));
  }
  return found;
}
