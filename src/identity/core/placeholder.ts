// stands in for the normalisers until they are merged
export function plain(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replace(/['’`]/g, '')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}
export function looksLikePeople(values: readonly string[]): boolean {
  return values.length > 0 && values.filter((value) => /^\p{L}+,? \p{L}+$/u.test(value)).length / values.length > 0.8;
}
const nick: Record<string, string> = { bill: 'william', will: 'william', bob: 'robert', rob: 'robert', liz: 'elizabeth', beth: 'elizabeth', jim: 'james', mike: 'michael', dave: 'david' };
export const nicknameRoot = (name: string): string => nick[name] ?? name;
export const areNicknames = (a: string, b: string): boolean => nicknameRoot(a) === nicknameRoot(b);
