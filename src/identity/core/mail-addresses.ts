const FIRST = 0x811c9dc5 | 0;

/** Mailboxes of a function, not of a person: plain local parts, without marks and digits at the end. */
const ROLES: ReadonlySet<string> = new Set(
  `info information infos infodesk office contact contactus contacto contato contatti contatto kontakt kontakty hello hi hallo hola bonjour hej hey
  sales sale salesteam vendas ventas vente ventes verkauf vertrieb verkoop vendite presales inquiry inquiries enquiry enquiries anfrage anfragen
  support supportteam techsupport help helpdesk service services servicedesk customerservice customercare customersupport care kundenservice kundendienst
  admin administrator administration administracion administracao amministrazione verwaltung buero buro sekretariat secretariat secretary sekretaerin
  reception rezeption empfang recepcion recepcao accueil receptie zentrale frontdesk frontoffice backoffice
  marketing mkt mktg press presse prensa imprensa media pr publicrelations communications comms kommunikation newsroom news newsletter newsletters
  hr humanresources personal rh rrhh jobs job career careers karriere bewerbung recruiting recruitment talent people work apply
  accounts accounting account accountspayable accountsreceivable ap ar billing bill bills invoice invoices invoicing rechnung rechnungen buchhaltung
  finance finanzen finanzas contabilidad comptabilite facturacion facturation factures payments payment payroll treasury einkauf purchasing procurement
  compras achats orders order bestellung bestellungen pedidos commandes shop store webshop booking bookings reservations reservation reservas
  legal compliance privacy datenschutz dpo dataprotection gdpr abuse security noc postmaster hostmaster webmaster webadmin root mailerdaemon daemon
  noreply donotreply nepasrepondre notification notifications alert alerts system robot bot mailer bounce bounces no-reply
  it edv ict itsupport dev developers developer api engineering ops operations devops test testing qa demo
  team staff all everyone company firma mail email post mailbox inbox web website online feedback subscribe unsubscribe list
  management director directors board ceo cfo cto coo gf geschaeftsleitung geschaeftsfuehrung direction direccion direzione
  partner partners partnerships partnership affiliate affiliates suppliers vendor vendors resellers distribution logistics shipping warehouse
  events event training academy school registrar admissions library research studio agency production
  returns refunds claims warranty quality safety facilities maintenance dispatch service-desk ir investors investorrelations
  general generalinfo main allgemein anonymous guest user users member members membership`
    .split(/\s+/)
    .map((role) => role.replaceAll('-', '')),
);

/** True for the local part of a role address: `info`, `sales-uk`, `support2`. */
export function isRoleAddress(local: string): boolean {
  const [first = '', ...others] = local.split(/[._+-]/).map((part) => part.replace(/\d+$/, ''));
  if (others.length > 0 && ROLES.has([first, ...others].join(''))) return true;
  // `sales.uk` is a role, `sales.smith` would be a person
  return ROLES.has(first) && others.every((part) => part.length <= 3 || ROLES.has(part));
}

/** By the low bits of a hash, 1 where a role may be meant. */
const MAY_BE_ROLE = new Uint8Array(1 << 16);
for (const role of ROLES) MAY_BE_ROLE[[...role].reduce((hash, letter) => step(hash, letter.charCodeAt(0)), FIRST) & 0xffff] = 1;

/**
 * False for a local part of which it shows at a glance that it is no role address, as most do: neither its first word nor all of its words
 * together, without figures at their ends, are one.
 */
export function mayBeRole(local: Uint8Array, length: number): boolean {
  let [hash, kept, isFirst] = [FIRST, FIRST, true];
  for (let i = 0; i < length; i += 1) {
    const byte = local[i] as number;
    if (byte >= 0x30 && byte <= 0x39) hash = step(hash, byte);
    else if (byte === 0x2e || byte === 0x5f || byte === 0x2b || byte === 0x2d) {
      if (isFirst && MAY_BE_ROLE[kept & 0xffff] === 1) return true;
      isFirst = false;
      hash = kept;
    } else {
      hash = step(hash, byte);
      kept = hash;
    }
  }
  return MAY_BE_ROLE[kept & 0xffff] === 1;
}

function step(hash: number, unit: number): number {
  const next = Math.imul(hash ^ unit, 0x01000193);
  return next ^ (next >>> 15);
}

/** Names under which one mailbox answers. */
export const SAME_MAILBOX: ReadonlyMap<string, string> = new Map([
  ['googlemail.com', 'gmail.com'],
  ['protonmail.com', 'proton.me'],
  ['protonmail.ch', 'proton.me'],
  ['pm.me', 'proton.me'],
  ['proton.ch', 'proton.me'],
  ['me.com', 'icloud.com'],
  ['mac.com', 'icloud.com'],
  ['ya.ru', 'yandex.ru'],
  ['yandex.com', 'yandex.ru'],
  ['yandex.ua', 'yandex.ru'],
  ['yandex.kz', 'yandex.ru'],
  ['yandex.by', 'yandex.ru'],
]);

/** Providers that ignore dots in the local part. */
export const DOTS_IGNORED: ReadonlySet<string> = new Set(['gmail.com']);

/** Free-mail providers that deliver `name+tag` to `name`; mail systems of companies do so too. */
export const PLUS_TAGS: ReadonlySet<string> = new Set(
  `gmail.com icloud.com proton.me outlook.com hotmail.com live.com msn.com fastmail.com fastmail.fm yandex.ru mail.ru zoho.com zohomail.com
  posteo.de mailbox.org runbox.com hey.com tutanota.com tuta.com mailfence.com startmail.com disroot.org pobox.com rambler.ru`.split(/\s+/),
);

/** Brands whose addresses in every country obey the rules of the `.com`. */
export const PLUS_TAG_BRANDS: ReadonlySet<string> = new Set(['outlook', 'hotmail', 'live']);
