import { z } from 'zod';
import { definitionKind } from '../definitions/core/definition.ts';
import { STATES } from '../definitions/core/signing.ts';
import { signDefinition, signDefinitionInput } from '../definitions/sign-definition.ts';
import { paragraphs } from '../kernel/markdown.ts';
import { settleDefinitions } from '../records/settle-definitions.ts';
import { defineTool } from './define-tool.ts';
import { definitionUris } from './shared.ts';

const shape = signDefinitionInput.shape;

export const signDefinitionTool = defineTool({
  name: 'sign_definition',
  title: 'Sign a definition',
  toolset: 'definitions',
  description: `Asks a team's leader to sign a definition, in a form that the person fills in; you cannot sign for them. Use it when a leader says that they want to sign. Where the client shows no forms, it tells the command for a terminal. Not to change one (propose_definition). Example: {"kind":"rubric","team":"sales","hash":"1a2b3c4d"}`,
  input: signDefinitionInput.safeExtend({
    hash: shape.hash.describe('of what they read; else what is proposed, else what is in use'),
    withdraw: shape.withdraw.describe('take the signature back'),
  }),
  output: z.strictObject({
    kind: definitionKind,
    hash: z.string(),
    version: z.int(),
    state: z.enum(STATES),
    signed: z.array(z.string()).describe('teams'),
    missing: z.array(z.string()),
    in_use_now: z.array(z.strictObject({ kind: definitionKind, hash: z.string(), version: z.int() })).describe('by this signature'),
  }),
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: false },
  async run(ctx, input) {
    const { activated, ...rest } = await signDefinition(ctx, input, settleDefinitions(ctx));
    return { ...rest, in_use_now: activated };
  },
  text: ({ kind, version, hash, state, signed, missing, in_use_now }) =>
    paragraphs(
      `${kind} v${version} ${hash} is ${state}; signed by ${signed.join(' and ') || 'nobody'}${missing.length === 0 ? '' : `, missing: ${missing.join(', ')}`}.`,
      ...in_use_now.map((one) => `In use now: ${one.kind} v${one.version} ${one.hash}.`),
      in_use_now.some((one) => one.kind === 'rubric') && 'Scores change with the next rescore_records.',
    ),
  changes: ({ kind, in_use_now }) => [...new Set([kind, ...in_use_now.map((one) => one.kind)])].flatMap(definitionUris),
  changesList: ({ in_use_now }) => in_use_now.length > 0,
});
