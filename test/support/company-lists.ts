import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';

/** Column expressions of a list, by field; `role` where the list means the field in another sense. */
type Columns = Readonly<Record<string, string | { at: string; role: string; accuracy?: number }>>;

/** The lists of real companies as descriptions: what each column means. */
const LISTS: Readonly<Record<string, Columns>> = {
  financedb: {
    'account.name': 'body.name',
    'account.country': 'body.country',
    'account.city': 'body.city',
    'account.industry': 'body.industry',
  },
  sec: { 'account.name': 'body.name' },
  sp500: {
    'account.name': 'body.name',
    'account.industry': 'body.sub_industry',
    'account.city': "split(body.hq, ', ')[0]",
    // "Dublin, Ireland" names a country, "Saint Paul, Minnesota" does not
    'account.country': "split(body.hq, ', ')[-1]",
  },
  'wikipedia-yago': {
    'account.name': 'body.name',
    'account.country': 'body.country',
    'account.industry': 'body.industry',
    'account.employees': 'body.employees',
  },
  datenanfragen: {
    'account.name': 'body.name',
    'account.country': { at: "split(body.address, '\n')[-1]", role: 'privacy_contact', accuracy: 0.52 },
  },
  remoteintech: { 'account.name': 'body.name' },
  hww: {
    'account.name': 'body.name',
    'account.city': { at: "split(split(body.locations, ' / ')[0], ', ')[0]", role: 'office', accuracy: 0.6 },
  },
};

/** Writes a folder of descriptions for the lists in `data`, for `loadProviders`. Returns the names of the providers. */
export async function writeCompanyLists(data: string, folder: string): Promise<string[]> {
  const names = Object.keys(LISTS);
  for (const name of names) {
    const columns = Object.entries(LISTS[name] ?? {});
    const description = {
      provider: name,
      name: `The list ${name}`,
      vendor: name.replaceAll('-', '_'),
      subject: 'account',
      verified: { mark: 'vendor', how: 'The columns of the list itself.' },
      auth: { kind: 'none' },
      list: { file: join(data, `${name.replaceAll('-', '_')}.jsonl`), key: { 'account.domain': 'domain' } },
      fields: Object.fromEntries(columns.map(([field, column]) => [field, typeof column === 'string' ? { at: column } : column])),
      billing: { per: 'none' },
    };
    await mkdir(join(folder, name), { recursive: true });
    await writeFile(join(folder, name, 'provider.yaml'), stringify(description));
  }
  return names;
}
