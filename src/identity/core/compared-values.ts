/** What a record of a source said at one time, or a source without a record. */
export interface Said {
  source: string;
  record: string | null;
  values: Readonly<Record<string, unknown>>;
}

interface Word extends Omit<Said, 'values'> {
  value: unknown;
  text: string;
}

/**
 * The values by which a node is compared of which several records speak: of each record its last word; of what they say what those of the
 * best source say, of these what most say, then what the least of them says by the names of source and record. Which of them came first, and
 * when, does not count, unlike in the golden values: who is one must not hang on the order in which records came.
 * @param said in the order in which it was said
 * @param fields those that are compared
 * @param sources best first; those that are not named come after
 */
export function comparedValues(said: readonly Said[], fields: readonly string[], sources: readonly string[]): Record<string, unknown> {
  const rank = ({ source }: Word) => (sources.includes(source) ? sources.indexOf(source) : sources.length);
  const compared: Record<string, unknown> = {};
  for (const field of fields) {
    const last = new Map<string, Word>();
    for (const { source, record, values } of said) {
      const value = values[field];
      if (value !== undefined) last.set(JSON.stringify([source, record]), { source, record, value, text: JSON.stringify(value) });
    }
    const words = [...last.values()].filter(({ value }) => value !== null);
    const best = Math.min(...words.map(rank));
    const ofBest = words.filter((word) => rank(word) === best);
    const agreeing = new Map<string, number>();
    for (const { text } of ofBest) agreeing.set(text, (agreeing.get(text) ?? 0) + 1);
    const [first] = ofBest.sort(
      (a, b) =>
        (agreeing.get(b.text) ?? 0) - (agreeing.get(a.text) ?? 0) || byText(a.source, b.source) || byText(a.record ?? '', b.record ?? ''),
    );
    if (first !== undefined) compared[field] = first.value;
  }
  return compared;
}

function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
