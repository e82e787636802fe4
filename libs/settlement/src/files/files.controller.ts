import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { filePage, fileQuery, type FileQuery, type FileView } from '#contracts/operator/files';
import { keyOfCursor, pageOf, type Page } from '#contracts/operator/paging';
import { CONFIG, type Config } from '#platform/config';
import { OwnParticipant } from '#platform/operators/index';
import { problemOf } from '#platform/problems';
import {
  Controller,
  Get,
  Headers,
  HttpStatus,
  Inject,
  Param,
  Query,
  Res,
  StreamableFile,
} from '@nestjs/common';
import {
  ApiNotFoundResponse,
  ApiOkResponse,
  ApiOperation,
  ApiProduces,
  ApiResponse,
  ApiTags,
} from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { DataSource } from 'typeorm';
import { filesRootOf } from './files-root.js';
import { findStoredFile, listStoredFiles } from './stored-files.js';

const TYPES: Readonly<Record<string, string>> = {
  csv: 'text/csv; charset=utf-8',
  xml: 'application/xml; charset=utf-8',
  json: 'application/json; charset=utf-8',
};

/** A participant's clearing and settlement files: its own alone, with nothing of the other side. */
@ApiTags('participants')
@Controller('api/participants/:id/files')
export class FilesController {
  private readonly root: string;

  constructor(
    @Inject(DataSource) private readonly dataSource: DataSource,
    @Inject(CONFIG) config: Config,
  ) {
    this.root = filesRootOf(config.dataDir);
  }

  @Get()
  @OwnParticipant()
  @ApiOperation({ summary: "A participant's files, those of the newest cycle first" })
  @ApiOkResponse({ standardSchema: filePage })
  async list(
    @Param('id') id: string,
    @Query({ schema: fileQuery }) query: FileQuery,
  ): Promise<Page<FileView>> {
    const { cycle, limit } = query;
    const after = keyOfCursor(query.cursor);
    const filter = { participantId: id, cycle, after, limit: limit + 1 };
    const found = await listStoredFiles(this.dataSource.manager, filter);
    return pageOf(found, limit, ({ name }) => name);
  }

  @Get(':name')
  @OwnParticipant()
  @ApiOperation({ summary: 'One file, as it was written; its ETag is its SHA-256' })
  @ApiProduces('text/csv', 'application/xml', 'application/json')
  @ApiOkResponse({ description: 'The file', schema: { type: 'string', format: 'binary' } })
  @ApiResponse({ status: HttpStatus.NOT_MODIFIED, description: 'If-None-Match names its ETag' })
  @ApiNotFoundResponse({ description: 'The participant has no file of this name' })
  async download(
    @Param('id') id: string,
    @Param('name') name: string,
    @Headers('if-none-match') known: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<StreamableFile | undefined> {
    const file = await findStoredFile(this.dataSource.manager, id, name);
    if (file === undefined) throw noFile(id, name);
    const etag = `"${file.sha256}"`;
    void reply.header('etag', etag).header('cache-control', 'private, no-cache');
    if (known?.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag) === true) {
      void reply.status(HttpStatus.NOT_MODIFIED);
      return undefined;
    }
    // Opened before anything is answered: a file that is gone must not become half an answer.
    const handle = await open(join(this.root, file.folder, file.name)).catch(() => undefined);
    if (handle === undefined) {
      const detail = `${name} was written, but is not on the disk of this process.`;
      throw problemOf({ code: 'NOT_FOUND', detail });
    }
    const type = TYPES[name.slice(name.lastIndexOf('.') + 1)] ?? 'application/octet-stream';
    return new StreamableFile(handle.createReadStream(), {
      type,
      length: file.bytes,
      disposition: `attachment; filename="${file.name}"`,
    });
  }
}

function noFile(id: string, name: string): Error {
  const detail = `${id.slice(0, 64)} has no file ${name.slice(0, 160)}.`;
  return problemOf({ code: 'NOT_FOUND', detail });
}
