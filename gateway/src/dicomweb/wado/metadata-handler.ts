import { promisify } from 'node:util';
import { constants, gunzip, gzip } from 'node:zlib';
import { createHash } from 'node:crypto';
import { instanceMetadata, type SeriesMetadataEntry } from '@archwire/archive';
import { AppError } from '@archwire/contracts';
import type { RouterContext } from '@koa/router';
import type { DicomwebParts } from '../dicomweb-parts.ts';
import { splitList } from '../http/media-type.ts';
import { negotiatedJson } from '../http/request.ts';
import { isFresh } from '../http/send-bytes.ts';
import { askedIdentity } from './asked-identity.ts';
import { bulkDataUri } from './bulk-data-uri.ts';
import { notFound, reading, resourceInstances, resourcePath, seesRejected } from './resource.ts';

const zip = promisify(gzip);
const unzip = promisify(gunzip);

const OPEN = Buffer.from('[');
const COMMA = Buffer.from(',');
const CLOSE = Buffer.from(']');

const takesEncoding = (header: string, coding: string): boolean =>
  splitList(header).some((item) => {
    const [name = '', ...parameters] = item
      .toLowerCase()
      .split(';')
      .map((part) => part.trim());
    return name === coding && !parameters.some((parameter) => /^q=0(?:\.0*)?$/.test(parameter));
  });

/** Joins arrays of JSON without parsing them. */
const joined = (arrays: readonly Buffer[]): Buffer =>
  Buffer.concat([
    OPEN,
    ...arrays
      .map((array) => array.subarray(1, -1))
      .filter((inner) => inner.length > 0)
      .flatMap((inner, at) => (at === 0 ? [inner] : [COMMA, inner])),
    CLOSE,
  ]);

const sendJson = async (ctx: RouterContext, json: Buffer): Promise<void> => {
  if (takesEncoding(ctx.get('Accept-Encoding'), 'gzip') && json.length > 1024) {
    ctx.set('Content-Encoding', 'gzip');
    ctx.body = await zip(json, { level: constants.Z_BEST_SPEED });
  } else {
    ctx.body = json;
  }
};

const sendSeries = async (ctx: RouterContext, entries: readonly SeriesMetadataEntry[]): Promise<void> => {
  const [only] = entries;
  if (only !== undefined && entries.length === 1 && takesEncoding(ctx.get('Accept-Encoding'), 'gzip')) {
    ctx.set('Content-Encoding', 'gzip');
    ctx.body = await only.read();
    return;
  }
  const arrays: Buffer[] = [];
  for (const entry of entries) arrays.push(await unzip(await entry.read()));
  await sendJson(ctx, joined(arrays));
};

/**
 * WADO-RS metadata (PS3.18 section 10.4.1.1.2). Series and studies come from what was built once; their ETag is the revision,
 * so a client that has it is answered without reading anything.
 */
export const createMetadataHandler =
  (parts: Pick<DicomwebParts, 'lookup' | 'reader' | 'metadata' | 'audit'>) =>
  async (ctx: RouterContext): Promise<void> => {
    const contentType = negotiatedJson(ctx);
    const principal = reading(ctx, parts, 'imaging.study.viewed');
    const { study, series, instance } = resourcePath(ctx);
    ctx.vary('Accept-Encoding');
    if (instance !== undefined) {
      const [found] = await resourceInstances(ctx, parts, principal);
      const stored = askedIdentity(ctx, 'known') === 'known' ? found : { ...found, identity: null };
      if (isFresh(ctx, `W/"${stored.sha256}.${stored.identity?.since ?? 'received'}.metadata"`)) return;
      ctx.set('Content-Type', contentType);
      await sendJson(
        ctx,
        Buffer.from(JSON.stringify([await instanceMetadata(parts.reader, stored, bulkDataUri)])),
      );
      return;
    }
    if (askedIdentity(ctx, 'known') !== 'known')
      throw new AppError('invalid', 'Metadata with the identity as received is given for one instance.');
    const entries = await parts.metadata.find(principal.tenantId, { study, series }, seesRejected(principal));
    if (entries.length === 0) throw notFound();
    const versions = createHash('sha256')
      .update(entries.map(({ version }) => version).join())
      .digest('hex');
    if (isFresh(ctx, `W/"${versions.slice(0, 32)}"`)) return;
    ctx.set('Content-Type', contentType);
    await sendSeries(ctx, entries);
  };
