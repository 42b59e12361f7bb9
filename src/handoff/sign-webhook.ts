import { Webhook } from 'standardwebhooks';

const SECRET = /^whsec_([A-Za-z0-9+/]{32,86}={0,2})$/;

/**
 * What signs with the secrets that a variable holds: each `whsec_` and 24 to 64 bytes as base64. Several with blanks between them sign side
 * by side, so that a receiver can change over. Undefined when one is none.
 */
export function readSigners(text: string): Webhook[] | undefined {
  const secrets = text.trim().split(/\s+/);
  const lengths = secrets.map((secret) => Buffer.from(SECRET.exec(secret)?.[1] ?? '', 'base64').length);
  return lengths.every((length) => length >= 24 && length <= 64) ? secrets.map((secret) => new Webhook(secret)) : undefined;
}

/** The headers of Standard Webhooks for one attempt. */
export function signedHeaders(signers: readonly Webhook[], id: string, at: Date, body: string): Record<string, string> {
  return {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'webhook-signature': signers.map((signer) => signer.sign(id, at, body)).join(' '),
  };
}
