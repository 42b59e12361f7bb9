/** Mailboxes of a function, not of a person: plain local parts, without marks and digits at the end. */
export const ROLES: ReadonlySet<string> = new Set(
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
  general generalinfo main allgemein anonymous guest user users member members membership
  noemail nomail noaddress none null undefined unknown nobody notprovided notavailable notapplicable donotuse placeholder dummy sample example`
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

/** The name at its source of a person of whom it tells the address alone. */
export const byAddress = (email: string) => `email:${email}`;

/**
 * The address by which a person is told. A role address (`info@`) is nobody's, nor is one of which a person said so: people of a source
 * who share one stay as many as their ids. Named by nothing else, it is a mailbox of its own.
 * @param shared addresses that tell nobody apart, as was decided
 */
export function ownAddress(
  externalId: string | undefined,
  email: string | undefined,
  shared: ReadonlySet<string> = NOBODYS,
): string | undefined {
  const isBare = email === undefined || externalId === undefined || externalId === byAddress(email);
  return isBare || !(shared.has(email) || isRoleAddress(email.slice(0, email.lastIndexOf('@')))) ? email : undefined;
}

const NOBODYS: ReadonlySet<string> = new Set();
