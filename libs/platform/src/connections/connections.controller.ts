import { Body, Controller, Get, Inject, Param, Put } from '@nestjs/common';
import { ApiNotFoundResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { DataSource } from 'typeorm';
import {
  connection,
  connectionRequest,
  hubKey,
  type ConnectionRequest,
  type ConnectionView,
  type HubKeyView,
} from '#contracts/operator/connections';
import type { PartnerRole } from '#contracts/partner-wire/operations';
import {
  AuditLog,
  type OperatorCaller,
  NeedsScope,
  OpenToAll,
  OwnParticipant,
  TheOperator,
} from '../operators/index.js';
import { problemOf } from '../problems.js';
import { Connections, type Connection } from './connections.js';
import { HUB_IDENTITY, type HubIdentity } from './hub-identity.js';

/** Tells which role a participant of the network plays; undefined for one that is not in it. */
export type RoleOf = (participantId: string) => PartnerRole | undefined;
export const ROLE_OF = Symbol('RoleOf');

/** Enrolment of partners: the hub's key for them, their key and address for the hub. */
@ApiTags('connections')
@Controller('api')
export class ConnectionsController {
  constructor(
    @Inject(Connections) private readonly connections: Connections,
    @Inject(DataSource) private readonly dataSource: DataSource,
    @Inject(HUB_IDENTITY) private readonly hub: HubIdentity,
    @Inject(ROLE_OF) private readonly roleOf: RoleOf | undefined,
    @Inject(AuditLog) private readonly audit: AuditLog,
  ) {}

  @Get('hub-key')
  @OpenToAll()
  @ApiOperation({ summary: "The hub's client id and public key, for partners to verify with" })
  @ApiOkResponse({ standardSchema: hubKey })
  hubKey(): HubKeyView {
    const { clientId, keyVersion, publicKeyPem } = this.hub;
    return { clientId, keyVersion, publicKeyPem };
  }

  @Get('participants/:id/connection')
  @OwnParticipant()
  @ApiOperation({ summary: 'How a participant is enrolled on the partner wire' })
  @ApiOkResponse({ standardSchema: connection })
  @ApiNotFoundResponse({ description: 'The participant is not enrolled' })
  async show(@Param('id') participantId: string): Promise<ConnectionView> {
    await this.connections.refresh(this.dataSource.manager);
    const found = this.connections.find(participantId);
    if (found === undefined) throw notEnrolled(participantId);
    return viewOf(found);
  }

  @Put('participants/:id/connection')
  @NeedsScope('network:write')
  @ApiOperation({ summary: 'Enrol a participant, or change its key or address' })
  @ApiOkResponse({ standardSchema: connection })
  async enrol(
    @TheOperator() caller: OperatorCaller,
    @Param('id') participantId: string,
    @Body({ schema: connectionRequest }) terms: ConnectionRequest,
  ): Promise<ConnectionView> {
    this.checkParticipant(participantId, terms.role);
    const before = this.connections.find(participantId);
    const outcome = await this.dataSource.transaction(async (tx) => {
      const enrolled = await this.connections.put(tx, { participantId, ...terms });
      if (enrolled.ok) {
        await this.audit.record(tx, {
          caller,
          scope: 'network:write',
          action: 'connections.enrol',
          subject: participantId,
          before: before === undefined ? null : { ...viewOf(before) },
          after: { ...viewOf(enrolled.value) },
        });
      }
      return enrolled;
    });
    if (!outcome.ok) throw problemOf(outcome.rejection);
    await this.connections.refresh(this.dataSource.manager);
    return viewOf(outcome.value);
  }

  private checkParticipant(participantId: string, role: PartnerRole): void {
    if (!/^[a-z][a-z0-9_]{1,63}$/.test(participantId)) {
      throw problemOf({
        code: 'PARAM_ILLEGAL',
        detail: 'A participant id is 2 to 64 lower-case letters, digits and underscores.',
        field: 'id',
      });
    }
    if (this.roleOf === undefined) return;
    const actual = this.roleOf(participantId);
    if (actual === undefined) {
      throw problemOf({
        code: 'NOT_FOUND',
        detail: `There is no participant ${participantId} in the network.`,
      });
    }
    if (actual !== role) {
      throw problemOf({
        code: 'PARAM_ILLEGAL',
        detail: `role must be ${actual}, which is what ${participantId} is.`,
        field: 'role',
      });
    }
  }
}

function notEnrolled(participantId: string): Error {
  return problemOf({
    code: 'NOT_FOUND',
    detail: `${participantId} is not enrolled. PUT its connection first.`,
  });
}

function viewOf(item: Connection): ConnectionView {
  const { participantId, role, clientId, baseUrl, publicKeyPem, keyVersion, updatedAtMs } = item;
  const updatedAt = new Date(updatedAtMs).toISOString();
  return { participantId, role, clientId, baseUrl, publicKeyPem, keyVersion, updatedAt };
}
