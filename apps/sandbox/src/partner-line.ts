import type { PartnerHttp, PartnerReply } from '#platform/partner-http/index';
import type { ExchangeLog } from './exchange-log.js';
import type { HubLink } from './hub-link.js';

/** A partner's line to the hub: signed with the partner's own key. */
export class PartnerLine {
  constructor(
    private readonly participantId: string,
    private readonly http: PartnerHttp,
    private readonly hub: HubLink,
    readonly log: ExchangeLog,
  ) {}

  async call(request: {
    readonly operation: string;
    readonly traceId: string;
    readonly body: object;
    readonly timeoutMs: number;
  }): Promise<PartnerReply> {
    const reply = await this.http.call({ ...request, endpoint: this.hub.endpoint });
    this.log.called(this.participantId, request.operation, request.traceId, reply);
    return reply;
  }
}
