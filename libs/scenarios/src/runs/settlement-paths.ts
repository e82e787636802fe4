import type { AnswerWatch } from '#simulation/answers/answers-of';

type Seen<Name extends keyof AnswerWatch> = Parameters<NonNullable<AnswerWatch[Name]>>[0];

/** What answers tell row by row of one replication, kept until its tables or its page are written. */
export class SettlementPaths implements Required<AnswerWatch> {
  readonly obligations: Seen<'onObligation'>[] = [];
  readonly liquidity: Seen<'onLiquidity'>[] = [];
  readonly exposures: Seen<'onExposure'>[] = [];

  readonly onObligation = (obligation: Seen<'onObligation'>): void => {
    this.obligations.push(obligation);
  };

  readonly onLiquidity = (day: Seen<'onLiquidity'>): void => {
    this.liquidity.push(day);
  };

  readonly onExposure = (day: Seen<'onExposure'>): void => {
    this.exposures.push(day);
  };
}
