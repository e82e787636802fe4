import { OPERATOR_AUTH } from '#platform/operators/index';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';

/** The operator API's description; the partner wire is Alipay+-style and described in docs/. */
export function openApiOf(app: NestFastifyApplication): OpenAPIObject {
  const builder = new DocumentBuilder()
    .setTitle('Wayfare operator API')
    .setDescription(
      'Payments, network, rates and operations of a Wayfare hub. Errors are RFC 9457 problem ' +
        'documents; lists page by cursor. Simulated wallets are marked and not affiliated.',
    )
    .setVersion('1')
    .setLicense('Apache-2.0', 'https://www.apache.org/licenses/LICENSE-2.0')
    .addBearerAuth({ type: 'http', scheme: 'bearer' }, OPERATOR_AUTH);
  return SwaggerModule.createDocument(app, builder.build(), {
    operationIdFactory: (controller, method) => `${controller.replace('Controller', '')}_${method}`,
  });
}

/** Serves the description at `/api/openapi.json` and for reading at `/docs`. */
export function describeApi(app: NestFastifyApplication): void {
  SwaggerModule.setup('docs', app, () => openApiOf(app), { jsonDocumentUrl: 'api/openapi.json' });
}
