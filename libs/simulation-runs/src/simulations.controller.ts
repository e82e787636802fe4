import {
  keyOfCursor,
  pageOf,
  pageQuerySchema,
  type Page,
  type PageQuery,
} from '#contracts/operator/paging';
import {
  simulationJob,
  simulationJobPage,
  simulationRequest,
  simulationRun,
  type SimulationJob,
  type SimulationRequest,
} from '#contracts/operator/simulations';
import { CLOCK, type Clock } from '#platform/clock';
import { ID_SOURCE, type IdSource } from '#platform/id-source';
import { AuditLog, NeedsScope, TheOperator, type OperatorCaller } from '#platform/operators/index';
import { ProblemException, problemOf } from '#platform/problems';
import { loadRunMachinery, type SimulationRun } from '#scenarios';
import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiConflictResponse,
  ApiNotFoundResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
  ApiUnprocessableEntityResponse,
} from '@nestjs/swagger';
import { DataSource } from 'typeorm';
import { AskedScenarios } from './asked-scenarios.js';
import type { AskedFault } from './asked-words.js';
import {
  cancelRun,
  findResult,
  findRun,
  insertRun,
  listRuns,
  type SimulationId,
} from './simulation-rows.js';

/** Simulations as queued jobs: ask, follow, stop, and take the result away. */
@ApiTags('simulations')
@Controller('api/simulations')
export class SimulationsController {
  constructor(
    @Inject(DataSource) private readonly dataSource: DataSource,
    @Inject(AskedScenarios) private readonly scenarios: AskedScenarios,
    @Inject(AuditLog) private readonly audit: AuditLog,
    @Inject(ID_SOURCE) private readonly ids: IdSource,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Post()
  @HttpCode(202)
  @NeedsScope('simulations:write')
  @ApiOperation({ summary: 'Ask for a simulation; the workers play it' })
  @ApiAcceptedResponse({ standardSchema: simulationJob })
  @ApiUnprocessableEntityResponse({
    description: 'The scenario is not valid; every fault is named',
  })
  async ask(
    @Body({ schema: simulationRequest }) request: SimulationRequest,
    @TheOperator() operator: OperatorCaller,
  ): Promise<SimulationJob> {
    const asked = await this.scenarios.resolve(request.scenario, request.set);
    if (!asked.ok) throw invalidScenario(asked.faults);
    const { scenario } = asked;
    if (scenario.run.untilRelativeError !== null && request.replications === undefined) {
      throw invalidScenario([UNCOUNTED]);
    }
    const { hashOfScenario } = await loadRunMachinery();
    const fidelity = request.fidelity ?? scenario.run.fidelity;
    const id: SimulationId = this.ids.next('sim_', this.clock.nowMs());
    await this.dataSource.transaction(async (tx) => {
      await insertRun(tx, {
        ...{ id, scenario, scenarioHash: hashOfScenario(scenario), seed: request.seed, fidelity },
        // The fluid kernel draws nothing: every replication would be the same.
        replications:
          fidelity === 'fluid' ? 1 : (request.replications ?? scenario.run.replications),
        assumptionDraws: request.assumptionDraws,
        askedBy: operator.person,
      });
      await this.audit.record(tx, {
        caller: operator,
        scope: 'simulations:write',
        action: 'simulation.ask',
        subject: id,
        after: { scenario: scenario.name, seed: request.seed },
      });
    });
    return this.find(id);
  }

  @Get()
  @ApiOperation({ summary: 'Simulations, newest first' })
  @ApiOkResponse({ standardSchema: simulationJobPage })
  async list(@Query({ schema: pageQuerySchema }) query: PageQuery): Promise<Page<SimulationJob>> {
    const page = { after: keyOfCursor(query.cursor), limit: query.limit + 1 };
    const jobs = await listRuns(this.dataSource.manager, page);
    return pageOf(jobs, query.limit, ({ id }) => id);
  }

  @Get(':id')
  @ApiOperation({ summary: 'How far a simulation is' })
  @ApiOkResponse({ standardSchema: simulationJob })
  @ApiNotFoundResponse({ description: 'No simulation has this id' })
  show(@Param('id') id: string): Promise<SimulationJob> {
    return this.find(id);
  }

  @Get(':id/result')
  @ApiOperation({ summary: 'What came of it: the run, as `wayfare sim run --json` prints it' })
  @ApiOkResponse({ standardSchema: simulationRun })
  @ApiNotFoundResponse({ description: 'No simulation has this id' })
  @ApiConflictResponse({ description: 'It is not done' })
  async result(@Param('id') id: string): Promise<SimulationRun> {
    const job = await this.find(id);
    const result = await findResult(this.dataSource.manager, id);
    if (result !== undefined) return result;
    throw new ProblemException({
      type: 'about:blank',
      title: 'Conflict',
      status: 409,
      detail: `${id} is ${job.state}${job.fault === null ? '' : ` (${job.fault})`}; only a simulation that is done has a result.`,
    });
  }

  @Post(':id/cancel')
  @HttpCode(200)
  @NeedsScope('simulations:write')
  @ApiOperation({ summary: 'Stop a simulation; one that has ended stays as it is' })
  @ApiOkResponse({ standardSchema: simulationJob })
  @ApiNotFoundResponse({ description: 'No simulation has this id' })
  async cancel(
    @Param('id') id: string,
    @TheOperator() operator: OperatorCaller,
  ): Promise<SimulationJob> {
    await this.find(id);
    await this.dataSource.transaction(async (tx) => {
      if (!(await cancelRun(tx, id))) return;
      await this.audit.record(tx, {
        caller: operator,
        scope: 'simulations:write',
        action: 'simulation.cancel',
        subject: id,
      });
    });
    return this.find(id);
  }

  private async find(id: string): Promise<SimulationJob> {
    const job = await findRun(this.dataSource.manager, id);
    if (job !== undefined) return job;
    throw problemOf({
      code: 'NOT_FOUND',
      detail: `There is no simulation ${id.slice(0, 80)}; ids look like sim_….`,
    });
  }
}

const UNCOUNTED: AskedFault = {
  pointer: '/run/untilRelativeError',
  message: 'a queued run plays a number of replications: give replications, or null here',
};

function invalidScenario(faults: readonly AskedFault[]): ProblemException {
  const placed = faults.map(({ pointer, message }) => ({ field: `/scenario${pointer}`, message }));
  return new ProblemException({
    type: 'urn:wayfare:problem:invalid-scenario',
    title: 'The scenario is not valid',
    status: 422,
    detail: placed.map(({ field, message }) => `${field}: ${message}`).join('\n'),
    errors: placed,
  });
}
