import type { DefinitionDocument, DefinitionKind, DocumentOf } from './definition.ts';
import { DEFAULT_MAX, DEFAULT_PEOPLE_DAYS, type Rubric } from './rubric.ts';
import { asSentence, criterionSentence, disqualifierSentence, type Labels, predicateSentence } from './sentence.ts';
import { WEEKDAYS } from './sla.ts';
import { codeText, numberText, orList, windowText } from './words.ts';

/** A heading and its lines, each a sentence. */
export interface SummarySection {
  heading: string;
  lines: string[];
}

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
      { heading: 'Fields', lines: ['account', 'person', 'opportunity'].map((e) => `${e}: ${of(e).join(', ')}`) },
      { heading: 'Event types', lines: [`engagement: ${events('engagement').join(', ')}`, `signals: ${events('signal').join(', ')}`] },
      { heading: 'Lead sources', lines: [taxonomy.lead_sources.map((s) => s.id).join(', ')] },
      { heading: 'Data sources, best first', lines: taxonomy.sources.length === 0 ? [] : [taxonomy.sources.join(', ')] },
      {
        heading: 'Rejection codes',
        lines: taxonomy.rejection_codes.map((r) => {
          const fate =
            r.after_days !== undefined
              ? ` after ${windowText(r.after_days)}`
              : r.before === undefined
                ? ''
                : ` before ${labels.field(r.before)}`;
          return `${r.code}: ${r.reason}; ${r.owner} fixes it${r.fix === undefined ? '' : ` (${r.fix})`}; ${r.action}${fate}.`;
        }),
      },
    ];
  },

  icp(icp, labels, codes) {
    return [
      { heading: 'Segments, best first', lines: icp.segments.map((s) => `${s.label}: ${asSentence(predicateSentence(s.when, labels))}`) },
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
    ];
  },

  sla(sla, labels) {
    const time = (d: { minutes?: number | undefined; hours?: number | undefined; days?: number | undefined }, business: boolean) => {
      const [unit, n] = Object.entries(d).find(([, value]) => value !== undefined) ?? ['hours', 0];
      return `within ${n} ${business ? 'business ' : ''}${n === 1 ? unit.slice(0, -1) : unit}`;
    };
    const words = (moment: string) => moment.replaceAll('_', ' ');
    return [
      {
        heading: 'Clocks',
        lines: sla.clocks.flatMap((c) => [
          `${c.label}: from ${words(c.from)} to ${words(c.to)} ${time(c.within, c.business)}.`,
          ...(c.exceptions ?? []).map(
            (x) => `${c.label}, ${x.label ?? x.id}: ${time(x.within, x.business ?? c.business)} when ${predicateSentence(x.when, labels)}.`,
          ),
        ]),
      },
      {
        heading: 'Before a lead is unable to reach',
        lines: [
          `${sla.follow_up.attempts.map((a) => `${a.at_least} × ${labels.event(a.type)}`).join(' and ')} within ${sla.follow_up.within_business_days} business days.`,
        ],
      },
      {
        heading: 'Business hours',
        lines: [
          `${WEEKDAYS.filter((day) => (sla.calendar.hours[day] ?? []).length > 0)
            .map((day) => `${day} ${(sla.calendar.hours[day] ?? []).map((s) => s.join('–')).join(', ')}`)
            .join('; ')} (${sla.calendar.time_zone}); ${sla.calendar.holidays?.length ?? 0} holidays.`,
        ],
      },
      { heading: 'Reasons for a pause', lines: (sla.pauses ?? []).map((p) => `${p.label}.`) },
    ];
  },

  attribution(attribution, labels) {
    const { model } = attribution;
    const said =
      model.type === 'linear'
        ? 'Every touch earns the same.'
        : model.type === 'time_decay'
          ? `A touch counts half as much with every ${windowText(model.half_life_days)} before the conversion.`
          : `${Object.entries(model.weights)
              .map(([touch, weight]) => `${touch.replaceAll('_', ' ')} ${weight} %`)
              .join(', ')}.`;
    return [
      {
        heading: 'Model',
        lines: [
          said,
          `Shares out ${attribution.measure.replaceAll('_', ' ')} at ${attribution.conversion.replaceAll('_', ' ')}; touches of the ${windowText(attribution.lookback_days)} before count.`,
        ],
      },
      { heading: 'Channels', lines: attribution.channels.map((c) => `${c.label}: ${c.types.map((t) => labels.event(t)).join(', ')}.`) },
    ];
  },

  cadence(cadence) {
    return [
      {
        heading: 'Reviews',
        lines: cadence.reviews.map(
          (r) =>
            `${r.label}: every ${r.every}, ${r.on}, ${r.minutes} minutes, led by ${r.owner}; ${r.agenda.map((a) => a.topic).join(', ')}.`,
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
