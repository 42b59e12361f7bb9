export * from './definitions.ts';
export * from './engagement.ts';
export * from './enrichment.ts';
export * from './identity.ts';
export * from './provider-limits.ts';
export * from './records.ts';
export * from './scoring.ts';
export * from './workspace.ts';
