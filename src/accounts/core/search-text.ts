import { UUID_PATTERN } from '../../kernel/ids.ts';
import type { SearchText } from './search-sql.ts';

/**
 * What was typed, as the forms in which names, domains and e-mails are stored.
 * @param nameKey the normalised name for search: words with one space between.
 */
export function searchText(query: string, nameKey: string): SearchText {
  const typed = query.normalize('NFKC').trim().toLowerCase();
  const address = typed
    .replace(/^https?:\/\//, '')
    .replace(/^www\./, '')
    .replace(/[/?#].*$/, '');
  const single = address !== '' && !/\s/.test(address);
  const host = address.slice(address.indexOf('@') + 1);
  return {
    words: nameKey.split(' ').filter((word) => word !== ''),
    prefix: single ? address : undefined,
    domain: single && host.includes('.') ? host : undefined,
    id: UUID_PATTERN.test(typed) ? typed : undefined,
    ofAliases: [],
  };
}
