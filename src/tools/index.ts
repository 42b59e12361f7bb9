import { analyzeIcpRefreshTool } from './analyze-icp-refresh.ts';
import { auditPlaybookTool } from './audit-playbook.ts';
import { decideMatchTool } from './decide-match.ts';
import { decideSegmentRuleTool } from './decide-segment-rule.ts';
import type { AnyTool } from './define-tool.ts';
import { disposeMqlTool } from './dispose-mql.ts';
import { enrichRecordTool } from './enrich-record.ts';
import { findPlaysTool } from './find-plays.ts';
import { freezeReviewTool } from './freeze-review.ts';
import { getAccountTool } from './get-account.ts';
import { getAccountHeatTool } from './get-account-heat.ts';
import { getAttributionTool } from './get-attribution.ts';
import { getDefinitionTool } from './get-definition.ts';
import { getMatchTool } from './get-match.ts';
import { getScoreTool } from './get-score.ts';
import { handOffLeadTool } from './hand-off-lead.ts';
import { importRecordsTool } from './import-records.ts';
import { intakeLeadTool } from './intake-lead.ts';
import { listHandoffsTool } from './list-handoffs.ts';
import { listMatchReviewsTool } from './list-match-reviews.ts';
import { logFollowUpTool } from './log-follow-up.ts';
import { matchLeadTool } from './match-lead.ts';
import { proposeDefinitionTool } from './propose-definition.ts';
import { quoteEnrichmentTool } from './quote-enrichment.ts';
import { recordEngagementTool } from './record-engagement.ts';
import { rescoreRecordsTool } from './rescore-records.ts';
import { reviewHandoffsTool } from './review-handoffs.ts';
import { reviewPerformanceTool } from './review-performance.ts';
import { scoreRecordTool } from './score-record.ts';
import { searchRecordsTool } from './search-records.ts';
import { signDefinitionTool } from './sign-definition.ts';
import { simulateRubricTool } from './simulate-rubric.ts';
import { stitchRecordsTool } from './stitch-records.ts';
import { unmergeRecordTool } from './unmerge-record.ts';
import { verifyScoreTool } from './verify-score.ts';

/** Every tool of the server, in the order of the list that clients see. */
export const tools: readonly AnyTool[] = [
  getDefinitionTool,
  proposeDefinitionTool,
  signDefinitionTool,
  searchRecordsTool,
  getAccountTool,
  getAccountHeatTool,
  importRecordsTool,
  recordEngagementTool,
  quoteEnrichmentTool,
  enrichRecordTool,
  matchLeadTool,
  getMatchTool,
  intakeLeadTool,
  stitchRecordsTool,
  listMatchReviewsTool,
  decideMatchTool,
  unmergeRecordTool,
  getScoreTool,
  verifyScoreTool,
  simulateRubricTool,
  scoreRecordTool,
  rescoreRecordsTool,
  handOffLeadTool,
  logFollowUpTool,
  disposeMqlTool,
  listHandoffsTool,
  reviewHandoffsTool,
  getAttributionTool,
  freezeReviewTool,
  analyzeIcpRefreshTool,
  reviewPerformanceTool,
  decideSegmentRuleTool,
  findPlaysTool,
  auditPlaybookTool,
];
