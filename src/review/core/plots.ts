import type { IcpAnalysis } from './analysis.ts';
import { calibrationPlot } from './calibration-plot.ts';
import { liftPlot } from './lift-plot.ts';
import { tierPlot } from './tier-plot.ts';

/** The plots of a report: files that it names, or what is in them. */
export interface Plots {
  lift: string;
  calibration: string;
  tiers: string;
}

/** Each plot as SVG. Where there is nothing to draw it says so, so that none of an earlier report is left. */
export function reportPlots(analysis: IcpAnalysis): Plots {
  return { lift: liftPlot(analysis), calibration: calibrationPlot(analysis), tiers: tierPlot(analysis) };
}
