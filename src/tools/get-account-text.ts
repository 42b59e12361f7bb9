import { bullets, type Cell, count, paragraphs, table } from '../kernel/markdown.ts';
import type { AccountOutput } from './get-account.ts';
import { aliasLine, definitionsLine, facts, percent } from './text.ts';

/** An account's whole view to read. */
export function getAccountText(output: AccountOutput): string {
  const { account, score, people, engagement, signals, opportunities } = output;
  const types = [...new Set(engagement.weeks.flatMap((week) => Object.keys(week.by_type)))];
  return paragraphs(
    `# ${account.name ?? account.domain ?? account.id}`,
    account.answers_for !== undefined && aliasLine(account.answers_for, account.id),
    facts({
      id: account.id,
      ...(account.aliases === undefined ? {} : { aliases: account.aliases.join(', ') }),
      domains: account.domains.join(', '),
      known_since: account.created_at.slice(0, 10),
      changed: account.changed_at.slice(0, 10),
    }),
    `## Score\n${score.score}, ${score.tier === 'disqualified' ? score.tier : `tier ${score.tier}`}, ${score.heat ?? 'no heat'} as of ${score.as_of}; coverage ${score.coverage_percent} %.`,
    score.disqualified_by.length > 0 && `Disqualified by ${score.disqualified_by.join(', ')}.`,
    bullets(
      score.groups.map(({ group, sum, cap, points }) => `${group}: ${points} of ${cap}${sum > cap ? ` (${sum} before the cap)` : ''}`),
    ),
    score.parts &&
      table(
        ['criterion', 'group', 'points', 'state'],
        score.parts.map((part) => [part.criterion, part.group, part.points, part.state]),
      ),
    score.unknown_fields.length > 0 && `Unknown: ${score.unknown_fields.join(', ')}.`,
    score.receipt && `Receipt: ${JSON.stringify(score.receipt)}`,
    `## Facts (${shownOf(output.facts.length, output.facts_total)})`,
    table(
      ['field', 'value', 'source', 'age in days', ...(output.facts.some((fact) => fact.other_values) ? ['other values'] : [])],
      output.facts.map((fact) => [
        fact.field,
        cell(fact.value),
        sourceText(fact),
        fact.age_days,
        ...(fact.other_values ? [fact.other_values.map(otherValue).join('; ')] : []),
      ]),
    ),
    conflictsText(output),
    `## People (${shownOf(people.most_engaged.length, people.total)}, ${people.engaged_28_days} engaged in 28 days)`,
    table(
      ['name', 'title', 'e-mail', 'tier', 'events in 90 days', 'last', 'id'],
      people.most_engaged.map((one) => [one.name, one.title, one.email, one.tier, one.events_90_days, one.last_on, one.id]),
    ),
    `## Engagement (${count(engagement.total, 'event')}${engagement.first_on === null ? '' : `, ${engagement.first_on} to ${engagement.last_on}`})`,
    table(
      ['week', 'events', 'people', ...types],
      engagement.weeks.map((week) => [
        `${week.from} to ${week.to}`,
        week.events,
        week.people,
        ...types.map((type) => week.by_type[type] ?? 0),
      ]),
    ),
    `## Signals (${shownOf(signals.latest.length, signals.total)})`,
    bullets(
      signals.latest.map(
        (one) => `${one.label}, ${one.occurred_on}, from ${one.source}${one.attributes === undefined ? '' : `: ${one.attributes}`}`,
      ),
    ),
    `## Opportunities (${shownOf(opportunities.latest.length, opportunities.total)})`,
    bullets(opportunities.latest.map((one) => `${one.name ?? one.id}: ${JSON.stringify(one.fields)}`)),
    definitionsLine(output.definitions),
  );
}

/** `enrichment 91 % (hunter-company, sec)`. */
function sourceText({ source, confidence, providers }: AccountOutput['facts'][number]): string {
  return providers === undefined ? source : `${source} ${percent(confidence ?? 0)} (${providers.join(', ')})`;
}

function conflictsText({ facts: known, undecided = [] }: AccountOutput): string | undefined {
  const lines = [
    ...known.flatMap(({ field, value, conflicts = [] }) =>
      conflicts.length === 0 ? [] : [`${field}: ${cell(value)}, against ${conflicts.map(saidText).join('; ')}`],
    ),
    ...undecided.map(({ field, values }) => `${field}: not decided between ${values.map(saidText).join('; ')}`),
  ];
  return lines.length === 0 ? undefined : `## Conflicts\n${bullets(lines)}`;
}

function saidText({ value, sources, confidence }: NonNullable<AccountOutput['facts'][number]['conflicts']>[number]): string {
  return `${cell(value)} (${sources.join(', ')}${confidence === undefined ? '' : `, ${percent(confidence)}`})`;
}

function shownOf(shown: number, total: number): string {
  return shown === total ? `${total}` : `${shown} of ${total}`;
}

function cell(value: unknown): Cell {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : JSON.stringify(value);
}

type Other = NonNullable<AccountOutput['facts'][number]['other_values']>[number];

function otherValue({ value, source, observed_on, expired }: Other): string {
  return `${cell(value)} (${source}, ${observed_on}${expired ? ', expired' : ''})`;
}
