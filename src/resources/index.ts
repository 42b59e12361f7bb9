import { accountResource } from './accounts.ts';
import { guideResource } from './guide.ts';
import type { Resource } from './define-resource.ts';
import { definitionResource, definitionVersionResource } from './definitions.ts';

/** Every resource of the server. */
export const resources: readonly Resource[] = [accountResource, guideResource, definitionResource, definitionVersionResource];
