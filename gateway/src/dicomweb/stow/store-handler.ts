import { AppError, requirePermission } from '@archwire/contracts';
import type { RouterContext } from '@koa/router';
import type { DicomwebParts } from '../dicomweb-parts.ts';
import { parseMediaType } from '../http/media-type.ts';
import { negotiatedJson, pathUid, principalOf, serviceUrl } from '../http/request.ts';
import { identifyInstance } from './identify-instance.ts';
import { type MultipartEvent, parseMultipart } from './parse-multipart.ts';
import { createPartStore } from './store-part.ts';
import { storeParts } from './store-parts.ts';
import { storeResponse } from './store-response.ts';
import { storeSource } from './store-source.ts';

const DICOM = 'application/dicom';

const unsupported = (message: string): AppError =>
  new AppError('unsupported', message, {
    details: { accepted: [`multipart/related; type="${DICOM}"`, DICOM] },
  });

async function* singlePart(body: AsyncIterable<Buffer>): AsyncGenerator<MultipartEvent> {
  yield { kind: 'part', headers: new Map() };
  for await (const chunk of body) yield { kind: 'data', chunk };
  yield { kind: 'end' };
}

/** The parts of the body by its Content-Type. @throws AppError `unsupported` for forms that are not taken. */
const eventsOf = (contentType: string, body: AsyncIterable<Buffer>): AsyncIterable<MultipartEvent> => {
  const media = parseMediaType(contentType);
  if (media?.essence === DICOM) return singlePart(body);
  if (media?.essence !== 'multipart/related')
    throw unsupported('Send DICOM files as multipart/related or application/dicom.');
  const type = media.parameters.get('type');
  if (type !== undefined && parseMediaType(type)?.essence !== DICOM) {
    throw unsupported('Metadata with separate bulk data is not taken. Send whole DICOM files.');
  }
  const boundary = media.parameters.get('boundary');
  if (boundary === undefined) throw new AppError('invalid', 'The Content-Type header names no boundary.');
  return parseMultipart(body, boundary);
};

/**
 * STOW-RS (PS3.18 section 10.5): answers when everything is durable and in the index. The body is read as it comes, as fast
 * as it can be stored.
 */
export const createStoreHandler =
  ({ withTenant, ingest, audit }: Pick<DicomwebParts, 'withTenant' | 'ingest' | 'audit'>) =>
  async (ctx: RouterContext): Promise<void> => {
    const principal = principalOf(ctx);
    requirePermission(principal, 'imaging.study.store');
    const study = ctx.params['study'];
    const studyInstanceUid = study === undefined ? undefined : pathUid(study, 'The study');
    const answerType = negotiatedJson(ctx);
    if (ctx.get('Content-Encoding') !== '') throw unsupported('Send the body without Content-Encoding.');
    const body: AsyncIterable<Buffer> = ctx.req;
    const events = eventsOf(ctx.get('Content-Type'), body);
    const source = await storeSource(withTenant, principal, new Date());
    const stored = await storeParts({
      events,
      defaultType: DICOM,
      openPart: () =>
        createPartStore({ sink: ingest.beginPart10(source), identify: identifyInstance, studyInstanceUid }),
    });
    if (stored.broken !== undefined && stored.outcomes.length === 0) throw stored.broken;
    if (stored.outcomes.length === 0)
      throw new AppError('invalid', 'The request holds no part. Send at least one DICOM file.');
    const studies = new Set(
      stored.outcomes.flatMap((outcome) =>
        outcome.kind === 'stored' ? [outcome.identity.StudyInstanceUID] : [],
      ),
    );
    for (const studyUid of studies) audit.note(principal, { action: 'imaging.study.stored', studyUid });
    const response = storeResponse(stored, serviceUrl(ctx));
    ctx.status = response.status;
    ctx.set('Content-Type', answerType);
    ctx.body = JSON.stringify(response.body);
    // What follows a broken part cannot be told from the next request.
    if (stored.broken !== undefined) ctx.set('Connection', 'close');
  };
