import { accountResource } from './accounts.ts';
import type { Resource } from './define-resource.ts';
import { definitionResource, definitionVersionResource } from './definitions.ts';
import { guideResource } from './guide.ts';
import { playbookResource } from './playbook.ts';
import { reviewDataResource, reviewResource } from './reviews.ts';

/** Every resource of the server. */
export const resources: readonly Resource[] = [
  accountResource,
  guideResource,
  definitionResource,
  definitionVersionResource,
  playbookResource,
  reviewResource,
  reviewDataResource,
];
