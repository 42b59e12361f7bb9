import type { Clash } from './common.ts';
import { keywordKey } from './keyword.ts';
import type { Holed } from './problems.ts';
import type { Taxonomy } from './taxonomy.ts';
import { anA } from './words.ts';

/** What the vocabularies of fields and the spellings of event types say twice, or in a place that has none. */
export function vocabularyProblems(taxonomy: Holed<Taxonomy>, fail: (path: Clash['path'], message: string) => void): void {
  for (const [i, item] of (taxonomy.fields ?? []).entries()) {
    if (item?.values === undefined) continue;
    if (item.type !== undefined && item.type !== 'keyword' && item.type !== 'list')
      fail(['fields', i, 'values'], `${anA(item.type)} ${item.type} field has no vocabulary: values go with keyword or list`);
    const meaning = new Map<string, string>();
    for (const [value, spellings] of Object.entries(item.values)) {
      for (const [j, spelling] of (spellings ?? []).entries()) {
        if (spelling === undefined) continue;
        const key = keywordKey(spelling);
        const other = key !== value && Object.hasOwn(item.values, key) ? key : meaning.get(key);
        if (other !== undefined && other !== value) fail(['fields', i, 'values', value, j], `"${spelling}" already means ${other}`);
        meaning.set(key, value);
      }
    }
  }
  const owner = new Map<string, string>();
  for (const [i, type] of (taxonomy.event_types ?? []).entries()) {
    if (type === undefined) continue;
    if (type.side !== undefined && type.class === 'signal') fail(['event_types', i, 'side'], 'a signal has no side');
    for (const [j, alias] of (type.aliases ?? []).entries()) {
      if (alias === undefined || type.id === undefined) continue;
      const key = keywordKey(alias);
      const other = owner.get(key);
      if (other !== undefined && other !== type.id) fail(['event_types', i, 'aliases', j], `"${alias}" already means ${other}`);
      owner.set(key, type.id);
    }
  }
}
