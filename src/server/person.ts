import type { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { McpError } from '@modelcontextprotocol/sdk/types.js';
import type { Person } from '../kernel/context.ts';
import { neutralText } from './neutralise.ts';
import type { Extra } from './session.ts';

/** A person may be away from the screen; a call ends by its own deadline. */
const PATIENCE_MS = 14 * 60_000;

/** The person whom the client can show a form to; undefined for a client that shows none. */
export function personOf(server: Server, extra: Extra | undefined, signal: AbortSignal): Person | undefined {
  if (extra === undefined || server.getClientCapabilities()?.elicitation?.form === undefined) return undefined;
  return {
    way: 'elicitation',
    async ask({ title, text, names, word }) {
      const form = {
        mode: 'form' as const,
        message: neutralText(`${title}\n\n${text}`),
        requestedSchema: {
          type: 'object' as const,
          properties: {
            name: { type: 'string' as const, title: 'Who are you?', enum: [...names] },
            yes: { type: 'boolean' as const, title: `I ${word}`, description: title },
          },
          required: ['name', 'yes'],
        },
      };
      try {
        const answer = await server.elicitInput(form, { relatedRequestId: extra.requestId, signal, timeout: PATIENCE_MS });
        const { name, yes } = answer.content ?? {};
        return answer.action === 'accept' && yes === true && typeof name === 'string' ? name : undefined;
      } catch (error) {
        signal.throwIfAborted();
        // no answer in time, or one that is none
        if (error instanceof McpError) return undefined;
        throw error;
      }
    },
  };
}
