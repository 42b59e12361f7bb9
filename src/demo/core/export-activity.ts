import { isoFromDay } from '../../kernel/dates.ts';
import type { ExportDay, ExportFile } from './export-crm.ts';
import { type Cell, csvText, jsonlText } from './file-text.ts';
import type { Activity, World } from './world.ts';

/** How Marketo names what our taxonomy has as an event type. */
const MARKETO: Readonly<Record<string, string>> = {
  web_visit: 'Visit Webpage',
  pricing_page: 'Pricing Page Visit',
  content_download: 'Asset Download',
  ad_click: 'Click Ad',
  email_open: 'Open Email',
  email_click: 'Click Email',
  form_fill: 'Fill Out Form',
  demo_request: 'Request Demo',
  webinar: 'Webinar Attended',
  chat: 'Live Chat',
};
const SALESFORCE: Readonly<Record<string, string>> = { call: 'Call', meeting: 'Meeting', reply: 'Email Reply' };

interface Numbered extends Activity {
  number: number;
}

/** Everything that happened but for what comes late, and then that, each as its system exports it. */
export function activityFiles(world: World, at: ExportDay): { onTime: ExportFile[]; late: ExportFile } {
  const numbered = world.activities
    .map((activity, i): Numbered => ({ ...activity, number: i + 1 }))
    .sort((a, b) => b.age - a.age || a.minute - b.minute || a.number - b.number);
  const marketing = numbered.filter((activity) => activity.type in MARKETO);
  const punctual = marketing.filter((activity) => !activity.late).map((activity) => marketoRow(world, activity, at.day));
  const [first] = punctual;
  // a delivery that was repeated, and a type that nobody declared
  if (first !== undefined) punctual.push(first, { ...first, marketoGUID: 'mk-0', activityTypeName: 'Attend Roadshow' });
  const late = marketing.filter((activity) => activity.late).map((activity) => marketoRow(world, activity, at.day));
  const sales = numbered.filter((activity) => activity.type in SALESFORCE).map((activity) => salesforceRow(world, activity, at.day));
  return {
    onTime: [
      { name: 'marketo-activities.jsonl', source: 'marketo', rows: punctual.length, text: jsonlText(punctual) },
      {
        name: 'salesforce-activities.csv',
        source: 'salesforce',
        rows: sales.length,
        text: csvText(['Activity ID', 'Date', 'Type', 'Email', 'Subject'], sales),
      },
    ],
    late: { name: 'marketo-activities-late.jsonl', source: 'marketo', rows: late.length, text: jsonlText(late) },
  };
}

/** News and what the product saw. */
export function signalFile(world: World, at: ExportDay): ExportFile {
  const rows = world.signals.map((signal, i) => ({
    signal_id: `s-${i + 1}`,
    signal_type: signal.type,
    company_domain: world.companies[signal.company]?.domain,
    date: isoFromDay(at.day - signal.age),
    details: signal.details,
  }));
  return { name: 'signals.jsonl', source: 'newsfeed', rows: rows.length, text: jsonlText(rows) };
}

function marketoRow({ companies, people }: World, activity: Numbered, day: number): Record<string, Cell> {
  const person = activity.person === undefined ? undefined : people[activity.person];
  return {
    marketoGUID: `mk-${activity.number}`,
    activityDate: instant(activity, day),
    activityTypeName: MARKETO[activity.type],
    ...(person === undefined ? { companyDomain: companies[activity.company]?.domain } : { email: person.email }),
    ...(activity.type === 'pricing_page' ? { primaryAttributeValue: '/pricing' } : {}),
  };
}

function salesforceRow({ people }: World, activity: Numbered, day: number): Cell[] {
  const type = SALESFORCE[activity.type];
  return [
    `00U${String(activity.number).padStart(12, '0')}`,
    instant(activity, day),
    type,
    people[activity.person ?? -1]?.email,
    `${type} with the team`,
  ];
}

function instant({ age, minute }: Activity, day: number): string {
  return new Date((day - age) * 86_400_000 + minute * 60_000).toISOString();
}
