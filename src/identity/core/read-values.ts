import { isFreeMail } from '../../records/core/free-mail.ts';
import { plain } from './placeholder.ts';

export const nameKey = (text: string): string => (isNothing(text) ? '' : plain(text));
export const companyKey = (text: string): string => (isNothing(text) ? '' : plain(text).replace(/ (?:inc|llc|ltd|gmbh|corp|sa|bv|ag|pty ltd|co)$/, ''));
export const placeKey = (text: string): string => (isNothing(text) ? '' : plain(text));
export const textKey = (text: string): string => (isNothing(text) ? '' : plain(text.slice(0, 1000)));
export const addressKey = (text: string): string => (isNothing(text) ? '' : plain(text));
export const postcodeKey = (text: string): string => (isNothing(text) ? '' : plain(text).replaceAll(' ', ''));
export const identifierKey = (text: string): string => (isNothing(text) ? '' : plain(text).replaceAll(' ', ''));
export function phoneKey(text: string): string {
  const digits = text.replace(/\D/g, '').replace(/^0+/, '');
  return digits.length < 6 ? '' : digits.slice(-10);
}
export function dateKey(text: string): string {
  const trimmed = text.trim();
  const iso = /^(\d{4})[-/.]?(\d{1,2})[-/.]?(\d{1,2})(?:\D.*)?$/.exec(trimmed);
  if (iso) return `${iso[1]}${iso[2]?.padStart(2, '0')}${iso[3]?.padStart(2, '0')}`;
  const other = /^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})(?:\D.*)?$/.exec(trimmed);
  if (other) return `${other[3]}${other[2]?.padStart(2, '0')}${other[1]?.padStart(2, '0')}`;
  return /^\d{4}$/.test(trimmed) ? `${trimmed}0000` : '';
}
export function mailParts(text: string): { local: string; domain: string } | undefined {
  const lower = text.toLowerCase();
  const at = lower.lastIndexOf('@');
  if (at < 1 || at === lower.length - 1 || lower.length > 320 || lower.includes(' ')) return undefined;
  return { local: lower.slice(0, at), domain: lower.slice(at + 1) };
}
export const isFreeDomain = (domain: string): boolean => isFreeMail(domain);
const ROLES = new Set('info sales support contact office admin hello marketing billing hr jobs service team mail enquiries webmaster postmaster'.split(' '));
export const isRoleLocal = (local: string): boolean => ROLES.has(local);
export function hostOf(text: string): string {
  return text.toLowerCase().replace(/^[a-z]+:\/\//, '').replace(/^www\./, '').replace(/[/:?#].*$/, '');
}
export function readFullName(text: string): [string, string] {
  const comma = text.indexOf(',');
  if (comma > 0) return [text.slice(comma + 1), text.slice(0, comma)];
  const words = text.trim().split(/\s+/);
  return words.length === 1 ? ['', words[0] ?? ''] : [words.slice(0, -1).join(' '), words.at(-1) ?? ''];
}
const NOTHING = new Set(['', '-', '--', 'n/a', 'na', 'null', 'none', 'nan', 'unknown', '?', '.', 'nil', 'not available', 'undefined']);
export const isNothing = (text: string): boolean => text.length < 14 && NOTHING.has(text.trim().toLowerCase());
