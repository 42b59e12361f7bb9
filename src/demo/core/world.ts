/** How an account behaves over the months. */
export type Story = 'surging' | 'steady' | 'fading' | 'occasional' | 'silent';

/** A company as somebody knows it: its facts before any system has kept or spoiled them. */
export interface Company {
  name: string;
  domain: string;
  /** Where its people have their addresses. */
  mailDomain: string;
  /** Its place in `INDUSTRIES`; undefined where the lists say what it is. */
  industry: number | undefined;
  employees: number | undefined;
  country: number | undefined;
  technologies: readonly string[];
  type: 'Prospect' | 'Customer - Direct' | 'Competitor';
  target: boolean;
  story: Story;
  /** The systems that know it. */
  inSalesforce: boolean;
  inHubspot: boolean;
}

export interface Person {
  id: string;
  /** Index of the company; undefined for somebody with a free-mail address, whom nothing ties to one. */
  company: number | undefined;
  /** HubSpot's record names the company, beyond the domain of the address. */
  associated: boolean;
  firstName: string;
  lastName: string;
  email: string;
  title: string;
  seniority: string | undefined;
  department: string | undefined;
}

export interface Activity {
  /** Event type of the taxonomy. */
  type: string;
  /** Whole days before the demo's day, 1 or more. */
  age: number;
  /** Minutes after midnight. */
  minute: number;
  company: number;
  /** Index of the person; undefined for a visit that only the company's network is known of. */
  person: number | undefined;
  /** It reaches us after the first rescore. */
  late: boolean;
}

export interface Signal {
  type: string;
  age: number;
  company: number;
  details: string;
}

export interface Opportunity {
  company: number;
  name: string;
  stage: string;
  amount: number;
  /** Days before the demo's day on which it was opened, and after it on which it is to close. */
  openedAge: number;
  closesIn: number;
}

export interface World {
  companies: Company[];
  people: Person[];
  activities: Activity[];
  signals: Signal[];
  opportunities: Opportunity[];
}
