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
const PLUS_TAGS: ReadonlySet<string> = new Set(
  `gmail.com icloud.com proton.me outlook.com hotmail.com live.com msn.com fastmail.com fastmail.fm yandex.ru mail.ru zoho.com zohomail.com
  posteo.de mailbox.org runbox.com hey.com tutanota.com tuta.com mailfence.com startmail.com disroot.org pobox.com rambler.ru`.split(/\s+/),
);

/** Brands whose addresses in every country obey the rules of the `.com`. */
const PLUS_TAG_BRANDS: ReadonlySet<string> = new Set(['outlook', 'hotmail', 'live']);

/**
 * The mailbox that an address stands for: without tag, dots where they do not count, the provider's main name. Of a mailbox it is the
 * mailbox again.
 * @param address as it is read: lower case, the domain in ASCII
 * @param label of its domain, what was registered: `outlook` of outlook.fr
 */
export function mailboxOf(address: string, { isFree, label }: { isFree: boolean; label: string }): string {
  const at = address.lastIndexOf('@');
  const [written, domain] = [address.slice(0, at), address.slice(at + 1)];
  const main = SAME_MAILBOX.get(domain) ?? domain;
  const plus = written.indexOf('+');
  const hasTags = !isFree || PLUS_TAGS.has(main) || PLUS_TAG_BRANDS.has(label);
  const untagged = plus > 0 && hasTags ? written.slice(0, plus) : written;
  const local = DOTS_IGNORED.has(main) ? untagged.replaceAll('.', '') : untagged.replace(/\.$/, '');
  return `${local === '' ? written : local}@${main}`;
}
