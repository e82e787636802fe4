import { Controller, Get } from '@nestjs/common';
import {
  ApiOkResponse,
  ApiOperation,
  ApiServiceUnavailableResponse,
  ApiTags,
} from '@nestjs/swagger';
import { OpenToAll } from '#platform/operators/index';
import { ProblemException } from '#platform/problems';
import { DataSource } from 'typeorm';
import { z } from 'zod';

const alive = z.object({ status: z.literal('ok') }).meta({ title: 'Health' });

/** For orchestrators: is the process alive, and can it take payments now? */
@ApiTags('operations')
@OpenToAll()
@Controller()
export class HealthController {
  constructor(private readonly dataSource: DataSource) {}

  @Get('health')
  @ApiOperation({ summary: 'The process is alive' })
  @ApiOkResponse({ standardSchema: alive })
  health(): z.infer<typeof alive> {
    return { status: 'ok' };
  }

  @Get('ready')
  @ApiOperation({ summary: 'The hub can take payments' })
  @ApiOkResponse({ standardSchema: alive })
  @ApiServiceUnavailableResponse({ description: 'The database is away or has no open cycle' })
  async ready(): Promise<z.infer<typeof alive>> {
    let cycles: unknown[];
    try {
      cycles = await this.dataSource.query(
        `SELECT FROM cycles WHERE state = 'open' AND ends_at > (SELECT hub_clock()) LIMIT 1`,
      );
    } catch {
      throw unready('The database does not answer.');
    }
    if (cycles.length === 0) throw unready('There is no open clearing cycle.');
    return { status: 'ok' };
  }
}

function unready(detail: string): Error {
  return new ProblemException({
    type: 'about:blank',
    title: 'Service Unavailable',
    status: 503,
    detail,
  });
}
