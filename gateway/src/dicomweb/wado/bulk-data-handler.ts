import { findBulkData, type StoredInstance } from '@archwire/archive';
import type { RouterContext } from '@koa/router';
import type { DicomwebParts } from '../dicomweb-parts.ts';
import type { Representation } from '../http/accept.ts';
import { bufferSource, storedSource } from '../http/byte-source.ts';
import { parseMediaType } from '../http/media-type.ts';
import { negotiated } from '../http/request.ts';
import { sendBytes } from '../http/send-bytes.ts';
import { sendMultipart } from '../http/send-multipart.ts';
import { OCTET_STREAM } from './frame-media-type.ts';
import { sendFrames } from './frames-handler.ts';
import { instanceUrl, reading, resourceInstances } from './resource.ts';

type BulkParts = Pick<DicomwebParts, 'lookup' | 'reader' | 'openFrames' | 'pixels' | 'coded' | 'audit'>;

const ENCAPSULATED_DOCUMENT = '00420011';
/** Types of Encapsulated Document that a browser may be given under their own name. */
const DOCUMENT_TYPES: ReadonlySet<string> = new Set([
  'application/pdf',
  'model/stl',
  'model/mtl',
  'model/obj',
]);

/** The declared type of an encapsulated document, when it is one that may be named. */
const documentType = async (
  { reader }: BulkParts,
  instance: StoredInstance,
  path: string,
): Promise<string | undefined> => {
  if (path !== ENCAPSULATED_DOCUMENT) return undefined;
  const { dataSet } = await reader.head(instance);
  const declared = dataSet.string('x00420012')?.trim().toLowerCase();
  return declared !== undefined && DOCUMENT_TYPES.has(declared) ? declared : undefined;
};

interface BulkForm {
  readonly multipart: boolean;
  readonly type: string;
}

const offers = (types: readonly string[]): readonly Representation<BulkForm>[] => [
  ...types.map((type) => ({ essence: type, value: { multipart: false, type } })),
  ...types.map((type) => ({
    essence: 'multipart/related',
    value: { multipart: true, type },
    matches: (parameters: ReadonlyMap<string, string>) => {
      const asked = parseMediaType(parameters.get('type') ?? type)?.essence;
      return asked === type || asked === '*/*';
    },
  })),
];

/** WADO-RS bulk data (PS3.18 section 10.4.1.1.5) by the path that a BulkDataURI of our metadata ends with; ranges allowed. */
export const createBulkDataHandler =
  (parts: BulkParts) =>
  async (ctx: RouterContext): Promise<void> => {
    const path = (ctx.params['path'] ?? '').toUpperCase();
    const principal = reading(ctx, parts, 'imaging.study.viewed');
    const [instance] = await resourceInstances(ctx, parts, principal);
    const found = await findBulkData(parts.reader, instance, path);
    if (found.kind === 'frames') {
      const opened = await parts.openFrames(instance);
      const frames = Array.from({ length: opened.source.count }, (_, at) => at + 1);
      await sendFrames(ctx, parts, instance, opened, frames);
      return;
    }
    const document = await documentType(parts, instance, path);
    const types = document === undefined ? [OCTET_STREAM] : [document, OCTET_STREAM];
    const { multipart, type } = negotiated(ctx, offers(types), types);
    const source =
      found.kind === 'bytes' ? bufferSource(found.bytes) : storedSource(parts.reader, instance, [found]);
    if (!multipart) {
      await sendBytes(ctx, source, type, `"${instance.sha256}.${path.replaceAll('/', '-')}"`);
      return;
    }
    await sendMultipart(ctx, type, [
      {
        contentType: type,
        location: `${instanceUrl(instance)}/bulkdata/${path}`,
        length: source.length,
        open: async () => source,
      },
    ]);
  };
