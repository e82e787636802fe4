import { OpenToAll } from '#platform/operators/index';
import { Controller, Get, Header } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import { BOARD_POLICY, boardPage } from './board-page.js';

/** The queues for the eye. The page itself holds nothing; it asks the API, with its reader's key. */
@ApiTags('operations')
@OpenToAll()
@Controller('board')
export class BoardController {
  @Get()
  @Header('content-type', 'text/html; charset=utf-8')
  @Header('content-security-policy', BOARD_POLICY)
  @Header('cache-control', 'no-store')
  @ApiProduces('text/html')
  @ApiOperation({ summary: 'The queues as a page that refreshes itself' })
  @ApiOkResponse({ description: 'A page of HTML', schema: { type: 'string' } })
  show(): string {
    return boardPage();
  }
}
