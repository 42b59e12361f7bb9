import type { FilledAccount } from '../demo/enrich-from-lists.ts';
import { percent } from '../tools/text.ts';
import { columns } from './columns.ts';

/** What lists gave to accounts that lacked fields, and who said what. */
export function enrichedParts(accounts: readonly FilledAccount[]): string[] {
  const found = accounts.flatMap(({ found }) => found);
  const lacked = accounts.reduce((sum, one) => sum + one.lacked, 0);
  const supplied = new Map<string, number>();
  for (const provider of found.flatMap(({ providers = [] }) => providers)) supplied.set(provider, (supplied.get(provider) ?? 0) + 1);
  const by = [...supplied].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1)).map(([provider, n]) => `${provider} ${n}`);
  return [
    `The ${accounts.length} accounts that lack most: ${found.length} of ${lacked} unknown fields found, offline and for $0. A value may have several sources: ${by.join(', ')}.`,
    columns(
      ['account', 'field', 'found', 'sure', 'supplied by', 'others say'],
      accounts.flatMap(({ name, found, undecided }) => [
        ...found.map(({ label, value, confidence = 0, providers = [], conflicts }) => [
          ...[name, label, String(value), percent(confidence), providers.join(', ')],
          conflicts.map((other) => `${String(other.value)} (${other.sources.join(', ')})`).join(', '),
        ]),
        ...undecided.map(({ label, values }) => [
          ...[name, label, 'not decided', '', ''],
          values.map((said) => `${String(said.value)} (${said.sources.join(', ')})`).join(', '),
        ]),
      ]),
      32,
    ),
  ];
}
