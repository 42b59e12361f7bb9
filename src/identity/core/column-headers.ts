import type { ColumnKind } from './column-kinds.ts';

/** Headers by their words, the first that fits tells. What stays unnamed is judged by its values. */
export const NAMED_HEADERS: readonly (readonly [RegExp, ColumnKind])[] = [
  // what says which records belong together, or where a record is from, is no evidence
  [
    /^(?:cluster|cluster id|true cluster|truth|label|labels|ground truth|entity|entity id|gold|match|match id|is match|group|group id|class)$/,
    'ignore',
  ],
  [/^(?:source|source dataset|source system|dataset|data source|system|record type|file|origin|lead source|table)$/, 'ignore'],
  [/\b(?:created|updated|modified|timestamp|inserted|last activity|last login|ingested|imported)\b/, 'ignore'],
  [
    /^(?:status|stage|owner|lifecycle stage|score|rating|notes?|comments?|lat|latitude|lng|lon|longitude|price|amount|revenue|fax.*)$/,
    'ignore',
  ],
  // identifiers of the person or organisation itself
  [
    /\b(?:ssn|soc sec(?: id| no| number)?|social security(?: no| number)?|national id(?: number)?|nino|passport(?: no| number)?|tax id|tin|ein|vat(?: id| no| number)?|duns(?: no| number)?|lei|siren|siret|isin|cik|npi|imo|voter reg num|voter id|driver s? ?licen[cs]e(?: no| number)?|licen[cs]e (?:no|number)|member(?:ship)? (?:no|number)|registration (?:no|number)|company (?:no|number|registration)|orcid)\b/,
    'identifier',
  ],
  [/^(?:id|record id|rec id|unique id|unique identifier|uid|uuid|guid|row id|row|key|record|record no|record number|index|no)$/, 'id'],
  [/^(?:lead|contact|person|account|customer|client|user|member|employee|patient|company|organi[sz]ation|object|vs) id$/, 'id'],
  [
    /^(?:first ?name|given ?name|fore ?name|f ?name|first|given|prenom|prénom|vorname|nombre|voornaam|nome|imię|imie|fornamn|fornavn|etunimi)$/,
    'first_name',
  ],
  [/^(?:(?:contact|person|customer|lead|owner|patient|voter) (?:first|given) ?name)$/, 'first_name'],
  [
    /^(?:last ?name|sur ?name|family ?name|l ?name|last|family|nom|nom de famille|nachname|familienname|apellidos?|primer apellido|achternaam|cognome|nazwisko|efternamn|etternavn|sukunimi)$/,
    'last_name',
  ],
  [/^(?:(?:contact|person|customer|lead|patient|voter) (?:last|family|sur) ?name)$/, 'last_name'],
  [
    /^(?:full ?name|contact(?: ?name)?|person(?: ?name)|customer ?name|lead ?name|patient ?name|voter ?name|employee ?name|first and surname|first and last name|whole name)$/,
    'full_name',
  ],
  [/^(?:middle ?(?:name|initial)?s?|midl name|name suffix|suffix|prefix|salutation|honorific|nickname)$/, 'ignore'],
  [/\b(?:e ?mail|mail|courriel|correo)\b/, 'email'],
  [/\b(?:phone|telephone|tel|mobile|cell|cellphone|msisdn|telefon|téléphone|telefono|teléfono|handy)\b/, 'phone'],
  [
    /^(?:website|web ?site|web|url|homepage|home page|domain|company domain|web domain|website url|email domain|host|company website|webseite|site)$/,
    'domain',
  ],
  [
    /^(?:company(?: ?name)?|organi[sz]ation(?: ?name)?|org|org ?name|employer(?: ?name)?|account(?: ?name)|business(?: ?name)?|firm(?: ?name)?|legal ?name|trading ?name|entity ?name|institution(?: ?name)?|restaurant(?: ?name)?|hotel(?: ?name)?|venue ?name|store ?name|shop ?name|supplier(?: ?name)?|vendor(?: ?name)?|brand ?name|firma|firmenname|unternehmen|société|societe|entreprise|raison sociale|empresa|bedrijf|azienda|conm|name)$/,
    'company',
  ],
  [
    /^(?:zip|zip ?code|post ?code|postal ?code|postcode fake|postal|plz|postleitzahl|code postal|cap|codigo postal|zip plus 4)$/,
    'postcode',
  ],
  [/\b(?:zip|zipcode|postcode|postal code)\b/, 'postcode'],
  [
    /^(?:city|town|suburb|locality|municipality|city ?name|res city(?: desc)?|hometown|village|stadt|ort|ville|ciudad|città|citta|gemeente|plaats|city desc|headquarters city|hq city)$/,
    'city',
  ],
  [/\b(?:city|town|suburb)$/, 'city'],
  [/^(?:country|country ?(?:name|code)|nation|land|pays|país|pais)$/, 'country'],
  [/\b(?:country)$/, 'country'],
  [
    /\b(?:address|addr|street|strasse|straße|adresse|direccion|dirección|indirizzo|house (?:no|number|num)|address \d|hausnummer|rue)\b/,
    'address',
  ],
  [
    /^(?:dob|d o b|birth ?date|date of birth|birth ?day|date birth|born|geburtsdatum|date de naissance|fecha de nacimiento|birth ?year|year of birth|yob|year|bday)$/,
    'date',
  ],
];
