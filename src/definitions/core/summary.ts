import type { AttributionModel } from './attribution.ts';
import { heldOn } from './cadence.ts';
import type { DefinitionDocument, DefinitionKind, DocumentOf } from './definition.ts';
import { DEFAULT_MAX, DEFAULT_PEOPLE_DAYS, type Rubric } from './rubric.ts';
import { asSentence, criterionSentence, disqualifierSentence, type Labels, predicateSentence } from './sentence.ts';
import { type Calendar, type Clock, type Duration, type Sla, WEEKDAYS } from './sla.ts';
import { durationText } from './sla-effect.ts';
import type { Taxonomy } from './taxonomy.ts';
import { codeText, numberText, orList, windowText } from './words.ts';

/** A heading and its lines, each a sentence. */
export interface SummarySection {
  heading: string;
  lines: string[];
}

type LeadsOf = Pick<NonNullable<Clock['exceptions']>[number], 'sources' | 'tiers' | 'when'>;
type Codes = readonly { code: string; reason: string }[];
type Summary<K extends DefinitionKind> = (document: DocumentOf[K], labels: Labels, codes: Codes) => SummarySection[];

/** A definition for people to read: its rules as sentences. Sections without lines are left out. */
export function summarise(document: DefinitionDocument, labels: Labels, codes: Codes): SummarySection[] {
  const summary = SUMMARIES[document.kind] as (document: DefinitionDocument, labels: Labels, codes: Codes) => SummarySection[];
  return summary(document, labels, codes).filter((section) => section.lines.length > 0);
}

const SUMMARIES: { [K in DefinitionKind]: Summary<K> } = {
  rubric(rubric, labels, codes) {
    // canonical JSON orders keys by the alphabet: take the groups as the criteria come to them
    const order = [...new Set([...rubric.criteria.map((c) => c.group), ...Object.keys(rubric.groups)])];
    const groups = order.map((id) => ({
      heading: `${rubric.groups[id]?.label ?? id}, up to ${numberText(rubric.groups[id]?.cap ?? 0)} points`,
      lines: rubric.criteria
        .filter((c) => c.group === id)
        .map((c) => `${c.id}${c.for === undefined ? '' : ` (${c.for})`}: ${asSentence(criterionSentence(c, labels))}`),
    }));
    const { A, B } = rubric.tiers;
    return [
      {
        heading: 'Tiers',
        lines: [`A from ${A} points, B from ${B}, C below; the score is kept within 0 and ${numberText(rubric.max ?? DEFAULT_MAX)}.`],
      },
      ...groups,
      {
        heading: 'Disqualified',
        lines: (rubric.disqualify ?? []).map((d) => `${d.id}: ${asSentence(disqualifierSentence(d, labels, codes))}`),
      },
      { heading: 'Heat', lines: heatLines(rubric, labels) },
    ];
  },

  taxonomy(taxonomy, labels) {
    const of = (entity: string) =>
      taxonomy.fields.filter((f) => f.name.startsWith(`${entity}.`)).map((f) => f.name.slice(entity.length + 1));
    const events = (cls: string) => taxonomy.event_types.filter((t) => t.class === cls).map((t) => t.id);
    return [
      { heading: 'MQL', lines: [asSentence(predicateSentence(taxonomy.mql, labels))] },
      { heading: 'Stages', lines: [taxonomy.lifecycle.map((stage) => stage.label).join(' → ')] },
      { heading: 'Routing', lines: routingLines(taxonomy, labels) },
      {
        heading: 'Telephone numbers',
        lines: taxonomy.phone_country === undefined ? [] : [`Without a country code: of ${taxonomy.phone_country.toUpperCase()}.`],
      },
      { heading: 'Compared by', lines: taxonomy.compare_by === undefined ? [] : [taxonomy.compare_by.map((one) => one.label).join(', ')] },
      {
        heading: 'Segments under a rule',
        lines: (taxonomy.segments ?? []).map(
          (s) => `${s.label} (${s.rule.replaceAll('_', ' ')}, because of ${s.because}): ${asSentence(predicateSentence(s.when, labels))}`,
        ),
      },
      { heading: 'Fields', lines: ['account', 'person', 'opportunity'].map((e) => `${e}: ${of(e).join(', ')}`) },
      { heading: 'Event types', lines: [`engagement: ${events('engagement').join(', ')}`, `signals: ${events('signal').join(', ')}`] },
      { heading: 'Lead sources', lines: [taxonomy.lead_sources.map((s) => s.id).join(', ')] },
      { heading: 'Data sources, best first', lines: taxonomy.sources.length === 0 ? [] : [taxonomy.sources.join(', ')] },
      { heading: 'Fields decided otherwise', lines: (taxonomy.merge ?? []).map((one) => `${one.field}: ${mergeText(one)}.`) },
      {
        heading: 'Rejection codes',
        lines: taxonomy.rejection_codes.map((r) => {
          const fate =
            r.after_days !== undefined
              ? ` after ${windowText(r.after_days)}`
              : r.before === undefined
                ? ''
                : ` before ${labels.field(r.before)}`;
          const rule =
            r.segment_rule === undefined
              ? ''
              : `; a segment with many: ${r.segment_rule.replaceAll('_', ' ')}${r.auto === true ? ', at once' : ''}`;
          return `${r.code}: ${r.reason}; ${r.owner} fixes it${r.fix === undefined ? '' : ` (${r.fix})`}; ${r.action}${fate}${rule}.`;
        }),
      },
    ];
  },

  icp(icp, labels, codes) {
    return [
      { heading: 'Segments, best first', lines: icp.segments.map((s) => `${s.label}: ${asSentence(predicateSentence(s.when, labels))}`) },
      {
        heading: 'Judged by',
        lines: (icp.firmographics ?? []).map(
          (f) =>
            `${labels.field(f.field)}${f.required ? ', required' : ''}${f.values === undefined ? '' : `: ${orList(f.values.map((v) => labels.value(f.field, v)))}`}.`,
        ),
      },
      {
        heading: 'Excluded',
        lines: (icp.exclude ?? []).map((x) => `${x.label ?? x.id}: ${predicateSentence(x.when, labels)} (${codeText(x.reason, codes)}).`),
      },
      {
        heading: 'Buying group',
        lines: icp.buying_group.map(
          (r) =>
            `${r.role.replaceAll('_', ' ')}${r.required ? ', required' : ''}, weight ${r.weight}: ${asSentence(predicateSentence(r.when, labels))}`,
        ),
      },
      {
        heading: 'Personas',
        lines: (icp.personas ?? []).map(
          (p) => `${p.label} (${p.role.replaceAll('_', ' ')}): ${asSentence(predicateSentence(p.when, labels))}`,
        ),
      },
    ];
  },

  sla(sla, labels) {
    const time = (d: Duration, business: boolean) => `within ${durationText(d, business)}`;
    const words = (moment: string) => moment.replaceAll('_', ' ');
    const tried = ({ attempts, within_business_days: days }: Pick<Sla['follow_up'], 'attempts' | 'within_business_days'>) =>
      `${attempts.map((a) => `${a.at_least} × ${labels.event(a.type)}`).join(' and ')} within ${days} business days`;
    return [
      {
        heading: 'Clocks',
        lines: sla.clocks.flatMap((c) => [
          `${c.label}: from ${words(c.from)} to ${words(c.to)} ${time(c.within, c.business)}.`,
          ...(c.exceptions ?? []).map(
            (x) => `${c.label}, ${x.label ?? x.id}: ${time(x.within, x.business ?? c.business)} ${leadsText(x, labels)}.`,
          ),
        ]),
      },
      {
        heading: 'Before a lead is unable to reach',
        lines: [
          `${tried(sla.follow_up)}.`,
          ...(sla.follow_up.exceptions ?? []).map((x) => `${x.label ?? x.id}: ${tried(x)} ${leadsText(x, labels)}.`),
        ],
      },
      {
        heading: 'Business hours',
        lines: [
          `${calendarLine(sla.calendar)}.`,
          ...Object.entries(sla.calendars ?? {}).map(([name, calendar]) => `${name}: ${calendarLine(calendar)}.`),
        ],
      },
      {
        heading: 'Reasons for a pause',
        lines: (sla.pauses ?? []).map((p) => `${p.label}${p.at_most_days === undefined ? '' : `, ${windowText(p.at_most_days)} at most`}.`),
      },
      {
        heading: 'After a disposition',
        lines: sla.reversal_within === undefined ? [] : [`It may be taken back within ${durationText(sla.reversal_within, false)}.`],
      },
    ];
  },

  attribution(attribution, labels) {
    return [
      {
        heading: 'Model',
        lines: [
          modelText(attribution.model),
          `Shares out ${attribution.measure.replaceAll('_', ' ')} at ${attribution.conversion.replaceAll('_', ' ')}; touches of the ${windowText(attribution.lookback_days)} before count.`,
        ],
      },
      { heading: 'Shown beside it', lines: (attribution.compare ?? []).map((one) => `${one.label}: ${modelText(one.model)}`) },
      {
        heading: 'Milestones',
        lines: Object.entries(attribution.milestones ?? {}).map(([name, stage]) => `${name.replaceAll('_', ' ')}: the stage ${stage}.`),
      },
      { heading: 'Channels', lines: attribution.channels.map((c) => `${c.label}: ${c.types.map((t) => labels.event(t)).join(', ')}.`) },
      {
        heading: 'Funnel',
        lines: (attribution.funnel ?? []).map((step) => `${step.from} → ${step.to} within ${windowText(step.within_days)}.`),
      },
    ];
  },

  cadence(cadence) {
    return [
      {
        heading: 'Reviews',
        lines: cadence.reviews.map(
          (r) =>
            `${r.label}: ${heldOn(r)}, ${r.minutes} minutes, led by ${r.owner}${r.report === undefined ? '' : `, on the report ${r.report}`}; ${r.agenda.map((a) => a.topic).join(', ')}.`,
        ),
      },
    ];
  },

  playbook(playbook, labels) {
    const ids = (items: readonly { label: string }[] | undefined) =>
      items === undefined ? [] : [items.map((item) => item.label).join(', ')];
    return [
      {
        heading: 'Plays',
        lines: (playbook.plays ?? []).map((p) => `${p.label} (${p.owner}): ${asSentence(predicateSentence(p.when, labels))}`),
      },
      { heading: 'Offer', lines: [playbook.offer?.summary, playbook.offer?.why_buy].filter((line) => line !== undefined) },
      { heading: 'Buying process', lines: ids(playbook.buying_process) },
      { heading: 'Selling', lines: ids(playbook.selling) },
      { heading: 'Objections', lines: (playbook.objections ?? []).map((o) => `${o.objection} ${o.answer}`) },
      {
        heading: 'Competitors',
        lines: (playbook.competitors ?? []).map((one) => `${one.label}: ${one.positioning}`),
      },
      {
        heading: 'Practices',
        lines: (playbook.practices ?? []).map((one) => `${one.works ? 'Works' : 'Has not worked'}: ${one.practice}`),
      },
      { heading: 'Personas', lines: ids(playbook.personas) },
      { heading: 'Customers', lines: (playbook.customers ?? []).map((one) => `${one.segment}: ${one.pains.join('; ')}`) },
    ];
  },
};

/** `for partner, tier A, when …`: the leads of an exception. */
function leadsText({ sources, tiers, when }: LeadsOf, labels: Labels): string {
  const of = [...(sources ?? []), ...(tiers ?? []).map((tier) => `tier ${tier}`)];
  const parts = [
    ...(of.length === 0 ? [] : [`for ${orList(of)}`]),
    ...(when === undefined ? [] : [`when ${predicateSentence(when, labels)}`]),
  ];
  return parts.join(' ');
}

function calendarLine({ hours, time_zone: zone, holidays }: Calendar): string {
  const days = WEEKDAYS.filter((day) => (hours[day] ?? []).length > 0).map(
    (day) => `${day} ${(hours[day] ?? []).map((s) => s.join('–')).join(', ')}`,
  );
  return `${days.join('; ')} (${zone}); ${holidays?.length ?? 0} holidays`;
}

/** A model in a sentence. */
export function modelText(model: AttributionModel): string {
  switch (model.type) {
    case 'linear':
      return 'Every touch earns the same.';
    case 'last_non_direct':
      return 'All goes to the last touch that did not come by itself.';
    case 'time_decay':
      return `A touch counts half as much with every ${windowText(model.half_life_days)} before the conversion.`;
    case 'markov':
      return `A channel earns by what would be lost without it (Markov chain of order ${model.order}).`;
    case 'shapley':
      return 'A channel earns its mean part over all orders of the channels; a set of channels is worth the conversions of paths within it.';
    case 'weighted':
      return `${Object.entries(model.weights)
        .map(([touch, weight]) => `${touch.replaceAll('_', ' ')} ${weight} %`)
        .join(', ')}.`;
  }
}

function mergeText({ rule = 'rank', sources }: NonNullable<Taxonomy['merge']>[number]): string {
  const order = sources === undefined ? '' : `the order ${sources.join(', ')}, then all others`;
  if (rule === 'rank') return order;
  const what = rule === 'latest' ? 'the newest value' : 'the value that most sources say';
  return order === '' ? what : `${what}; of equal ones by ${order}`;
}

function routingLines({ routing }: Taxonomy, labels: Labels): string[] {
  if (routing === undefined) return [];
  const label = (id: string) => routing.pools.find((pool) => pool.id === id)?.label ?? id;
  return [
    `Tried in order: ${routing.order.map((way) => way.replaceAll('_', ' ')).join(', ')}; else ${label(routing.otherwise)}.`,
    ...(routing.territories ?? []).map((t) => `${t.label}, to ${label(t.pool)}: ${asSentence(predicateSentence(t.when, labels))}`),
    ...routing.pools.map((pool) => `${pool.label}: ${pool.members.length} ${pool.members.length === 1 ? 'member' : 'members'}.`),
  ];
}

function heatLines({ heat }: Rubric, labels: Labels): string[] {
  const test = (t: Rubric['heat']['hot']) =>
    [
      t.points === undefined ? [] : [`${numberText(t.points)} engagement points`],
      t.people === undefined ? [] : [`${t.people} people engaged in ${windowText(heat.people_days ?? DEFAULT_PEOPLE_DAYS)}`],
      t.momentum_percent === undefined ? [] : [`this week at ${t.momentum_percent} % of the weekly mean of the three before`],
    ]
      .flat()
      .join(', ') || 'nothing more';
  const signals = (heat.act_now ?? []).map((s) => `${labels.event(s.type)} in the last ${windowText(s.within_days)}`);
  return [
    `Hot needs ${test(heat.hot)}.`,
    `Warm needs ${test(heat.warm)}.`,
    ...(signals.length === 0 ? [] : [`A warm account is hot, and a cold one warm, with: ${orList(signals)}.`]),
  ];
}
