import fc from 'fast-check';
import { MERGE_RULES } from '../../src/definitions/core/merge-policy.ts';

/** Sources of the worlds that tests make up, best first. One of them, `web`, is left out. */
const SOURCES = ['salesforce', 'list', 'hubspot'];
const FIELDS = ['account.name', 'account.industry', 'account.employees', 'account.country', 'person.name', 'person.seniority'];

/** Of a taxonomy: sources, and fields that are decided otherwise. */
export const mergePolicy = fc.record({
  sources: fc.constant(SOURCES),
  merge: fc.uniqueArray(
    fc.oneof(
      fc.record({ field: fc.constantFrom(...FIELDS), rule: fc.constantFrom(...MERGE_RULES), sources: someSources() }),
      fc.record({ field: fc.constantFrom(...FIELDS), rule: fc.constantFrom('latest', 'agreement') }),
    ),
    { selector: ({ field }) => field, minLength: 1 },
  ),
});

function someSources(): fc.Arbitrary<string[]> {
  return fc.shuffledSubarray(SOURCES, { minLength: 1 });
}
