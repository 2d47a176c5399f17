import type { ImportService } from '@archwire/archive';
import { importsApi } from '@archwire/contracts/api/imports';
import { bytesRoute, fullRoute, type Route } from '../api/route.ts';

/** Bringing in discs, folders and archives. */
export const importsRoutes = (imports: ImportService): readonly Route[] => [
  fullRoute(importsApi.create, async ({ principal, body }) => ({
    body: await imports.create(principal, body),
  })),
  fullRoute(importsApi.list, async ({ principal, query }) => ({
    body: await imports.list(principal, query.after),
  })),
  fullRoute(importsApi.get, async ({ principal, params }) => ({
    body: await imports.get(principal, params.id),
  })),
  fullRoute(importsApi.files, async ({ principal, params, query }) => ({
    body: await imports.files(principal, params.id, query),
  })),
  fullRoute(importsApi.studies, async ({ principal, params, query }) => ({
    body: await imports.studies(principal, params.id, query.after),
  })),
  fullRoute(importsApi.declare, async ({ principal, params, body }) => ({
    body: await imports.declare(principal, params.id, body),
  })),
  bytesRoute(importsApi.send, async ({ principal, params, query, bytes }) => ({
    body: await imports.receive(principal, {
      importId: params.id,
      fileId: params.fileId,
      offset: query.offset,
      chunks: bytes.chunks,
      length: bytes.length,
    }),
  })),
  fullRoute(importsApi.retry, async ({ principal, params }) => ({
    body: await imports.retry(principal, params.id, params.fileId),
  })),
  fullRoute(importsApi.finish, async ({ principal, params }) => ({
    body: await imports.finish(principal, params.id),
  })),
  fullRoute(importsApi.cancel, async ({ principal, params }) => ({
    body: await imports.cancel(principal, params.id),
  })),
];
