import {
  createInstanceLookup,
  createOpenFrames,
  type FirstLooks,
  type Ingest,
  type InstanceReader,
  type QueryLevel,
  type SeriesMetadata,
  type Stores,
} from '@archwire/archive';
import { AppError } from '@archwire/contracts';
import type { WithTenant } from '@archwire/database';
import type { PixelPool } from '@archwire/dicom';
import { Router } from '@koa/router';
import type { DicomwebParts } from './dicomweb-parts.ts';
import { DICOMWEB_PATH, pathUid } from './http/request.ts';
import { createSearchHandler } from './qido/search-handler.ts';
import type { ReadAudit } from './read-audit.ts';
import { createStoreHandler } from './stow/store-handler.ts';
import { createBulkDataHandler } from './wado/bulk-data-handler.ts';
import { createCodedFrames } from './wado/coded-frames.ts';
import { createFirstLookHandler } from './wado/first-look-handler.ts';
import { createFramesHandler } from './wado/frames-handler.ts';
import { createMetadataHandler } from './wado/metadata-handler.ts';
import { createRenderedHandler } from './wado/rendered-handler.ts';
import { createRetrieveHandler } from './wado/retrieve-handler.ts';
import { createThumbnailHandler } from './wado/thumbnail-handler.ts';

export interface DicomwebDeps {
  readonly withTenant: WithTenant;
  readonly ingest: Pick<Ingest, 'beginPart10'>;
  /** Every store that an instance or derivative may lie in, the journal too. */
  readonly stores: Stores;
  readonly reader: InstanceReader;
  readonly firstLooks: FirstLooks;
  readonly metadata: SeriesMetadata;
  readonly pixels: Pick<PixelPool, 'decode' | 'encode' | 'render' | 'placeholder'>;
  /** Who looked at what. */
  readonly audit: ReadAudit;
}

const STUDY = '/studies/:study';
const SERIES = `${STUDY}/series/:series`;
const INSTANCE = `${SERIES}/instances/:instance`;
const FRAMES = `${INSTANCE}/frames/:frames`;

const SEARCHES: readonly (readonly [path: string, level: QueryLevel])[] = [
  ['/studies', 'study'],
  ['/series', 'series'],
  ['/instances', 'instance'],
  [`${STUDY}/series`, 'series'],
  [`${STUDY}/instances`, 'instance'],
  [`${SERIES}/instances`, 'instance'],
];

const addRoutes = (router: Router, parts: DicomwebParts): void => {
  const store = createStoreHandler(parts);
  router.post('/studies', store).post(STUDY, store);
  for (const [path, level] of SEARCHES) router.get(path, createSearchHandler(parts, level));

  const retrieve = createRetrieveHandler(parts);
  const metadata = createMetadataHandler(parts);
  const rendered = createRenderedHandler(parts);
  const thumbnail = createThumbnailHandler(parts);
  for (const path of [STUDY, SERIES, INSTANCE]) {
    router.get(path, retrieve).get(`${path}/metadata`, metadata);
    router.get(`${path}/rendered`, rendered).get(`${path}/thumbnail`, thumbnail);
  }
  router.get(`${SERIES}/first-look`, createFirstLookHandler(parts));
  router.get(FRAMES, createFramesHandler(parts));
  router.get(`${FRAMES}/rendered`, rendered).get(`${FRAMES}/thumbnail`, thumbnail);
  router.get(`${INSTANCE}/bulkdata/{*path}`, createBulkDataHandler(parts));
};

/**
 * STOW-RS, QIDO-RS and WADO-RS (PS3.18) under `/dicomweb`, which is the router's own prefix. Needs `ctx.state.principal` of
 * the authentication before it, an unread request body, and one error handler around it that answers `AppError` as JSON.
 */
export const createDicomwebRouter = (deps: DicomwebDeps): Router => {
  const { audit, withTenant, ingest, stores, reader, firstLooks, metadata, pixels } = deps;
  const router = new Router({ prefix: DICOMWEB_PATH });
  for (const name of ['study', 'series', 'instance'] as const) {
    router.param(name, async (value, _ctx, next) => {
      pathUid(value, `The ${name}`);
      return await next();
    });
  }
  addRoutes(router, {
    withTenant,
    ingest,
    stores,
    reader,
    lookup: createInstanceLookup({ withTenant }),
    pixels,
    audit,
    openFrames: createOpenFrames(reader),
    coded: createCodedFrames(pixels),
    firstLooks,
    metadata,
  });
  router.all('/{*rest}', (ctx) => {
    ctx.set('Allow', 'GET, HEAD, POST');
    if (ctx.method === 'OPTIONS') {
      ctx.status = 204;
      return;
    }
    if (ctx.method === 'GET' || ctx.method === 'HEAD') {
      throw new AppError(
        'not-found',
        'DICOMweb has no such resource here. See the conformance statement for what is offered.',
      );
    }
    throw new AppError('method-not-allowed', 'Studies are read and stored here, never changed or deleted.');
  });
  return router;
};
