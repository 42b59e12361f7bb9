import type { World } from '../../src/definitions/core/check-references.ts';
import { type DefinitionKind, parseDefinition } from '../../src/definitions/core/definition.ts';
import { yaml } from './edit-document.ts';

/** A whole document of each kind, small enough to know by heart: tests that edit a place in one do not move with the defaults. */
export const SMALL: Record<DefinitionKind, string> = {
  taxonomy: `
kind: taxonomy
lifecycle:
  - { id: lead, means: inquiry, label: Lead, aliases: [Open] }
  - { id: deal, means: opportunity, label: Deal }
  - { id: won, means: won, label: Won }
lead_sources:
  - { id: website, label: Website, aliases: [Inbound], from: { salesforce: [Web], hubspot: [DIRECT_TRAFFIC] } }
  - { id: referral, label: Referral }
sources: [crm, web]
merge:
  - { field: account.industry, rule: latest }
  - { field: person.seniority, rule: agreement, sources: [web] }
fields:
  - { name: account.industry, type: keyword, label: Industry, values: { software: [saas], retail: [shops] } }
  - { name: account.size, type: integer, label: Size }
  - { name: account.country, type: country, label: Country }
  - { name: account.renewal, type: date, label: Renewal }
  - { name: account.target, type: boolean, label: Target }
  - { name: person.seniority, type: keyword, label: Seniority }
  - { name: person.buying_role, type: keyword, label: Role }
  - { name: person.lead_source, type: keyword, label: Source, values: { website: [], referral: [] } }
  - { name: opportunity.stage, type: keyword, label: Stage }
event_types:
  - { id: visit, class: engagement, label: Visit, side: marketing, aliases: [page view] }
  - { id: call, class: engagement, label: Call, side: sales }
  - { id: mail, class: engagement, label: Mail, side: sales }
  - { id: funding, class: signal, label: Funding }
rejection_codes:
  - { code: FIT-01, reason: too small, owner: marketing, action: nurture, segment_rule: exclude }
  - { code: ENG-01, reason: not reached, owner: sales, action: recycle, after_days: 90, needs_attempts: true }
  - { code: OWN-01, reason: wrong owner, owner: revops, action: reroute, segment_rule: reroute, auto: true }
mql: { field: account.size, range: { min: 50 } }
routing:
  order: [account_owner, territory, round_robin]
  capacity: { open_leads: 20 }
  territories: [{ id: dach, label: DACH, when: { field: account.country, in: [de, at, ch] }, pool: europe }]
  pools:
    - { id: europe, label: Europe, members: [{ owner: Sam Ode, per_day: 5, calendar: berlin }] }
    - { id: inbound, label: Inbound, members: [] }
  otherwise: inbound
compare_by:
  - { id: industry, label: Industry, field: account.industry }
  - { id: size, label: Size, field: account.size, steps: [50, 200] }
segments:
  - { id: small_shops, label: Small shops, when: { field: account.industry, eq: retail }, rule: exclude, because: FIT-01, since: "2026-07-01" }
`,
  icp: `
kind: icp
name: Small
segments:
  - { id: core, label: Core, when: { field: account.industry, eq: software }, pains: [Slow hand-offs] }
  - { id: rest, label: Rest, when: { field: account.size, range: { min: 50 } } }
firmographics:
  - { field: account.industry, required: true, why: It decides., values: [software] }
  - { field: account.size, required: false }
exclude:
  - { id: tiny, when: { field: account.size, range: { max: 4 } }, reason: FIT-01 }
buying_group:
  - { role: champion, when: { field: person.seniority, eq: director }, required: true, weight: 60 }
  - { role: economic_buyer, when: { field: person.seniority, eq: vp }, required: false, weight: 40 }
personas:
  - { id: director, label: Director, role: champion, when: { field: person.seniority, eq: director }, goals: [Order] }
review: { every_months: 3, from: [Closed deals] }
`,
  rubric: `
kind: rubric
max: 100
tiers: { A: 70, B: 40 }
groups: { fit: { cap: 60 }, intent: { cap: 40, label: Intent } }
criteria:
  - { id: industry, group: fit, when: { field: account.industry, in: [software] }, points: 20, missing: 1 }
  - { id: size, group: fit, bands: { field: account.size, steps: [[1, 0], [50, 10], [200, 20]] } }
  - { id: visits, group: intent, events: { types: [visit], window_days: 30, half_life_days: 7, points: 2, cap: 10 } }
  - { id: funded, group: intent, signal: { type: funding, within_days: 90 }, points: 8 }
  - { id: senior, group: fit, for: lead, when: { field: person.buying_role, eq: champion }, points: 5 }
disqualify:
  - { id: rival, when: { field: account.industry, in_list: rivals }, reason: FIT-01 }
lists: { rivals: [retail] }
heat:
  types: [visit]
  hot: { points: 20, people: 2, momentum_percent: 150 }
  warm: { points: 8 }
  act_now: [{ type: funding, within_days: 30 }]
`,
  sla: `
kind: sla
calendar:
  time_zone: Europe/Berlin
  hours: { monday: [["09:00", "12:00"], ["13:00", "17:00"]], friday: [["09:00", "15:00"]] }
  holidays: [{ date: "2026-01-01", label: New Year }, { date: "2026-12-25", label: Christmas }]
calendars:
  berlin: { time_zone: Europe/Berlin, hours: { tuesday: [["08:00", "16:00"]] } }
clocks:
  - id: touch
    label: First touch
    from: hand_off
    to: first_touch
    within: { hours: 4 }
    business: true
    calendar: berlin
    exceptions:
      - { id: target, when: { field: account.target, eq: true }, within: { minutes: 10 } }
      - { id: best, tiers: [A], sources: [referral], within: { hours: 1 }, business: false }
  - { id: decision, label: Decision, from: hand_off, to: disposition, within: { hours: 48 }, business: false }
near_breach_percent: 80
follow_up:
  attempts: [{ type: call, at_least: 5 }, { type: mail, at_least: 5 }]
  within_business_days: 5
  exceptions: [{ id: low, tiers: [C], attempts: [{ type: mail, at_least: 2 }], within_business_days: 3 }]
reversal_within: { hours: 24 }
pauses: [{ id: away, label: Away, clocks: [touch], at_most_days: 30 }]
report: { percentiles: [50, 90], by: [tier] }
`,
  attribution: `
kind: attribution
model: { type: weighted, weights: { first_touch: 30, lead_created: 30, opportunity_created: 30, others: 10 } }
compare:
  - { id: even, label: Even, model: { type: linear } }
  - { id: recent, label: Recent, model: { type: time_decay, half_life_days: 7 } }
  - { id: chain, label: Chain, model: { type: markov, order: 2 } }
  - { id: whole, label: Whole, model: { type: weighted, weights: { first_touch: 22.5, last_touch: 77.5 } } }
milestones: { lead_created: lead, opportunity_created: deal, closed_won: won }
lookback_days: 90
conversion: opportunity_created
measure: pipeline_amount
channels:
  - { id: website, label: Website, types: [visit], direct: true }
  - { id: sales, label: Sales, types: [call, mail] }
funnel: [{ from: lead, to: deal, within_days: 60 }, { from: deal, to: won, within_days: 180 }]
freeze: { days_after_period: 5 }
signed_by: [marketing, sales, finance]
`,
  cadence: `
kind: cadence
reviews:
  - id: weekly
    label: Weekly hand-off
    every: week
    "on": monday
    minutes: 30
    owner: revops
    attends: [revops, sales]
    report: handoffs
    report_days_before: 1
    agenda: [{ topic: Rejections, minutes: 10, figures: [by code] }, { topic: Breaches, minutes: 20 }]
    decides: [A changed route]
  - { id: monthly, label: Monthly, every: month, "on": tuesday, minutes: 60, owner: marketing, attends: [marketing], agenda: [{ topic: Pipeline }] }
`,
  playbook: `
kind: playbook
customers: [{ segment: core, pains: [Slow hand-offs] }]
buying_process: [{ id: trigger, label: Trigger, triggers: [A new head], behaviour: [Reads] }]
offer: { summary: One list., why_buy: It holds., value: [Order], discovery_questions: [Who decides?], use_cases: [Start] }
competitors: [{ id: rival, label: Rival, positioning: Cheap, counter_moves: [Show the cost] }]
selling: [{ id: meet, label: Meet, buying_stage: trigger, entry: [MQL], exit: [A date], players: [sales], opportunity_stages: [open] }]
objections:
  - { id: price, objection: Too dear., answer: Not over a year., codes: [FIT-01], loss_reasons: [price], stages: [meet], roles: [champion], competitors: [rival] }
practices: [{ id: call, practice: Call first., use_when: Always., works: true }]
personas: [{ role: champion, label: Champion, cares_about: [Order] }]
plays:
  - id: revive
    label: Revive
    purpose: Quiet accounts.
    when: { all: [{ field: account.target, eq: true }, { count: { types: [visit], window_days: 30 }, range: { min: 1 } }] }
    tiers: [A]
    heat: [cold]
    owner: sales
    steps: [{ do: Call., by: sales, within_hours: 24 }]
    content: [A note]
    measure: A meeting.
upkeep: { plays: { owner: sales, reviewed: "2026-10-01" } }
`,
};

/** The small document of a kind as a value. */
export function small(kind: DefinitionKind): unknown {
  return yaml(SMALL[kind]);
}

/** What the small documents may refer to: each other. */
export function smallWorld(): World {
  const parsed = (['taxonomy', 'icp', 'sla'] as const).map((kind) => parseDefinition(small(kind)));
  return Object.fromEntries(parsed.flatMap((one) => (one.ok ? [[one.kind, one.document]] : [])));
}
