import type { Taxonomy, TaxonomyField } from '../../definitions/core/taxonomy.ts';

/** What a file holds, one a file. */
export const RECORD_KINDS = ['accounts', 'people', 'opportunities', 'events', 'signals'] as const;
export type RecordKind = (typeof RECORD_KINDS)[number];

/** What a column can be besides a field of the taxonomy. */
const SPECIAL_TARGETS = [
  'external_id',
  'observed_at',
  'account_external_id',
  'person_external_id',
  'anonymous_id',
  'event_id',
  'event_type',
  'occurred_at',
  'attribute',
  'ignore',
] as const;
export type SpecialTarget = (typeof SPECIAL_TARGETS)[number];

export type Entity = 'account' | 'person' | 'opportunity';

/** Whose fields a row of the kind may carry, its own first. */
const ENTITIES: Readonly<Record<RecordKind, readonly Entity[]>> = {
  accounts: ['account'],
  people: ['person', 'account'],
  opportunities: ['opportunity', 'account'],
  events: [],
  signals: [],
};

/** The fields by which an event names whom it concerns. */
const EVENT_FIELDS = ['person.email', 'account.domain'];

const ANY_ID = ['id', 'externalid', 'recordid', 'hsobjectid', 'uuid', 'guid'];
const STAMP = [
  'observedat',
  'systemmodstamp',
  'lastmodifieddate',
  'lastmodified',
  'lastmodifiedat',
  'lastmodifieddatetime',
  'hslastmodifieddate',
  'modifieddate',
  'modifiedat',
  'updatedat',
  'updateddate',
  'lastupdated',
  'updated',
];
const ACCOUNT_ID = [
  'accountexternalid',
  'accountid',
  'companyid',
  'associatedcompanyid',
  'primaryassociatedcompanyid',
  'associatedcompanyids',
  'associatedcompanyidsprimary',
];
const EVENT_ID = ['eventid', 'activityid', 'activityguid', 'marketoguid', 'messageid', 'signalid', 'engagementid', 'taskid', ...ANY_ID];
const EVENT_TYPE = [
  'eventtype',
  'activitytype',
  'signaltype',
  'activitytypename',
  'engagementtype',
  'eventname',
  'activityname',
  'event',
  'activity',
  'signal',
  'action',
  'type',
];
const OCCURRED = [
  'occurredat',
  'eventdate',
  'eventtime',
  'activitydate',
  'activitydatetime',
  'activitytime',
  'signaldate',
  'hstimestamp',
  'timestamp',
  'datetime',
  'occurred',
  'happenedat',
  'date',
  'time',
  'day',
  'createdat',
  'createddate',
];
const EVENT_SPECIALS: Partial<Record<SpecialTarget, readonly string[]>> = {
  event_id: EVENT_ID,
  event_type: EVENT_TYPE,
  occurred_at: OCCURRED,
  person_external_id: [
    'personexternalid',
    'personid',
    'leadid',
    'contactid',
    'whoid',
    'associatedcontactid',
    'associatedcontactids',
    'vid',
  ],
  account_external_id: ACCOUNT_ID,
  anonymous_id: [
    'anonymousid',
    'deviceid',
    'visitorid',
    'cookieid',
    'clientid',
    'distinctid',
    'domainuserid',
    'amplitudeid',
    'hubspotutk',
    'munchkincookie',
    'mktotrk',
    'fullvisitorid',
  ],
  attribute: [
    'url',
    'pageurl',
    'page',
    'campaign',
    'campaignname',
    'subject',
    'title',
    'asset',
    'primaryattributevalue',
    'referrer',
    'utmsource',
    'utmmedium',
    'utmcampaign',
    'link',
    'amount',
    'round',
    'details',
  ],
};

/** Header (letters and digits in lower case) → special target, best first, for the exports of the systems that are known. */
const SPECIAL_HEADERS: Readonly<Record<RecordKind, Partial<Record<SpecialTarget, readonly string[]>>>> = {
  accounts: {
    external_id: ['accountid', 'companyid', 'recordidcompany', 'accountid18', 'casesafeaccountid', 'organizationid', ...ANY_ID],
    observed_at: STAMP,
  },
  people: {
    external_id: ['leadid', 'contactid', 'personid', 'recordidcontact', 'marketoleadid', 'leadid18', 'contactid18', 'vid', ...ANY_ID],
    account_external_id: ACCOUNT_ID,
    observed_at: STAMP,
  },
  opportunities: {
    external_id: ['opportunityid', 'dealid', 'recordiddeal', 'opportunityid18', ...ANY_ID],
    account_external_id: ACCOUNT_ID,
    observed_at: STAMP,
  },
  events: EVENT_SPECIALS,
  signals: EVENT_SPECIALS,
};

/** The systems whose headers a taxonomy's fields know. */
export const SYSTEMS = ['salesforce', 'hubspot', 'marketo', 'generic'] as const;
export type System = (typeof SYSTEMS)[number];

/** A header as guesses compare it: letters and digits in lower case. */
export function squash(header: string): string {
  return header
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '');
}

/** One thing a header may mean, and why. */
export interface Candidate {
  target: string;
  system: System | undefined;
  /** Lower is better. */
  rank: number;
}

/** Everything that headers may mean in a file of the kind: squashed header → candidates. */
export function candidatesFor(kind: RecordKind, taxonomy: Taxonomy): ReadonlyMap<string, readonly Candidate[]> {
  const found = new Map<string, Candidate[]>();
  const add = (header: string, candidate: Candidate) => {
    const key = squash(header);
    const list = found.get(key) ?? [];
    if (!list.some((c) => c.target === candidate.target && c.system === candidate.system)) list.push(candidate);
    found.set(key, list);
  };
  for (const [target, headers] of Object.entries(SPECIAL_HEADERS[kind])) {
    for (const [i, header] of headers.entries()) add(header, { target, system: undefined, rank: i });
    add(target, { target, system: undefined, rank: 0 });
  }
  for (const field of fieldsFor(kind, taxonomy)) {
    const own = field.name.startsWith(`${ENTITIES[kind][0] ?? 'person'}.`) ? 0 : 100;
    add(field.name, { target: field.name, system: undefined, rank: -1 });
    for (const system of SYSTEMS) {
      for (const [i, alias] of (field.aliases?.[system] ?? []).entries()) add(alias, { target: field.name, system, rank: own + 1 + i });
    }
    if (own === 0 || ENTITIES[kind].length === 0) {
      add(field.name.slice(field.name.indexOf('.') + 1), { target: field.name, system: undefined, rank: own + 50 });
      add(field.label, { target: field.name, system: undefined, rank: own + 51 });
    }
  }
  return found;
}

/** The declared fields that a file of the kind may fill. */
export function fieldsFor(kind: RecordKind, taxonomy: Taxonomy): TaxonomyField[] {
  if (kind === 'events' || kind === 'signals') return taxonomy.fields.filter((field) => EVENT_FIELDS.includes(field.name));
  const entities = ENTITIES[kind];
  return taxonomy.fields
    .filter((field) => entities.some((entity) => field.name.startsWith(`${entity}.`)))
    .sort((a, b) => entities.indexOf(entityOf(a.name)) - entities.indexOf(entityOf(b.name)));
}

export function entityOf(fieldName: string): Entity {
  return fieldName.slice(0, fieldName.indexOf('.')) as Entity;
}

/** The special targets that a file of the kind may use. */
export function specialsFor(kind: RecordKind): SpecialTarget[] {
  return [...(Object.keys(SPECIAL_HEADERS[kind]) as SpecialTarget[]), 'ignore'];
}
