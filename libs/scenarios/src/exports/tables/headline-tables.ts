import type { HeadlineResult } from '../../runs/simulation-run.js';
import {
  maybeReal,
  maybeText,
  real,
  text,
  type Row,
  type TableDescription,
} from '../table-description.js';
import { REPLICATION } from './replication.js';

const HEADLINE = [
  text('headline', 'id of the figure; docs/metrics.md defines each'),
  text('unit', 'count, usd (major units), percent, bps, ratio, hours, ms or number'),
];

export const headlinesTable: TableDescription = {
  id: 'headlines',
  means: 'The figures a run is summed up in, with 95 % intervals.',
  oneRowPer: 'headline',
  columns: [
    ...HEADLINE,
    text('title', 'its name'),
    text('better', 'more, less or neither: which way is better'),
    real('mean', 'mean over the replications'),
    real('low', '95 % interval, chance and assumptions together: lower end'),
    real('high', 'its upper end'),
    maybeReal('sampling_half_width', 'what chance alone does; none where not known'),
    maybeReal('sampling_low', '95 % interval of chance alone: lower end'),
    maybeReal('sampling_high', 'its upper end'),
    maybeReal('assumption_below', 'what the assumptions’ ranges may take away; none if not drawn'),
    maybeReal('assumption_above', 'what they may add'),
    text('fidelity', 'kernel the mean comes from'),
    maybeText('assumption_fidelity', 'kernel the spread of assumptions comes from'),
  ],
};

export function headlineRows(headlines: readonly HeadlineResult[]): readonly Row[] {
  return headlines.map((h) => [
    h.id,
    h.unit,
    h.title,
    h.better,
    h.mean,
    h.low,
    h.high,
    h.samplingHalfWidth,
    h.samplingLow,
    h.samplingHigh,
    h.assumption?.below ?? null,
    h.assumption?.above ?? null,
    h.fidelity,
    h.assumptionFidelity,
  ]);
}

export const replicationsTable: TableDescription = {
  id: 'replications',
  means: 'Every headline of every replication: what the intervals are made of.',
  oneRowPer: 'replication and headline',
  columns: [REPLICATION, ...HEADLINE, real('value', 'the figure in that replication')],
};
