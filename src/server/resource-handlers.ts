import {
  ListResourcesRequestSchema,
  ListResourceTemplatesRequestSchema,
  ReadResourceRequestSchema,
} from '@modelcontextprotocol/sdk/types.js';
import { SamepageError, shown } from '../kernel/errors.ts';
import { cursorAt, offsetOf } from '../kernel/pagination.ts';
import type { Resource, ResourceParams } from '../resources/define-resource.ts';
import { ownError } from './error-result.ts';
import { sameAnswer } from './kept-answers.ts';
import { neutralText } from './neutralise.ts';
import { protocolError, refuseCursor } from './protocol-error.ts';
import type { Handle, Session } from './session.ts';
import { isTemplate, matchUri } from './uri-template.ts';

const PAGE = 100;
const QUERY = 'resources/list';

export function handleResources(handle: Handle, session: Session): void {
  handle(ListResourcesRequestSchema, async ({ params }, extra) => {
    const signal = session.signalFor(extra);
    try {
      const { resources } = await session.catalog();
      const ctx = await session.contextFor(extra, signal);
      const lists = await Promise.all(
        resources.map(async (resource) => (await entriesOf(resource, ctx)).map((entry) => ({ ...entry, mimeType: resource.mimeType }))),
      );
      const all = lists.flat();
      const start = offsetOf(params?.cursor, QUERY);
      const next = start + PAGE < all.length ? { nextCursor: cursorAt(QUERY, [start + PAGE]) } : {};
      return { resources: all.slice(start, start + PAGE), ...next };
    } catch (error) {
      throw protocolError(ownError(error, session.log, QUERY, signal));
    }
  });

  handle(ListResourceTemplatesRequestSchema, async ({ params }) => {
    refuseCursor(params?.cursor);
    const templates = (await session.catalog()).resources.filter((resource) => isTemplate(resource.uriTemplate));
    return {
      resourceTemplates: templates.map(({ name, title, description, mimeType, uriTemplate }) => ({
        name,
        title,
        description,
        mimeType,
        uriTemplate,
      })),
    };
  });

  handle(ReadResourceRequestSchema, async ({ params: { uri } }, extra) => {
    const signal = session.signalFor(extra);
    try {
      const found = findResource((await session.catalog()).resources, uri);
      const text = await found.resource.read(await session.contextFor(extra, signal), found.params);
      const { mimeType } = found.resource;
      return sameAnswer(`resource ${uri}`, text, () => ({ contents: [{ uri, mimeType, text: neutralText(text) }] }));
    } catch (error) {
      throw protocolError(ownError(error, session.log, 'resources/read', signal), uri);
    }
  });
}

async function entriesOf(resource: Resource, ctx: Parameters<NonNullable<Resource['list']>>[0]) {
  if (resource.list !== undefined) return resource.list(ctx);
  const { name, title, description, uriTemplate } = resource;
  return isTemplate(uriTemplate) ? [] : [{ uri: uriTemplate, name, title, description }];
}

/** The resource that a URI is of. @throws SamepageError `not_found` */
export function findResource(resources: readonly Resource[], uri: string): { resource: Resource; params: ResourceParams } {
  for (const resource of resources) {
    const params = matchUri(resource.uriTemplate, uri);
    if (params !== undefined) return { resource, params };
  }
  throw new SamepageError(
    'not_found',
    `There is no resource ${shown(uri)}.`,
    `Use one of ${resources.map((resource) => resource.uriTemplate).join(', ') || 'resources/list'}.`,
  );
}
