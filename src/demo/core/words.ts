/** What the invented world is made of. Names of companies and people are put together from parts; any likeness is chance. */

/** An industry: its key in the taxonomy, as Salesforce and as HubSpot write it, the words its companies' names end in, and how many there are. */
export interface IndustryWords {
  key: string;
  salesforce: string;
  hubspot: string;
  endings: readonly [string, ...string[]];
  weight: number;
}

export const INDUSTRIES: readonly [IndustryWords, ...IndustryWords[]] = [
  { key: 'software', salesforce: 'Software', hubspot: 'COMPUTER_SOFTWARE', endings: ['Systems', 'Software', 'Labs', 'Cloud'], weight: 24 },
  {
    key: 'it_services',
    salesforce: 'Technology',
    hubspot: 'INFORMATION_TECHNOLOGY_AND_SERVICES',
    endings: ['IT', 'Digital', 'Networks'],
    weight: 12,
  },
  { key: 'cybersecurity', salesforce: 'Cyber Security', hubspot: 'COMPUTER_NETWORK_SECURITY', endings: ['Security', 'Shield'], weight: 6 },
  { key: 'fintech', salesforce: 'Financial Technology', hubspot: 'Payments', endings: ['Pay', 'Ledger'], weight: 8 },
  { key: 'financial_services', salesforce: 'Finance', hubspot: 'FINANCIAL_SERVICES', endings: ['Capital', 'Finance'], weight: 7 },
  { key: 'insurance', salesforce: 'Insurance', hubspot: 'INSURANCE', endings: ['Insurance', 'Mutual'], weight: 4 },
  { key: 'healthcare', salesforce: 'Healthcare', hubspot: 'HOSPITAL_HEALTH_CARE', endings: ['Health', 'Clinics'], weight: 6 },
  {
    key: 'professional_services',
    salesforce: 'Consulting',
    hubspot: 'MANAGEMENT_CONSULTING',
    endings: ['Partners', 'Advisory'],
    weight: 7,
  },
  { key: 'manufacturing', salesforce: 'Manufacturing', hubspot: 'MACHINERY', endings: ['Works', 'Machines'], weight: 9 },
  { key: 'retail', salesforce: 'Retail', hubspot: 'RETAIL', endings: ['Stores', 'Market'], weight: 6 },
  {
    key: 'transportation',
    salesforce: 'Transportation',
    hubspot: 'LOGISTICS_AND_SUPPLY_CHAIN',
    endings: ['Logistics', 'Freight'],
    weight: 6,
  },
  { key: 'education', salesforce: 'Education', hubspot: 'HIGHER_EDUCATION', endings: ['Academy', 'Learning'], weight: 3 },
  { key: 'construction', salesforce: 'Construction', hubspot: 'CONSTRUCTION', endings: ['Build', 'Homes'], weight: 3 },
];

/** A country's name as either system writes it, and how many companies sit there. */
export const COUNTRIES: readonly [
  readonly [{ salesforce: string; hubspot: string }, number],
  ...(readonly [{ salesforce: string; hubspot: string }, number])[],
] = [
  [{ salesforce: 'United States', hubspot: 'USA' }, 38],
  [{ salesforce: 'United Kingdom', hubspot: 'UK' }, 12],
  [{ salesforce: 'Germany', hubspot: 'Deutschland' }, 12],
  [{ salesforce: 'France', hubspot: 'France' }, 7],
  [{ salesforce: 'Netherlands', hubspot: 'The Netherlands' }, 6],
  [{ salesforce: 'Canada', hubspot: 'Canada' }, 6],
  [{ salesforce: 'Sweden', hubspot: 'Sweden' }, 4],
  [{ salesforce: 'Spain', hubspot: 'Spain' }, 4],
  [{ salesforce: 'Japan', hubspot: 'Japan' }, 4],
  [{ salesforce: 'Brazil', hubspot: 'Brazil' }, 4],
  [{ salesforce: 'India', hubspot: 'India' }, 3],
];

export const NAME_STARTS: readonly [string, ...string[]] = [
  ...(['Al', 'Bel', 'Cor', 'Dun', 'El', 'Far', 'Gren', 'Hal', 'Ir', 'Jor', 'Kel', 'Lum', 'Mar', 'Nor', 'Or', 'Pel', 'Quil'] as const),
  ...(['Rav', 'Sol', 'Tor', 'Ul', 'Van', 'Wes', 'Yar', 'Zen', 'Bram', 'Cald', 'Fen', 'Ost', 'Tam'] as const),
];
export const NAME_MIDDLES: readonly [string, ...string[]] = ['a', 'e', 'i', 'o', 'den', 'mon', 'ver', 'lin', 'ta', 'ri', 'sto', 'we'];
export const NAME_ENDS: readonly [string, ...string[]] = [
  'ra',
  'dale',
  'mark',
  'nix',
  'tide',
  'field',
  'gate',
  'lo',
  'via',
  'berg',
  'crest',
  'wick',
  'nova',
  'stead',
];

export const TECHNOLOGIES: readonly [string, ...string[]] = [
  'Salesforce',
  'HubSpot',
  'Marketo Engage',
  'Segment',
  'Snowflake',
  'SAP',
  'Google Cloud',
  'Amazon Web Services',
  'Microsoft Azure',
  'Zendesk',
  'Slack',
];

export const FIRST_NAMES: readonly [string, ...string[]] = [
  ...([
    'Ada',
    'Aisha',
    'Alex',
    'Amir',
    'Ana',
    'Anders',
    'Beatriz',
    'Ben',
    'Camille',
    'Carlos',
    'Chen',
    'Clara',
    'Daniel',
    'Dario',
  ] as const),
  ...(['Elena', 'Emil', 'Eva', 'Farid', 'Fiona', 'Grace', 'Hana', 'Hugo', 'Ines', 'Ivan', 'Jana', 'Jonas', 'Julia', 'Kenji'] as const),
  ...(['Lars', 'Lea', 'Liam', 'Lucia', 'Maya', 'Milan', 'Mira', 'Nadia', 'Nils', 'Noah', 'Nora', 'Omar', 'Paula', 'Pieter'] as const),
  ...(['Priya', 'Rafael', 'Rosa', 'Sara', 'Sofia', 'Tariq', 'Theo', 'Tom', 'Vera', 'Yuki', 'Zoe'] as const),
];
export const LAST_NAMES: readonly [string, ...string[]] = [
  ...(['Abbott', 'Almeida', 'Andersen', 'Bauer', 'Becker', 'Berger', 'Brandt', 'Castro', 'Conti', 'Costa', 'Dubois', 'Ekman'] as const),
  ...(['Eriksen', 'Fischer', 'Fontaine', 'Garcia', 'Haas', 'Hansen', 'Hoffman', 'Ito', 'Jansen', 'Kaya', 'Keller', 'Khan'] as const),
  ...(['Kovac', 'Laurent', 'Lindgren', 'Marsh', 'Mehta', 'Moreau', 'Murphy', 'Novak', 'Okafor', 'Olsen', 'Patel', 'Peeters'] as const),
  ...([
    'Quinn',
    'Reyes',
    'Rossi',
    'Santos',
    'Schmidt',
    'Silva',
    'Tanaka',
    'Turner',
    'Vogel',
    'Wagner',
    'Walsh',
    'Weber',
    'Yilmaz',
  ] as const),
];

/** A department: its name, as HubSpot may write it, and how many people of a buying group work there. */
export const DEPARTMENTS: readonly [
  readonly [{ name: string; hubspot: string; chief: string }, number],
  ...(readonly [{ name: string; hubspot: string; chief: string }, number])[],
] = [
  [{ name: 'Marketing', hubspot: 'Marketing', chief: 'Chief Marketing Officer' }, 30],
  [{ name: 'Sales', hubspot: 'Sales', chief: 'Chief Revenue Officer' }, 24],
  [{ name: 'Revenue Operations', hubspot: 'RevOps', chief: 'Chief Operating Officer' }, 14],
  [{ name: 'Engineering', hubspot: 'Software Engineering', chief: 'Chief Technology Officer' }, 14],
  [{ name: 'IT', hubspot: 'Information Technology', chief: 'Chief Information Officer' }, 10],
  [{ name: 'Finance', hubspot: 'Accounting', chief: 'Chief Financial Officer' }, 8],
];

/** A level: as HubSpot writes it, the title that goes with it (`*` is the department), and how many people have it. */
export const LEVELS: readonly [
  readonly [{ seniority: string; title: string }, number],
  ...(readonly [{ seniority: string; title: string }, number])[],
] = [
  [{ seniority: 'C-Suite', title: '' }, 8],
  [{ seniority: 'Vice President', title: 'VP *' }, 13],
  [{ seniority: 'Head of Department', title: 'Head of *' }, 12],
  [{ seniority: 'Director', title: 'Director of *' }, 19],
  [{ seniority: 'Manager', title: '* Manager' }, 24],
  [{ seniority: 'Specialist', title: '* Specialist' }, 22],
  [{ seniority: 'Intern', title: '* Intern' }, 2],
];

export const OWNERS: readonly [string, ...string[]] = ['Robin Hale', 'Sam Oduya', 'Kim Aster', 'Jo Lindqvist'];
