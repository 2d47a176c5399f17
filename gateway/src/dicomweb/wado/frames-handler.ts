import type { OpenFrames, StoredInstance } from '@archwire/archive';
import { AppError } from '@archwire/contracts';
import { describePixels } from '@archwire/dicom';
import type { RouterContext } from '@koa/router';
import type { DicomwebParts } from '../dicomweb-parts.ts';
import { bufferSource, type ByteSource, storedSource } from '../http/byte-source.ts';
import { negotiated, queryOf } from '../http/request.ts';
import { sendBytes } from '../http/send-bytes.ts';
import { sendMultipart } from '../http/send-multipart.ts';
import { HTJ2K_RPCL } from './coded-frames.ts';
import { EXPLICIT_LITTLE_ENDIAN, frameMediaType, OCTET_STREAM } from './frame-media-type.ts';
import { type FrameForm, frameForms } from './negotiate-frames.ts';
import { instanceUrl, reading, resourceInstances } from './resource.ts';

const MAX_FRAMES = 10_000;

/** Frame numbers from 1, as a comma-separated list. @throws AppError `invalid`. */
export const parseFrameList = (text: string): readonly number[] => {
  const frames = text.split(',').map((item) => (/^[1-9]\d{0,8}$/.test(item.trim()) ? Number(item) : 0));
  if (frames.length > MAX_FRAMES || frames.includes(0)) {
    throw new AppError('invalid', `Frames are numbers from 1, divided by commas, at most ${MAX_FRAMES}.`);
  }
  return frames;
};

type FrameParts = Pick<DicomwebParts, 'reader' | 'pixels' | 'coded'>;

/** `resolution=n`: frames at `1 / 2^n` of their size, as HTJ2K. 0 when it was not asked for. @throws AppError `invalid`. */
const askedResolution = (ctx: RouterContext): number => {
  const text = queryOf(ctx).get('resolution');
  if (text === null) return 0;
  if (!/^[1-6]$/.test(text))
    throw new AppError(
      'invalid',
      'resolution is 1 for half of the size, 2 for a quarter, and so on up to 6.',
    );
  return Number(text);
};

const frameBytes = async (
  { reader, pixels, coded }: FrameParts,
  instance: StoredInstance,
  opened: OpenFrames,
  frame: number,
  form: FrameForm & { readonly levels: number },
): Promise<ByteSource> => {
  if (form.coded && form.levels === 0 && opened.coded !== null)
    return bufferSource(await opened.coded.frame(frame));
  if (form.coded) return bufferSource(await coded.get(instance, opened, frame, form.levels));
  const { head, source } = opened;
  if (form.decoded) {
    const { samples } = await pixels.decode(describePixels(head, frame), await source.frame(frame));
    return bufferSource(new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength));
  }
  const ranges = await source.frameRanges(frame);
  return ranges === null ? bufferSource(await source.frame(frame)) : storedSource(reader, instance, ranges);
};

/** Answers with frames of an object in the form that the Accept header asks for; used for Pixel Data as bulk data too. */
export const sendFrames = async (
  ctx: RouterContext,
  parts: FrameParts,
  instance: StoredInstance,
  opened: OpenFrames,
  frames: readonly number[],
): Promise<void> => {
  const { head, source } = opened;
  const beyond = frames.find((frame) => frame > source.count);
  if (beyond !== undefined) {
    throw new AppError('not-found', `This object has frames 1 to ${source.count}.`, {
      details: { frame: beyond },
    });
  }
  const stored = source.transferSyntaxUid;
  const levels = askedResolution(ctx);
  const gray = (head.dataSet.uint16('x00280002') ?? 1) === 1;
  // Decoded colour may differ from what the metadata says of its samples; gray cannot.
  const decodable = source.encapsulated && gray && levels === 0;
  const isCoded = opened.coded !== null && levels === 0;
  const codable = isCoded || (gray && levels === 0);
  const single = frames.length === 1;
  const syntax = levels === 0 ? stored : HTJ2K_RPCL;
  const own = frameMediaType(syntax);
  const available = [
    `multipart/related; type="${own}"; transfer-syntax=${syntax}`,
    `multipart/related; type="${OCTET_STREAM}"; transfer-syntax=*`,
    ...(decodable
      ? [`multipart/related; type="${OCTET_STREAM}"; transfer-syntax=${EXPLICIT_LITTLE_ENDIAN}`]
      : []),
    ...(codable ? [`multipart/related; type="image/jphc"; transfer-syntax=${HTJ2K_RPCL}`] : []),
    ...(single ? [own] : []),
  ];
  const agreed = negotiated(ctx, frameForms(syntax, { single, decodable, codable, isCoded }), available);
  const form = { ...agreed, coded: agreed.coded || levels > 0, levels };
  const sent = form.decoded ? EXPLICIT_LITTLE_ENDIAN : form.coded ? HTJ2K_RPCL : syntax;
  const type = `${form.mediaType}; transfer-syntax=${sent}`;
  const [first] = frames;
  // A range of a multipart body means nothing: who asks for a range of one frame gets the frame by itself.
  if (first !== undefined && single && (!form.multipart || ctx.get('Range') !== '')) {
    const bytes = await frameBytes(parts, instance, opened, first, form);
    const version = form.decoded ? '.decoded' : form.coded ? `.coded-${levels}` : '';
    await sendBytes(ctx, bytes, type, `"${instance.sha256}.${first}${version}"`);
    return;
  }
  // The first frame is opened before the status is sent, so that an object without usable pixels is an error and not a cut body.
  const opening = first === undefined ? undefined : await frameBytes(parts, instance, opened, first, form);
  await sendMultipart(
    ctx,
    form.mediaType,
    frames.map((frame, at) => ({
      contentType: type,
      location: `${instanceUrl(instance)}/frames/${frame}`,
      ...(at === 0 && opening !== undefined ? { length: opening.length } : {}),
      open: async () =>
        at === 0 && opening !== undefined ? opening : await frameBytes(parts, instance, opened, frame, form),
    })),
  );
};

/** WADO-RS frames (PS3.18 section 10.4.1.1.6): stored bytes where they can be, little endian where they cannot, HTJ2K for who asks for it. */
export const createFramesHandler =
  (parts: Pick<DicomwebParts, 'lookup' | 'reader' | 'openFrames' | 'pixels' | 'coded' | 'audit'>) =>
  async (ctx: RouterContext): Promise<void> => {
    const frames = parseFrameList(ctx.params['frames'] ?? '');
    const principal = reading(ctx, parts, 'imaging.study.viewed');
    const [instance] = await resourceInstances(ctx, parts, principal);
    await sendFrames(ctx, parts, instance, await parts.openFrames(instance), frames);
  };
