import type { SaidValue } from './core/conflicts.ts';
import type { AccountView } from './get-account.ts';

/** The view as the tool and the resource give it: long values cut, and in the concise form without what lost and what it was made of. */
export function accountAnswer(view: AccountView, detailed: boolean) {
  const { result, explanation, unknown, receipt: sealed, definitions } = view.score;
  const longest = detailed ? 2000 : 200;
  const cut = (value: unknown) => shortened(value, longest);
  const observed = ({ observed_at, ...rest }: { observed_at: string; value: unknown; source: string }) => ({
    ...rest,
    value: cut(rest.value),
    observed_on: observed_at.slice(0, 10),
  });
  const contrary = ({ value, ...said }: SaidValue) => ({ value: cut(value), ...said });
  return {
    account: view.account,
    score: {
      score: result.score,
      tier: result.tier,
      heat: result.heat,
      as_of: sealed.as_of,
      coverage_percent: explanation.coverage.percent,
      disqualified_by: explanation.disqualifiedBy,
      groups: explanation.groups
        .filter(({ group }) => explanation.parts.some((part) => part.group === group))
        .map(({ adjustment: _, ...group }) => group),
      unknown_fields: unknown.map((one) => one.field),
      ...(detailed ? { parts: explanation.parts, receipt: sealed } : {}),
    },
    facts_total: view.facts.total,
    facts: view.facts.shown.map(({ other_values, conflicts, field, label, age_days, confidence, providers, ...said }) => ({
      field,
      label,
      age_days,
      ...observed(said),
      ...(providers === undefined ? {} : { confidence, providers: [...providers] }),
      ...(conflicts.length === 0 ? {} : { conflicts: conflicts.map(contrary) }),
      ...(detailed ? { other_values: other_values.map(({ expired, ...other }) => ({ expired, ...observed(other) })) } : {}),
    })),
    ...(view.undecided.length === 0
      ? {}
      : { undecided: view.undecided.map(({ values, ...field }) => ({ ...field, values: values.map(contrary) })) }),
    people: {
      total: view.people.total,
      engaged_28_days: view.people.engaged,
      most_engaged: view.people.top.map(({ events, ...person }) => ({ ...person, events_90_days: events })),
    },
    engagement: view.engagement,
    signals: {
      total: view.signals.total,
      latest: view.signals.latest.map(({ attributes, ...signal }) =>
        detailed && attributes !== null ? { ...signal, attributes: JSON.stringify(cut(attributes)) } : signal,
      ),
    },
    opportunities: {
      total: view.opportunities.total,
      latest: view.opportunities.latest.map((one) => ({ ...one, fields: shortenedMembers(one.fields, longest) })),
    },
    definitions,
  };
}

const MOST_ENTRIES = 40;

/** A value whose texts and lists are cut to a length at which they can be read. */
function shortened(value: unknown, length: number): unknown {
  if (typeof value === 'string') return value.length > length ? `${value.slice(0, length)}…` : value;
  if (Array.isArray(value)) {
    const kept = value.slice(0, MOST_ENTRIES).map((item) => shortened(item, length));
    return value.length > MOST_ENTRIES ? [...kept, `… ${value.length - MOST_ENTRIES} more`] : kept;
  }
  return typeof value === 'object' && value !== null ? shortenedMembers(value, length) : value;
}

function shortenedMembers(value: object, length: number): Record<string, unknown> {
  const members = Object.entries(value).slice(0, MOST_ENTRIES);
  return Object.fromEntries(members.map(([key, member]) => [key, shortened(member, length)]));
}
