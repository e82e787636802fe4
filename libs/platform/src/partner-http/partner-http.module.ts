import { Global, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { CLOCK, type Clock } from '../clock.js';
import { HUB_IDENTITY, type HubIdentity } from '../connections/hub-identity.js';
import { PartnerHttp } from './partner-http.js';

/** The one client with which this process calls partners. */
@Global()
@Module({
  providers: [
    {
      provide: PartnerHttp,
      inject: [HUB_IDENTITY, CLOCK],
      useFactory: (signer: HubIdentity, clock: Clock) => new PartnerHttp({ signer, clock }),
    },
  ],
  exports: [PartnerHttp],
})
export class PartnerHttpModule implements OnApplicationShutdown {
  constructor(@Inject(PartnerHttp) private readonly http: PartnerHttp) {}

  async onApplicationShutdown(): Promise<void> {
    await this.http.close();
  }
}
