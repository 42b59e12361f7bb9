import type { Resource } from './define-resource.ts';

/** Every resource of the server. */
export const resources: readonly Resource[] = [];
