/**
 * `after`: the name says that the value comes with or after the close. `may_be`: such values often do, but the word has other uses too (the
 * duration of a call, or of a loan), so the figures must bear it out.
 */
type NameVerdict = 'after' | 'may_be' | null;

/** Of words in lower case, parted by one space, with a space before the first and after the last. */
const AFTER: readonly RegExp[] = [
  / (close|closed|closing) /,
  / (won|lost) (reason|date|at|on|to|by|amount|value|revenue|opportunity|deal) | (is|was|date|reason|amount|value) (won|lost) /,
  / (loss|win|rejection|reject|churn|cancellation|disqualification|disqualified|lost|disposition) (reason|code|category|note|notes|type|date) /,
  / reason (for )?(loss|win|rejection|churn|disqualification) /,
  / churn (label|value|score) /,
  / (sales|deal|opportunity|pipeline|lead|lifecycle|forecast) stage | stage (change|changes|duration|history|name) |^ stage $/,
  / days (in|at|since) (\w+ )*stage | sales cycle | (elapsed|total|ratio) days | days (to|until|till) (win|won|conversion|sign|signature) /,
  /^ probability $| (win|won|deal|opportunity|conversion) probability | forecast (category|status) | expected revenue | next step /,
  / fiscal (period|quarter) | (amount|total|sum|balance) paid | paid (amount|total|at|on|date) | payment (received|date|amount) | (first|last) (payment|pymnt|invoice) /,
  / total (pymnt|rec|payment) | recoveries | recovery (amount|fee) | out prncp | last (fico|credit pull) | invoice (date|amount|number|total) /,
  / (closedate|closeddate|closereason|closedwon|closedlost|dealstage|salesstage|lifecyclestage|stagename|lostreason|lossreason|iswon|isclosed) /,
  / date (entered|exited) | (forecast|projected|weighted) (amount|revenue) /,
  / contract (signed|start|end|date|number|value) | signed (at|on|date) | signature date | booking (amount|value|date) | booked (amount|revenue) /,
  / customer since | subscription (start|end|id) | onboarding | renewal date | reservation status /,
  / (is )?converted (date|at|on|account|contact|opportunity|id) | is converted | conversion (date|value|at) /,
  / (call|conversation|contact) (duration|length|seconds|minutes) | duration of (\w+ )*(call|conversation|contact) /,
];

const MAY_BE: readonly RegExp[] = [
  /^ duration $| duration (sec|secs|seconds|s|min|minutes) | (last|final|total) duration /,
  /^ (result|outcome|disposition|tags|tag|verdict|decision|resolution) $/,
  / (lead|deal|opportunity) (status|quality|profile|grade) | account (status|type) | customer status /,
  / last (\w+ )*activity | last (modified|update|updated|status|touch|contact|contacted) | (modified|updated) (at|on|date|time) /,
  / (final|actual|net|sold) (amount|revenue|value|price) /,
  / (number|count|num|total) (of )?(calls|meetings|emails|activities) | (calls|meetings|emails|activities) (count|made|held|sent) /,
];

/** What a field's name or label says of when its value is known. */
export function nameVerdict(...names: readonly string[]): NameVerdict {
  const texts = names.map(wordsOf);
  if (texts.some((text) => AFTER.some((pattern) => pattern.test(text)))) return 'after';
  return texts.some((text) => MAY_BE.some((pattern) => pattern.test(text))) ? 'may_be' : null;
}

/** `DaysToClose`, `days_to_close` and `Days to close` are the same words; the kind of record before a dot says nothing. */
function wordsOf(name: string): string {
  const own = name.replace(/^(account|person|opportunity|lead|contact|deal)\./i, '');
  const words = own
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '' && word !== 'c');
  return ` ${words.join(' ')} `;
}
