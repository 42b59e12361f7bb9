import { z } from 'zod';
import { audit, deriveInWorkspace, requireScope } from '../db/workspace.ts';
import { readSecrets } from '../enrichment/read-secrets.ts';
import type { Context } from '../kernel/context.ts';
import { SamepageError } from '../kernel/errors.ts';
import { parseInput } from '../kernel/parse-input.ts';
import { UNSIGNED } from './core/webhook.ts';
import { readSigners } from './sign-webhook.ts';
import { HAND_OFF_EVENTS } from './write-outbox.ts';

const KNOWN_TYPE = z
  .string()
  .refine(
    (type) => HAND_OFF_EVENTS.some((known) => known === type) || /^segment_rule\.[a-z_]{1,40}$/.test(type),
    `is none of ${HAND_OFF_EVENTS.join(', ')} or segment_rule.…`,
  );

export const addWebhookInput = z.strictObject({
  name: z.string().regex(/^[a-z0-9][a-z0-9_-]{0,62}$/, 'a name has lower case letters, digits, - and _, at most 63 of them'),
  url: z
    .url({ protocol: /^https?$/, error: 'is not the whole URL of a receiver, as https://example.com/hooks' })
    .max(2000)
    .refine(
      (text) => !URL.canParse(text) || (new URL(text).username === '' && new URL(text).password === ''),
      'has a user or password in it',
    ),
  /** The variable that holds the secret. */
  secret: z.string().regex(/^[A-Z][A-Z0-9_]{2,63}$/, 'is the name of a variable, in capital letters'),
  /** All, when left out. */
  types: z.array(KNOWN_TYPE).min(1).max(50).optional(),
});

/**
 * Has events sent to an endpoint from now on. Under a name that is there its URL, secret and types are replaced, and an endpoint that had
 * ended hears again.
 * @throws SamepageError `invalid_input`: also where the secret is not set, or is none; where http is not permitted
 */
export async function addWebhook(ctx: Context, given: z.input<typeof addWebhookInput>): Promise<{ name: string; replaced: boolean }> {
  requireScope(ctx, 'write');
  const { name, url, secret, types } = parseInput(addWebhookInput, given, 'samepage-mcp webhooks add');
  if (url.startsWith('http:') && (ctx.webhookNetworks ?? []).length === 0) {
    const reason = 'is not encrypted, which only a private network of SAMEPAGE_WEBHOOK_NETWORKS may be';
    throw new SamepageError('invalid_input', `url ${reason}.`, 'Give the https URL of the receiver.', {
      problems: [{ path: 'url', reason }],
    });
  }
  const held = (await readSecrets(ctx.providers))(secret);
  if (held === undefined || readSigners(held) === undefined) {
    const reason = held === undefined ? 'is not set' : 'holds no secret of the form whsec_…';
    throw new SamepageError(
      'invalid_input',
      `${secret} ${reason}.`,
      `Run \`samepage-mcp webhooks secret\` for a new one, set it as ${secret} in the environment or in the file of SAMEPAGE_SECRETS_FILE, and give it to the receiver.`,
      { problems: [{ path: 'secret', reason }] },
    );
  }
  return deriveInWorkspace(ctx, async (tx) => {
    const rows = await tx.query(
      `insert into webhook_endpoint as w (workspace_id, name, url, secret_name, types, created_at) values ($1, $2, $3, $4, $5::text::jsonb, $6::timestamptz)
       on conflict (workspace_id, name) do update set url = excluded.url, secret_name = excluded.secret_name, types = excluded.types,
         ended_at = null, paused_until = null
       returning w.created_at < $6::timestamptz as replaced`,
      [ctx.workspaceId, name, url, secret, types === undefined ? null : JSON.stringify(types), ctx.now().toISOString()],
    );
    // what was said of the secret that it had
    await tx.query('update webhook_delivery set last_answer = null where workspace_id = $1 and endpoint = $2 and last_answer = $3', [
      ctx.workspaceId,
      name,
      UNSIGNED,
    ]);
    await audit(tx, ctx, 'add_webhook', name);
    return { name, replaced: rows[0]?.replaced === true };
  });
}
