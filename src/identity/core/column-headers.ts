import type { ColumnKind } from './column-kinds.ts';

/** Who a part of a name or a number is of, where a header says it first: `Contact First Name`. */
const WHOSE =
  '(?:(?:applicant|billing|buyer|client|contact|customer|employee|guest|lead|legal|mailing|main|member|owner|patient|person|primary|provider|student|user|voter) )?';
/** Of several alike, which: `phone 2`, `fname_c1`. */
const NTH = '(?: [a-z])?(?: \\d{1,2})?';
const WHOLE = (...words: string[]) => new RegExp(`^(?:${words.join('|')})$`);
const OF_SOMEBODY = (...words: string[]) => new RegExp(`^${WHOSE}(?:${words.join('|')})${NTH}$`);
const CONTAINS = (...words: string[]) => new RegExp(`\\b(?:${words.join('|')})\\b`);

/** Parts of a date of birth that have columns of their own. */
export const BIRTH_PARTS = {
  year: /^(?:by|yob|year of birth|(?:dob|birth|birth date|date of birth) ?(?:year|yyyy|yr|y)|(?:year|yr) ?(?:dob|birth))$/,
  month: /^(?:bm|mob|month of birth|(?:dob|birth|birth date|date of birth) ?(?:month|mm|mon|mth|m)|(?:month|mon) ?(?:dob|birth))$/,
  day: /^(?:bd|day of birth|(?:dob|birth|birth date|date of birth) ?(?:day|dd|d)|day ?(?:dob|birth))$/,
} as const;

/** Headers by their words, without accents; the first that fits tells. What stays unnamed is judged by its values. */
export const NAMED_HEADERS: readonly (readonly [RegExp, ColumnKind])[] = [
  // what says which records belong together, or where a record is from, is no evidence
  [
    WHOLE(
      'cluster(?: id)?|c ?t?id|true cluster|(?:true|gold|real) ?id|truth|labels?|ground truth|entity(?: ?id)?|gold|match(?: id)?',
      'is match|group(?: id)?|class',
    ),
    'ignore',
  ],
  [WHOLE('source|source (?:dataset|system|id)|dataset|data source|system|record type|file|origin|lead source|table'), 'ignore'],
  [CONTAINS('created?|updated|modified|timestamp|inserted|last activity|last login|ingested|imported'), 'ignore'],
  [
    WHOLE(
      'status|(?:lead|contact) status|stage|lifecycle stage|score|rating|notes?|comments?|lat|latitude|lng|lon|longitude',
      'price|amount|revenue|fax.*',
    ),
    'ignore',
  ],
  // who looks after a record is not who it is about
  [/^(?:(?:account|contact|lead|deal|opportunity|record|company) )?owner(?: (?:name|id|e ?mail|alias))?$/, 'ignore'],
  // what else is said of a document: who issued it, until when it is good
  [
    /^(?=.*\b(?:passport|licen[cs]e|national id|ssn|identity)\b).*\b(?:country|state|province|type|class|date|expiry|expires|issuer|issued|authority)$/,
    'ignore',
  ],
  // identifiers of the person or organisation itself
  [CONTAINS('linked ?in(?: url| profile)?'), 'identifier'],
  [
    CONTAINS(
      'ssn|soc sec(?: id| no| number)?|social security(?: no| number)?|national id(?: number)?|nino|nhs (?:no|number)',
      'passport(?: no| number)?|tax id|tin|ein|vat(?: id| no| number)?|duns(?: no| number)?|lei|siren|siret|isin|cik|npi|imo',
      'voter reg num|voter ?id|ncid|driver s? ?licen[cs]e(?: no| number)?|licen[cs]e (?:no|number)',
      'member(?:ship)? (?:no|number)|registration (?:no|number)|company (?:no|number|registration)|orcid|doi|isbn|gtin|ean',
      'upc|medicare (?:id|no|num|number)|medicaid (?:id|no|num|number)|health (?:card|insurance) (?:id|no|num|number)|cpf|nif|curp|bsn',
      'personal (?:administrative )?(?:no|number|code|id)|personnummer|pesel|codice fiscale|citizen id|identity (?:card|no|number)',
    ),
    'identifier',
  ],
  [
    WHOLE('id|record id|rec ?id|tid|unique id|unique identifier|uid|uuid|guid|row id|row|key|record|record no|record number|index|no'),
    'id',
  ],
  [WHOLE('(?:lead|contact|person|account|customer|client|user|member|employee|patient|company|organi[sz]ation|object|vs) id'), 'id'],
  [
    OF_SOMEBODY(
      'first ?names?|given ?names?|fore ?names?|christian name|f ?name|first|given|prenom|vorname|nombre|voornaam|nome|imie',
      'fornamn|fornavn|etunimi|名|имя|per ?name 1',
    ),
    'first_name',
  ],
  [
    OF_SOMEBODY(
      'last ?names?|sur ?names?|family ?names?|l ?name|last|family|nom|nom de famille|nachname|familienname|apellidos?',
      'primer apellido|achternaam|cognome|sobrenome|nazwisko|efternamn|etternavn|sukunimi|姓|苗字|фамилия|per ?name 2',
    ),
    'last_name',
  ],
  [
    WHOLE(
      `${WHOSE}full ?name${NTH}`,
      '(?:contact|customer|employee|lead|patient|person|student|voter) ?name|contact(?: person)?|nombre completo',
      'first and (?:sur|last ?)name|whole name|氏名|姓名|お名前|фио',
    ),
    'full_name',
  ],
  // whatever stands before it, and the other way round: `raw_inventor_name_first`
  [/(?:^| )(?:(?:first|given|fore) ?names?|name first|first nm)$/, 'first_name'],
  [/^(?!.*\b(?:maiden|birth)\b).*\b(?:(?:last|family) ?names?|surnames?|name last|last nm)$/, 'last_name'],
  [OF_SOMEBODY('middle ?(?:name|initial)?s?|midl name|(?:name )?(?:suffix|sufx)|name middle'), 'text'],
  [OF_SOMEBODY('prefix|salutation|honorific|nickname'), 'ignore'],
  [WHOLE('メール(?:アドレス)?|邮箱|电子邮件|почта|электронная почта'), 'email'],
  [WHOLE('電話(?:番号)?|携帯(?:電話)?(?:番号)?|电话|手机(?:号)?|телефон'), 'phone'],
  [WHOLE('生年月日|出生日期|дата рождения'), 'date'],
  [WHOLE('郵便番号|邮编|邮政编码|(?:почтовыи )?индекс'), 'postcode'],
  [WHOLE('住所|地址|адрес'), 'address'],
  [WHOLE('市区町村|城市|город'), 'city'],
  [WHOLE('国|国家|страна'), 'country'],
  [WHOLE('会社名?|企業名|公司(?:名称)?|компания|организация'), 'company'],
  [WHOLE('番号|编号'), 'id'],
  [CONTAINS('e ?mails?|mail|courriel|correo|epost|sahkoposti'), 'email'],
  [
    CONTAINS('phone|telephone|tel|mobile|cell|cellphone|msisdn|telefon(?:o|nummer|e)?|telefoon|handy|puhelin|contact (?:no|number)'),
    'phone',
  ],
  [
    WHOLE(
      'website|web ?site|web|url|homepage|home page|domain|(?:company|web|e ?mail) domain(?: name)?|website url|host',
      'company website|webseite|site',
    ),
    'domain',
  ],
  [
    WHOLE(
      'company(?: ?name)?|organi[sz]ation(?: ?name)?|org|org ?name|employer(?: ?name)?|account(?: ?name)|business(?: ?name)?',
      'firm(?: ?name)?|(?:company )?legal ?name|trad(?:e|ing) ?name|(?:legal )?entity ?name|registered ?name|dba(?: ?name)?',
      'institution(?: ?name)?|(?:agency|bank|clinic|facility|hospital|practice|school|university) ?name',
      'name of (?:the )?(?:business|company|firm|organi[sz]ation)|restaurant(?: ?name)?|hotel(?: ?name)?|venue ?name',
      'store ?name|shop ?name|supplier(?: ?name)?|vendor(?: ?name)?|brand ?name|firma|firmenname|unternehmen|foretag|yritys',
      'societe|entreprise|raison sociale|empresa|bedrijf|azienda|conm|name|conformed name|denominacion social|denominazione|denomination',
    ),
    'company',
  ],
  // whose name it was, or is beside it, is another matter
  [
    /^(?!(?:previous|former|old|other|alternate|parent|ultimate|owner|contact|program)\b).*\b(?:company|organi[sz]ation|business|entity|firm|site|legal|conformed) name$/,
    'company',
  ],
  [
    /^(?!(?:previous|former|old|other|alternate|parent|ultimate|owner|contact|program)\b).*\b(?:company|organi[sz]ation|employer|assignee)$/,
    'company',
  ],
  [
    WHOLE('enum ?pc|pcd|pcode|postcode fake|postal|plz|postleitzahl|cap|codigo postal|code postal|kod pocztowy|postnummer|postinumero'),
    'postcode',
  ],
  [CONTAINS('zip|zip ?code|post ?code|postal ?code|area ?code'), 'postcode'],
  [
    WHOLE(
      'city|post ?town|town|suburb|locality|municipality|city ?name|res city(?: desc)?|hometown|village|stadt|stad|ort|ville',
      'ciudad|cidade|citta|miasto|kaupunki|gemeente|plaats|city desc|(?:headquarters|hq) city',
    ),
    'city',
  ],
  [/\b(?:city|(?:post ?)?town|suburb)$/, 'city'],
  [WHOLE('country ?(?:name|code)?|country region|nation|land|pays|pais|maa'), 'country'],
  [/\bcountry$/, 'country'],
  // a place that city and postcode tell more closely, and of what kind an address is
  [/\b(?:addr|address) (?:state|province|region|county|type)$/, 'text'],
  [
    CONTAINS(
      'enum ?cap|address|(?:[a-z]+ )?(?:str(?:ee)?t )?addr|street|strasse|straße|adresse|adres|direccion|endereco|indirizzo|straat|calle|ulica',
      'osoite|(?:house|street|st|str) ?(?:no|number|num|nr|name|nm)|hausnummer|rue',
    ),
    'address',
  ],
  [WHOLE('add(?:ress)? [1-4]|(?:apt|apartment|unit|suite|flat)(?: ?(?:no|num|number|nr))?'), 'address'],
  // a part of a date of birth, or an age, tells little, and something
  [/^(?:age|b[md]|(?:dob|birth|birth date) ?(?:d|m|day|month)|(?:day|month) of birth)$/, 'text'],
  [
    WHOLE(
      '.*\\bdob|d o b|(?:.* )?birth ?date|(?:.* )?date of birth|birth ?day|date birth|born|geburts(?:datum|tag)|geboortedatum',
      'date de naissance|fecha de nacimiento|data (?:di nascita|de nascimento|urodzenia)|fodelsedatum|syntymaaika',
      '(?:birth|dob) ?year|year of birth|yob|by|year|b(?:day|date)',
    ),
    'date',
  ],
];

/** Where a person works or goods go, which is not where they live: `employer_city`. */
export const ELSEWHERE = /^(?:(?:employer|company|work|business|office|job)(?: ?place)?|shipping|delivery|temporary)\b/;
/** Where letters and bills go, which mostly is. */
export const MAILED_TO = /^(?:mail|mailing|billing|postal|legal|registered)\b/;
/** Somebody of theirs, or what they were called: `spouse_first_name`. */
export const SOMEBODY_ELSE = CONTAINS(
  'alias|aka|maiden|previous|former|old|other|alternate|spouse|husband|wife|partner|mothers?|fathers?|parents?|guardian|dependent',
  'child|sibling|emergency|kin|reference|referrer|attorney|lawyer|agent|co ?inventor|co ?author|manager|supervisor|assistant',
  'physician|doctor',
);

/** Given names after the first. */
export const MIDDLE_NAME = /^(?:(?:middle|midl|second) ?names?|m ?name|name middle|middle)$/;
/** What only people have: where a column says it, a column `name` is of people. */
export const OF_PEOPLE =
  /^(?:sex|gender(?: code)?|age|race|ethnicity|marital(?: status)?|occupation|job title|mother s? ?(?:maiden )?name)$/;
/** Of what may name records, taken only where nothing above does and each record has its own. */
export const PERHAPS_ID = /^(?:column 1|unnamed 0)$|(?:^| )(?:ids?|nr|no|num|number|code|ref|reference)$|(?:nr|nummer)$/;
/** Identifiers of people that a register of them may have as the id of its records. */
export const IDENTIFIER_OR_ID = /^(?:(?:\w+ )?voter ?id|voter reg num|ncid)$/;
