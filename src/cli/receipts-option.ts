/** Which receipts of a copy are verified: the same for every command that makes or brings back one. */
export const RECEIPTS_OPTION = [
  '--receipts <which>',
  'verify all, a sample or none of the receipts; all up to 50,000, then a sample, when left out',
  'auto',
] as const;

export type ReceiptsFlag = 'auto' | 'all' | 'sample' | 'none';
