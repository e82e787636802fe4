import { Global, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { systemClock } from '../clock.js';
import { HUB_IDENTITY, type HubIdentity } from '../connections/hub-identity.js';
import { PartnerHttp } from './partner-http.js';

/** The one client with which this process calls partners. */
@Global()
@Module({
  providers: [
    {
      provide: PartnerHttp,
      inject: [HUB_IDENTITY],
      // A partner checks the time of a call by its own clock, whatever time rules are played at.
      useFactory: (signer: HubIdentity) => new PartnerHttp({ signer, clock: systemClock }),
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
