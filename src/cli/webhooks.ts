import { randomBytes } from 'node:crypto';
import type { Command } from 'commander';
import type { DeadLetters } from '../handoff/dead-letters.ts';
import type { WebhookListed } from '../handoff/list-webhooks.ts';
import type { CliDeps, Register } from './deps.ts';
import { inContext } from './in-context.ts';

/** `samepage-mcp webhooks secret | add | list | remove | dead | replay`. */
export const register: Register = (program, deps) => {
  const webhooks = program.command('webhooks').description('where events of hand-offs are sent: secret, add, list, remove, dead, replay');
  registerSecret(webhooks, deps);
  registerAdd(webhooks, deps);
  registerList(webhooks, deps);
  registerRemove(webhooks, deps);
  registerDead(webhooks, deps);
  registerReplay(webhooks, deps);
};

function registerSecret(webhooks: Command, deps: CliDeps): void {
  webhooks
    .command('secret')
    .description('print a new secret; it is kept nowhere')
    .action(() => deps.out(`whsec_${randomBytes(32).toString('base64')}`));
}

function registerAdd(webhooks: Command, deps: CliDeps): void {
  webhooks
    .command('add')
    .description('send events to a receiver from now on, signed with the secret that a variable holds; or change one')
    .argument('<name>', 'what to call it')
    .argument('<url>', 'of the receiver')
    .requiredOption('--secret <variable>', 'name of the variable with its whsec_… secret, in the environment or in SAMEPAGE_SECRETS_FILE')
    .option('--types <type...>', 'only these events; all when left out')
    .action(async (name: string, url: string, { secret, types }: { secret: string; types?: string[] }) => {
      const { addWebhook } = await import('../handoff/add-webhook.ts');
      const added = await inContext(deps, true, (ctx) => addWebhook(ctx, { name, url, secret, ...(types !== undefined && { types }) }));
      deps.out(added.replaced ? `${added.name} is changed.` : `${added.name} hears of events from now on.`);
    });
}

function registerList(webhooks: Command, deps: CliDeps): void {
  webhooks
    .command('list')
    .description('the receivers, and what each is owed')
    .option('--json', 'print as JSON', false)
    .action(async ({ json }: { json: boolean }) => {
      const [{ listWebhooks }, { columns }] = await Promise.all([import('../handoff/list-webhooks.ts'), import('./columns.ts')]);
      const listed = await inContext(deps, false, listWebhooks);
      if (json) return deps.out(JSON.stringify(listed.map(webhookData), null, 2));
      if (listed.length === 0) return deps.out('There is no webhook: samepage-mcp webhooks add NAME URL --secret VARIABLE');
      const now = Date.now();
      const delivered = (at: Date | null) => (at === null ? 'never' : minute(at));
      const rows = listed.map((one) => [one.name, stateText(one, now), one.waiting, one.dead, delivered(one.deliveredAt), one.url]);
      deps.out(columns(['name', 'state', 'waiting', 'dead', 'last delivered (UTC)', 'url'], rows, 36));
      for (const { name, secret } of listed.filter(isUnsigned))
        deps.out(
          `Nothing is sent to ${name}: the process that delivers has no secret in ${secret}. Set it in the file of SAMEPAGE_SECRETS_FILE, or in the environment of every client and command, and start them again.`,
        );
    });
}

const isUnsigned = ({ unsigned, endedAt }: WebhookListed) => unsigned && endedAt === null;

function stateText(one: WebhookListed, now: number): string {
  if (one.endedAt !== null) return `ended ${minute(one.endedAt)}: it is gone`;
  if (one.unsigned) return 'not sent: no secret';
  return one.pausedUntil !== null && one.pausedUntil.getTime() > now ? `asked to wait until ${minute(one.pausedUntil)}` : 'served';
}

function webhookData({ deliveredAt, pausedUntil, endedAt, ...one }: WebhookListed) {
  return { ...one, delivered_at: deliveredAt, paused_until: pausedUntil, ended_at: endedAt };
}

function registerRemove(webhooks: Command, deps: CliDeps): void {
  webhooks
    .command('remove')
    .description('send a receiver nothing more, and forget what it was owed')
    .argument('<name>')
    .action(async (name: string) => {
      const { removeWebhook } = await import('../handoff/remove-webhook.ts');
      const { owed } = await inContext(deps, true, (ctx) => removeWebhook(ctx, { name }));
      deps.out(`${name} is removed; it was owed ${owed} events.`);
    });
}

function registerDead(webhooks: Command, deps: CliDeps): void {
  webhooks
    .command('dead')
    .description('events that were given up after three days, or because their receiver is gone')
    .argument('[name]', 'of one receiver alone')
    .option('--json', 'print as JSON', false)
    .action(async (endpoint: string | undefined, { json }: { json: boolean }) => {
      const [{ listDeadLetters }, { columns }] = await Promise.all([import('../handoff/dead-letters.ts'), import('./columns.ts')]);
      const dead = await inContext(deps, false, (ctx) => listDeadLetters(ctx, endpoint === undefined ? {} : { endpoint }));
      if (json) return deps.out(JSON.stringify({ ...dead, letters: dead.letters.map(letterData) }, null, 2));
      if (dead.total === 0) return deps.out('Nothing was given up.');
      const rows = dead.letters.map((one) => [one.endpoint, one.event, one.type, minute(one.recordedAt), one.attempts, one.lastAnswer]);
      deps.out(columns(['webhook', 'event', 'type', 'recorded (UTC)', 'attempts', 'last answer'], rows, 36));
      if (dead.total > dead.letters.length) deps.out(`The oldest ${dead.letters.length} of ${dead.total}.`);
      deps.out('To send them again: samepage-mcp webhooks replay WEBHOOK [EVENT…]');
    });
}

function letterData({ recordedAt, lastAnswer, ...letter }: DeadLetters['letters'][number]) {
  return { ...letter, recorded_at: recordedAt, last_answer: lastAnswer };
}

function registerReplay(webhooks: Command, deps: CliDeps): void {
  webhooks
    .command('replay')
    .description('send what was given up again, for another three days, under the same ids')
    .argument('<name>')
    .argument('[event...]', 'ids, as `webhooks dead` gives them; all when none is named')
    .action(async (endpoint: string, events: string[]) => {
      const { replayDeadLetters } = await import('../handoff/dead-letters.ts');
      const { replayed } = await inContext(deps, true, (ctx) => replayDeadLetters(ctx, { endpoint, ...(events.length > 0 && { events }) }));
      deps.out(`${replayed} ${replayed === 1 ? 'event is' : 'events are'} sent to ${endpoint} again.`);
    });
}

const minute = (instant: Date) => instant.toISOString().slice(0, 16).replace('T', ' ');
