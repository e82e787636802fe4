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
import { IDEMPOTENCY_KEY, readIdempotencyKey } from '#platform/idempotency-key';
import { ID_SOURCE, type IdSource } from '#platform/id-source';
import { AuditLog, NeedsScope, TheOperator, type OperatorCaller } from '#platform/operators/index';
import { ProblemException, problemOf } from '#platform/problems';
import { loadRunMachinery, type SimulationRun } from '#scenarios';
import {
  Body,
  Controller,
  Get,
  Headers,
  HttpCode,
  Inject,
  Param,
  Post,
  Query,
} from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiConflictResponse,
  ApiHeader,
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
  findMarked,
  findResult,
  findRun,
  insertRun,
  listRuns,
  type RequestMark,
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
  @ApiHeader({
    name: IDEMPOTENCY_KEY,
    required: false,
    description:
      'A new one for each simulation, such as a UUID between double quotes. The same key with the ' +
      'same body is the same simulation, however often it is sent; keys are a person’s own and are ' +
      'kept as long as their simulations. Without one, every request is a simulation of its own.',
    schema: { type: 'string', maxLength: 512, example: '"8e03978e-40d5-43dd-bc93-6894a57f9324"' },
  })
  @ApiAcceptedResponse({ standardSchema: simulationJob })
  @ApiUnprocessableEntityResponse({
    description:
      'The scenario is not valid, and every fault is named; or the key came with another body before',
  })
  async ask(
    @Body({ schema: simulationRequest }) request: SimulationRequest,
    @Headers('idempotency-key') header: string | undefined,
    @TheOperator() operator: OperatorCaller,
  ): Promise<SimulationJob> {
    const mark = await markOf(request, header);
    const earlier = await this.findAsked(operator, mark);
    if (earlier !== undefined) return earlier;
    const asked = await this.scenarios.resolve(request.scenario, request.set);
    if (!asked.ok) throw invalidScenario(asked.faults);
    const { scenario } = asked;
    if (scenario.run.untilRelativeError !== null && request.replications === undefined) {
      throw invalidScenario([UNCOUNTED]);
    }
    const { hashOfScenario } = await loadRunMachinery();
    const fidelity = request.fidelity ?? scenario.run.fidelity;
    const id: SimulationId = this.ids.next('sim_', this.clock.nowMs());
    const isNew = await this.dataSource.transaction(async (tx) => {
      const stored = await insertRun(tx, {
        ...{ id, scenario, scenarioHash: hashOfScenario(scenario), seed: request.seed, fidelity },
        // The fluid kernel draws nothing: every replication would be the same.
        replications:
          fidelity === 'fluid' ? 1 : (request.replications ?? scenario.run.replications),
        assumptionDraws: request.assumptionDraws,
        ...{ askedBy: operator.person, mark },
      });
      if (!stored) return false;
      await this.audit.record(tx, {
        caller: operator,
        scope: 'simulations:write',
        action: 'simulation.ask',
        subject: id,
        after: { scenario: scenario.name, seed: request.seed },
      });
      return true;
    });
    // While this one was judged, the same request came to another process.
    const first = isNew ? undefined : await this.findAsked(operator, mark);
    return first ?? this.find(id);
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

  /** What the same person asked for with the same key before. */
  private async findAsked(
    { person }: OperatorCaller,
    mark: RequestMark | null,
  ): Promise<SimulationJob | undefined> {
    if (mark === null) return undefined;
    const marked = await findMarked(this.dataSource.manager, person, mark.key);
    if (marked === undefined) return undefined;
    if (marked.bodyHash !== mark.bodyHash) throw reusedKey(mark.key, marked.id);
    return this.find(marked.id);
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

async function markOf(
  request: SimulationRequest,
  header: string | undefined,
): Promise<RequestMark | null> {
  if (header === undefined) return null;
  const key = readIdempotencyKey(header);
  if (!key.ok) throw problemOf(key.rejection);
  const { hashOfDocument } = await loadRunMachinery();
  return { key: key.value, bodyHash: hashOfDocument(request) };
}

function reusedKey(key: string, id: SimulationId): ProblemException {
  const message =
    `${JSON.stringify(key)} came with another body before and stands for ${id}; ` +
    'send what was sent then, or ask for something else with a new key.';
  return new ProblemException({
    type: 'urn:wayfare:problem:idempotency-key-reused',
    title: 'The key belongs to another request',
    status: 422,
    detail: message,
    errors: [{ field: IDEMPOTENCY_KEY, message }],
  });
}

const UNCOUNTED: AskedFault = {
  pointer: '/run/untilRelativeError',
  message: 'a queued run plays a number of replications: give replications, or null here',
};

/** Nobody reads more of them, and a document of a megabyte can hold a hundred thousand. */
const MOST_FAULTS = 50;

function invalidScenario(faults: readonly AskedFault[]): ProblemException {
  const placed = faults
    .slice(0, MOST_FAULTS)
    .map(({ pointer, message }) => ({ field: `/scenario${pointer}`, message }));
  const lines = placed.map(({ field, message }) => `${field}: ${message}`);
  const more = faults.length - placed.length;
  return new ProblemException({
    type: 'urn:wayfare:problem:invalid-scenario',
    title: 'The scenario is not valid',
    status: 422,
    detail: [...lines, ...(more > 0 ? [`and ${String(more)} more`] : [])].join('\n'),
    errors: placed,
  });
}
