import { LEADING_FORMS, LEGAL_FORMS } from './legal-forms.ts';
import { plainWords } from './plain-text.ts';

interface Forms {
  /** The words of a spelling, joined → the form. */
  spellings: ReadonlyMap<string, string>;
  /** First and last words of spellings: most names have neither where a form would stand. */
  firsts: ReadonlySet<string>;
  lasts: ReadonlySet<string>;
  longest: number;
}

const FORMS = formsOf(LEGAL_FORMS);

/** The longest legal form at the end of words of which at least one is left; null when there is none. */
export function trailingForm(words: readonly string[]): { form: string; length: number } | null {
  if (!FORMS.lasts.has(words.at(-1) ?? '')) return null;
  for (let length = Math.min(FORMS.longest, words.length - 1); length > 0; length -= 1) {
    const form = FORMS.spellings.get(words.slice(-length).join(' '));
    if (form !== undefined) return { form, length };
  }
  return null;
}

/** The legal form before the name, as in `PT Astra` and `Public Joint Stock Company Gazprom`; null when there is none. */
export function leadingForm(words: readonly string[]): { form: string; length: number } | null {
  const first = words[0] ?? '';
  const most = FORMS.firsts.has(first) ? FORMS.longest : 0;
  for (let length = Math.min(most, words.length - 1); length > 1; length -= 1) {
    const form = FORMS.spellings.get(words.slice(0, length).join(' '));
    if (form !== undefined) return { form, length };
  }
  return words.length > 1 && LEADING_FORMS.has(first) ? { form: FORMS.spellings.get(first) ?? first, length: 1 } : null;
}

/** True when all of the words are one legal form. */
export function isLegalForm(words: readonly string[]): boolean {
  return FORMS.spellings.has(words.join(' '));
}

function formsOf(table: string): Forms {
  const spellings = new Map<string, string>();
  const [firsts, lasts] = [new Set<string>(), new Set<string>()];
  let longest = 1;
  for (const row of table.trim().split('\n')) {
    const [name = '', , written = ''] = row.split(';').map((part) => part.trim());
    for (const spelling of written.split('|')) {
      const words = joined(plainWords(spelling));
      if (words.length === 0) continue;
      longest = Math.max(longest, words.length);
      firsts.add(words[0] ?? '');
      lasts.add(words.at(-1) ?? '');
      if (!spellings.has(words.join(' '))) spellings.set(words.join(' '), name);
    }
  }
  return { spellings, firsts, lasts, longest };
}

/** Single letters that stand together are one word, as in the names that are read. */
function joined(words: readonly string[]): string[] {
  const out: string[] = [];
  let isRun = false;
  for (const word of words) {
    const isLetter = /^[a-z]$/.test(word);
    if (isLetter && isRun) out.push(`${out.pop() ?? ''}${word}`);
    else out.push(word);
    isRun = isLetter;
  }
  return out;
}
