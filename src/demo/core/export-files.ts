import { activityFiles, signalFile } from './export-activity.ts';
import {
  type ExportDay,
  type ExportFile,
  hubspotCompanies,
  hubspotContacts,
  salesforceAccounts,
  salesforceOpportunities,
} from './export-crm.ts';
import type { World } from './world.ts';

/** The world as its systems export it: what is there today, and a file that comes late. Systems without records have no file. */
export function exportFiles(world: World, at: ExportDay): { onTime: ExportFile[]; late: ExportFile[] } {
  const activity = activityFiles(world, at);
  const onTime = [
    salesforceAccounts(world, at),
    hubspotCompanies(world, at),
    hubspotContacts(world, at),
    salesforceOpportunities(world, at),
    ...activity.onTime,
    signalFile(world, at),
  ];
  return { onTime: onTime.filter((file) => file.rows > 0), late: activity.late.rows > 0 ? [activity.late] : [] };
}

const WEEK = 7;

/** How many events of the last week come late, by company's domain: those weigh most in its heat. */
export function lateCounts({ companies, activities }: World): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { late, company, age } of activities) {
    const domain = companies[company]?.domain;
    if (late && age < WEEK && domain !== undefined) counts.set(domain, (counts.get(domain) ?? 0) + 1);
  }
  return counts;
}
