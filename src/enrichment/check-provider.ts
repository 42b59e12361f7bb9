import { SamepageError, shown } from '../kernel/errors.ts';
import { nearest } from '../kernel/nearest.ts';
import { pause } from '../kernel/pause.ts';
import type { ProviderAnswer } from './core/provider.ts';
import { worstMicros } from './core/provider.ts';
import { readAnswer } from './core/read-answer.ts';
import { publicAgent } from './guarded-agent.ts';
import { httpTransport } from './http-transport.ts';
import { listOf } from './list-file.ts';
import { TokenStore } from './oauth-token.ts';
import { fieldReaders, missingText, type OpenProviders, type ReadyProvider } from './open-providers.ts';
import { runSteps } from './run-steps.ts';

export interface CheckInput {
  provider: string;
  /** Field → value. */
  inputs: Readonly<Record<string, string>>;
}

export interface Check {
  answer: Omit<ProviderAnswer, 'latencyMs'>;
  /** The most that the call could cost, in micros. */
  worstMicros: number;
}

/**
 * Asks one provider once, with the key that is set: the way to see that a key and a description work. It is no part of a
 * run: no ledger, no cache.
 * @throws SamepageError `not_found`, or `invalid_input` when a variable or an input is missing
 */
export async function checkProvider(open: OpenProviders, { provider: name, inputs }: CheckInput, signal: AbortSignal): Promise<Check> {
  const ready = namedProvider(open, name);
  const { provider, keys, missing } = ready;
  if (missing.length > 0)
    throw new SamepageError(
      'invalid_input',
      `${name} is ${missingText(missing)}.`,
      'Set it in the environment or the secrets file, then check again.',
    );
  const { offer } = provider;
  if (!offer.inputs.some((set) => set.every((field) => (inputs[field] ?? '') !== ''))) {
    const sets = offer.inputs.map((set) => set.join(' and ')).join(', or ');
    throw new SamepageError(
      'invalid_input',
      `${name} is asked by ${sets}.`,
      `Give them, as in --input ${offer.inputs[0]?.[0] ?? 'field'}=VALUE.`,
    );
  }
  const readers = await fieldReaders(undefined);
  const fields = offer.fields.filter(({ extraMicros }) => extraMicros === 0).map(({ field }) => field);
  const worst = worstMicros(offer, fields);
  if (provider.spec.list !== undefined) {
    const row = (await listOf(provider, readers)).find(inputs);
    const values = row === undefined ? { values: {} } : readAnswer(provider, { body: row, input: {} }, readers);
    return { answer: { outcome: row === undefined ? 'miss' : 'hit', chargedMicros: 0, ...values }, worstMicros: worst };
  }
  const agent = publicAgent();
  try {
    const transport = httpTransport(agent);
    const now = () => new Date();
    const environment = { transport, tokens: new TokenStore(transport, now), keys, agent: open.agent, readers, now, pause };
    const limit = AbortSignal.any([signal, AbortSignal.timeout(offer.timeoutMs)]);
    return { answer: await runSteps(provider, { subject: offer.subject, inputs, fields }, limit, environment), worstMicros: worst };
  } finally {
    await agent.close();
  }
}

/** @throws SamepageError `not_found` naming what is near; `invalid_input` when its description was refused */
export function namedProvider(open: OpenProviders, name: string): ReadyProvider {
  const ready = open.providers.get(name);
  if (ready !== undefined) return ready;
  const refused = open.refused.find((one) => one.name === name);
  const [problem] = refused?.problems ?? [];
  if (refused !== undefined)
    throw new SamepageError(
      'invalid_input',
      `The description of ${shown(name)} is refused: ${refused.file}:${problem?.line}:${problem?.column} ${problem?.path} ${problem?.message}.`,
      'Correct it; `samepage-mcp providers list` names every problem.',
    );
  const near = nearest(name, [...open.providers.keys()]);
  throw new SamepageError(
    'not_found',
    `There is no provider "${shown(name)}"${near === undefined ? '' : `; did you mean ${near}?`}`.replace(/([^?])$/, '$1.'),
    'See `samepage-mcp providers list`.',
  );
}
