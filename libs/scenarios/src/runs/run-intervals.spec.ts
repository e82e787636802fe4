// Goal: the intervals of a run are those of its replications or of its kernel, and lie where the
// figures can lie.
// Method: pretended kernels whose figures are known by arithmetic, some of them rare or near all.
import { pretendAnswers, pretendParts, pretendRequest } from '#testkit/pretend-run';
import { playRun } from './run-scenario.js';

describe('intervals of a run', () => {
  it('stay where counts, shares and indicators can be, and let results be negative', async () => {
    const parts = pretendParts({
      answer: (world, totals, watch) => {
        const answers = pretendAnswers(world, totals, watch);
        // 256 payments come in the last of four replications only.
        const isLast = answers.headlines.payments > 250;
        return {
          ...answers,
          headlines: {
            ...answers.headlines,
            prefundBreachHours: isLast ? 12 : 0,
            successPercent: isLast ? 91 : 100,
            delayIndicator: isLast ? 0.02 : 0,
            dearCorridors: isLast ? 1 : 0,
            fxResultUsd: isLast ? 12 : 0,
          },
        };
      },
    });
    const { run } = await playRun(pretendRequest(), {}, parts, '1');
    const of = (id: string) => run.headlines.find((headline) => headline.id === id)!;
    for (const id of ['prefundBreachHours', 'delayIndicator', 'successPercent', 'dearCorridors']) {
      const { mean, low, high, samplingHalfWidth } = of(id);
      expect(low).toBeGreaterThan(0);
      expect(low).toBeLessThan(mean);
      expect(high).toBeGreaterThan(mean);
      // Student's interval of the same sample would leave what is possible.
      const most = id === 'successPercent' ? 100 : Number.POSITIVE_INFINITY;
      expect(mean - samplingHalfWidth! < 0 || mean + samplingHalfWidth! > most).toBe(true);
    }
    expect(of('successPercent').high).toBeLessThan(100);
    expect(of('delayIndicator').high).toBeLessThan(1);
    // The small world has two corridors.
    expect(of('dearCorridors').high).toBeLessThan(2);
    expect(of('fxResultUsd').low).toBeLessThan(0);
  });

  it('takes chance from a kernel that draws nothing, and says where that is not known', async () => {
    let moves = 0;
    const chance = () => ({
      move: () => ++moves < 5,
      intervals: () =>
        new Map([
          ['payments', { mean: 214, halfWidth: 30, standardDeviation: 15, replications: 1 }],
        ]),
    });
    const { run } = await playRun(
      pretendRequest({ replications: 1, fidelity: 'fluid' }),
      {},
      pretendParts({ chance }),
      '1',
    );
    expect(moves).toBe(5);
    const [payments, value] = run.headlines;
    expect(payments).toMatchObject({ id: 'payments', mean: 214, samplingHalfWidth: 30 });
    // A score interval about 214: both ends in one ratio to it, near ± 30.
    expect((payments!.low * payments!.high) / 214 ** 2).toBeCloseTo(1, 9);
    expect(payments!.high - payments!.low).toBeCloseTo(60, 0);
    expect(payments).toMatchObject({ samplingLow: payments!.low, samplingHigh: payments!.high });
    expect(value).toMatchObject({ samplingHalfWidth: null, samplingLow: null, low: value!.mean });
  });

  it('leaves chance out when a person stops it half-way', async () => {
    const stop = new AbortController();
    const chance = () => ({
      move: () => {
        stop.abort();
        return true;
      },
      intervals: () => new Map(),
    });
    const { run } = await playRun(
      pretendRequest({ replications: 1, fidelity: 'fluid' }),
      { signal: stop.signal },
      pretendParts({ chance }),
      '1',
    );
    expect(run.partial).toBe(true);
    expect(run.headlines.every(({ samplingHalfWidth }) => samplingHalfWidth === null)).toBe(true);
  });
});
