import { DEFINITION_KINDS, type DefinitionKind, definitionKind } from '../definitions/core/definition.ts';
import { type DefinitionView, getDefinition } from '../definitions/get-definition.ts';
import { listDefinitions } from '../definitions/list-definitions.ts';
import { namedHash, namedKind } from '../definitions/named-kind.ts';
import { type ActiveSegment, listSegmentRules } from '../handoff/list-segment-rules.ts';
import type { Context } from '../kernel/context.ts';
import { defineResource } from './define-resource.ts';

const kindsFrom = async (_ctx: Context, typed: string) => DEFINITION_KINDS.filter((kind) => kind.startsWith(typed));

/** The definition of a kind in use now. */
export const definitionResource = defineResource({
  name: 'definition',
  title: 'Definition in use',
  description: `A definition that both teams share, in use now, as JSON: ${DEFINITION_KINDS.join(', ')}.`,
  mimeType: 'application/json',
  uriTemplate: 'samepage://definitions/{kind}',
  async list(ctx) {
    const versions = await listDefinitions(ctx);
    return versions
      .filter((v) => v.inUseSince !== null)
      .map((v) => ({
        uri: `samepage://definitions/${v.kind}`,
        name: v.kind,
        title: `The ${v.kind} in use`,
        description: `Version ${v.version} (${v.status}), sha256 ${v.hash}, in use since ${v.inUseSince}.`,
      }));
  },
  complete: { kind: kindsFrom },
  read: async (ctx, { kind }) => readDefinition(ctx, namedKind(kind ?? '')),
});

/** Any version of a definition, by its hash. */
export const definitionVersionResource = defineResource({
  name: 'definition_version',
  title: 'Definition by its hash',
  description: 'One version of a definition, as JSON: for receipts and answers that name the hash. The document never changes.',
  mimeType: 'application/json',
  uriTemplate: 'samepage://definitions/{kind}/{hash}',
  complete: {
    kind: kindsFrom,
    async hash(ctx, typed, { kind }) {
      const given = kind === undefined ? undefined : definitionKind.safeParse(kind).data;
      if (kind !== undefined && given === undefined) return [];
      const versions = await listDefinitions(ctx, given === undefined ? {} : { kind: given });
      return versions.map((v) => v.hash).filter((hash) => hash.startsWith(typed));
    },
  },
  read: async (ctx, { kind, hash }) => readDefinition(ctx, namedKind(kind ?? ''), hash),
});

const texts = new WeakMap<DefinitionView, { segments: readonly ActiveSegment[] | undefined; text: string }>();

async function readDefinition(ctx: Context, kind: DefinitionKind, hash?: string): Promise<string> {
  const view = await getDefinition(ctx, hash === undefined ? { kind } : { kind, hash: namedHash(hash) });
  // what hand-offs go by now; an older version by its hash is the document alone
  const segments = kind === 'taxonomy' && hash === undefined ? (await listSegmentRules(ctx)).active : undefined;
  const before = texts.get(view);
  if (before !== undefined && before.segments === segments) return before.text;
  const text = textOf(view, segments);
  texts.set(view, { segments, text });
  return text;
}

function textOf(view: DefinitionView, segments: readonly ActiveSegment[] | undefined): string {
  const { kind, hash, version, status, document } = view.definition;
  const { state, required, signatures } = view.signing;
  const signed_by = signatures.map(({ team, name, recordedAt }) => ({ team, name, at: recordedAt }));
  const said = { kind, hash, version, status, state, must_sign: required, signed_by, in_use_since: view.inUseSince };
  return JSON.stringify({ ...said, ...(segments !== undefined && { segments_in_force: segments }), document });
}
