import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type DefinitionKind, parseDefinition, readStored } from '../../../src/definitions/core/definition.ts';
import { labelsOf } from '../../../src/definitions/core/sentence.ts';
import { summarise } from '../../../src/definitions/core/summary.ts';
import { canonicalJson, documentHash } from '../../../src/kernel/canonical-json.ts';
import { edited, yaml } from '../../support/edit-document.ts';
import { small } from '../../support/small-definitions.ts';

/** Documents as they were shipped before personas, calendars by name, models beside the one that counts and reports came in. */
const EARLIER = ['icp', 'sla', 'attribution', 'cadence'] as const;

describe('a document that was stored earlier', () => {
  it.each(EARLIER)('%s is read as it was written, under its old name', (kind) => {
    const document = yaml(readFileSync(`test/support/earlier-definitions/${kind}.yaml`, 'utf8'));
    const stored = readStored(kind, canonicalJson(document));
    expect(stored).toEqual(document);
    expect(documentHash(stored)).toBe(documentHash(document));
    expect(summarise(stored, labelsOf(undefined), []).length).toBeGreaterThan(0);
  });

  const CONTRADICTIONS: [DefinitionKind, string, unknown][] = [
    ['taxonomy', 'lead_sources.1.aliases', ['Inbound']],
    ['rubric', 'tiers.A', 101],
    ['sla', 'clocks.1', { id: 'late', label: 'Late', from: 'first_meeting', to: 'disposition', within: { days: 1 }, business: true }],
    ['attribution', 'measure', 'won_amount'],
    ['attribution', 'signed_by', ['sales']],
  ];
  it.each(CONTRADICTIONS)('and so is a %s that contradicts itself at %s, which no new one may', (kind, path, value) => {
    const document = edited(small(kind), path, value);
    expect(parseDefinition(document).ok).toBe(false);
    expect(readStored(kind, canonicalJson(document))).toEqual(document);
  });
});
