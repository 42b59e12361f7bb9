import { CompleteRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { ownError } from './error-result.ts';
import { neutralText } from './neutralise.ts';
import type { Extra, Handle, Session } from './session.ts';

/** The protocol allows no more. */
const MAX_VALUES = 100;

interface Wanted {
  ref: { type: 'ref/prompt'; name: string } | { type: 'ref/resource'; uri: string };
  argument: { name: string; value: string };
  given: Readonly<Record<string, string>>;
}

/** Completes the arguments of prompts and the variables of resource templates. A failure completes nothing: it is a convenience. */
export function handleCompletion(handle: Handle, session: Session): void {
  handle(CompleteRequestSchema, async ({ params }, extra) => {
    const { ref, argument, context } = params;
    try {
      const values = await valuesFor({ ref, argument, given: context?.arguments ?? {} }, session, extra);
      return {
        completion: { values: values.slice(0, MAX_VALUES).map(neutralText), total: values.length, hasMore: values.length > MAX_VALUES },
      };
    } catch (error) {
      ownError(error, session.log, 'completion/complete', extra.signal);
      return { completion: { values: [], total: 0, hasMore: false } };
    }
  });
}

async function valuesFor({ ref, argument, given }: Wanted, session: Session, extra: Extra): Promise<readonly string[]> {
  const { resources, prompts } = await session.catalog();
  const context = () => session.contextFor(extra, session.signalFor(extra));
  if (ref.type === 'ref/prompt') {
    const complete = prompts.find((prompt) => prompt.name === ref.name)?.complete?.[argument.name];
    return complete === undefined ? [] : complete(await context(), argument.value);
  }
  const complete = resources.find((resource) => resource.uriTemplate === ref.uri)?.complete?.[argument.name];
  return complete === undefined ? [] : complete(await context(), argument.value, given);
}
