/** 21 criteria and 4 disqualifiers that all apply to accounts: the size that the yardsticks were measured with. */
export const benchRubric = {
  kind: 'rubric',
  name: 'Bench rubric',
  tiers: { A: 70, B: 45 },
  groups: { fit: { cap: 60 }, engagement: { cap: 25 }, intent: { cap: 15 } },
  criteria: [
    { id: 'industry', group: 'fit', when: { field: 'account.industry', in: ['software', 'fintech'] }, points: 20 },
    {
      id: 'size',
      group: 'fit',
      bands: {
        field: 'account.employees',
        steps: [
          [1, 0],
          [50, 10],
          [200, 20],
          [5000, 10],
        ],
      },
    },
    { id: 'country', group: 'fit', when: { field: 'account.country', in: ['us', 'gb', 'de'] }, points: 10 },
    {
      id: 'revenue',
      group: 'fit',
      bands: {
        field: 'account.annual_revenue',
        steps: [
          [1_000_000, 5],
          [10_000_000, 10],
        ],
      },
      missing: 2,
    },
    { id: 'crm', group: 'fit', when: { field: 'account.technologies', has: ['salesforce'] }, points: 5 },
    { id: 'cloud', group: 'fit', when: { field: 'account.technologies', has: ['aws', 'gcp'] }, points: 3 },
    { id: 'young', group: 'fit', when: { field: 'account.founded_year', range: { min: 1990 } }, points: 2 },
    { id: 'public', group: 'fit', when: { field: 'account.ownership', eq: 'public' }, points: 2 },
    {
      id: 'served_fintech',
      group: 'fit',
      when: { all: [{ field: 'account.industry', eq: 'fintech' }, { not: { field: 'account.country', eq: 'in' } }] },
      points: 4,
    },
    { id: 'tiny', group: 'fit', when: { field: 'account.employees', range: { max: 5 } }, points: -10 },
    { id: 'target', group: 'fit', when: { field: 'account.target_account', eq: true }, points: 8 },
    { id: 'pricing', group: 'engagement', events: { types: ['pricing_page'], window_days: 60, half_life_days: 14, points: 6, cap: 18 } },
    { id: 'visits', group: 'engagement', events: { types: ['web_visit'], window_days: 30, half_life_days: 7, points: 1, cap: 6 } },
    {
      id: 'content',
      group: 'engagement',
      events: { types: ['content_download', 'webinar'], window_days: 90, half_life_days: 30, points: 4, cap: 12 },
    },
    {
      id: 'forms',
      group: 'engagement',
      events: { types: ['form_fill', 'demo_request'], window_days: 90, half_life_days: 30, points: 8, cap: 16 },
    },
    { id: 'ads', group: 'engagement', events: { types: ['ad_click'], window_days: 30, half_life_days: 7, points: 1, cap: 3 } },
    { id: 'clicks', group: 'engagement', events: { types: ['email_click'], window_days: 30, half_life_days: 7, points: 1, cap: 3 } },
    { id: 'opens', group: 'engagement', events: { types: ['email_open'], window_days: 14, points: 1, cap: 2 } },
    { id: 'returns', group: 'engagement', when: { count: { types: ['web_visit'], window_days: 30 }, range: { min: 3 } }, points: 3 },
    { id: 'funding', group: 'intent', signal: { type: 'funding_round', within_days: 180 }, points: 8 },
    { id: 'hiring', group: 'intent', signal: { type: 'hiring', within_days: 90 }, points: 5 },
  ],
  disqualify: [
    { id: 'customer', when: { field: 'account.type', eq: 'customer' }, reason: 'REL-01' },
    { id: 'competitor', when: { field: 'account.domain', in_list: 'competitors' }, reason: 'REL-02' },
    { id: 'solo', when: { field: 'account.employees', range: { max: 1 } }, reason: 'FIT-01' },
    { id: 'elsewhere', when: { field: 'account.country', eq: 'br' }, reason: 'FIT-02' },
  ],
  lists: { competitors: ['company-7.example', 'company-8.example'] },
  heat: {
    hot: { points: 20, people: 2, momentum_percent: 150 },
    warm: { points: 8 },
    act_now: [{ type: 'funding_round', within_days: 30 }],
  },
};
