// Real: HTTP, PostgreSQL, the journal and the object store on disk, pixel threads, dicomweb-client, pydicom.
import { execFileSync } from 'node:child_process';
import { gunzipSync } from 'node:zlib';
import { RECIPE } from '@archwire/archive';
import { decodeHtj2k } from '@archwire/dicom';
import { grayImage, part10 } from '@archwire/dicom/testing';
import { api } from 'dicomweb-client';
import { writeObject } from '@archwire/test-data';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { sampleObject, samplePixels, sampleUid, storeBody } from '../testing/sample-object.ts';
import { readMultipart } from '../testing/read-multipart.ts';
import { HTJ2K_RPCL } from './coded-frames.ts';
import { type RunningDicomweb, startDicomweb } from '../testing/start-dicomweb.ts';
import { FetchedXmlHttpRequest } from '../testing/xml-http-request.ts';

let server: RunningDicomweb;

const STUDY = '1.2.3.1';
const SERIES = '1.2.3.1.1';
const slices = [1, 2, 3, 4, 5].map((instance) => sampleObject({ instance, seed: instance }));
const multiframe = { series: '1.2.3.1.2', frames: 4 };
const document = writeObject({
  SOPClassUID: '1.2.840.10008.5.1.4.1.1.104.1',
  SOPInstanceUID: '1.2.3.1.3.1',
  StudyInstanceUID: STUDY,
  SeriesInstanceUID: '1.2.3.1.3',
  PatientID: 'P1',
  PatientName: 'Müller^Änne',
  PatientBirthDate: '20100517',
  Modality: 'DOC',
  SeriesNumber: 9,
  MIMETypeOfEncapsulatedDocument: 'application/pdf',
  EncapsulatedDocument: Uint8Array.from(Buffer.concat([Buffer.from('%PDF-'), Buffer.alloc(4095, 7)])).buffer,
});
const jpegLike = (frame: number): Buffer => Buffer.from([0xff, 0xd8, 0xff, frame, 1, 2, 3, 4, 0xff, 0xd9]);
const compressed = writeObject(
  {
    SOPClassUID: '1.2.840.10008.5.1.4.1.1.7.4',
    SOPInstanceUID: '1.2.3.1.4.1',
    StudyInstanceUID: STUDY,
    SeriesInstanceUID: '1.2.3.1.4',
    PatientID: 'P1',
    PatientName: 'Müller^Änne',
    PatientBirthDate: '20100517',
    Modality: 'XC',
    SeriesNumber: 10,
    Rows: 8,
    Columns: 8,
    BitsAllocated: 8,
    BitsStored: 8,
    HighBit: 7,
    PixelRepresentation: 0,
    SamplesPerPixel: 3,
    PlanarConfiguration: 0,
    PhotometricInterpretation: 'YBR_FULL_422',
    NumberOfFrames: 2,
  },
  [jpegLike(1), jpegLike(2)],
  '1.2.840.10008.1.2.4.50',
);

beforeAll(async () => {
  server = await startDicomweb();
  const objects = [...slices, sampleObject(multiframe), document, compressed];
  const { body, contentType } = storeBody(objects);
  const answer = await fetch(`${server.url}/studies`, {
    method: 'POST',
    body,
    headers: { 'Content-Type': contentType },
  });
  expect(answer.status).toBe(200);
});
afterAll(async () => {
  vi.unstubAllGlobals();
  await server.stop();
});

const instanceUrl = (series: string, instance: string): string =>
  `${server.url}/studies/${STUDY}/series/${series}/instances/${instance}`;
const slice = (): string => instanceUrl(SERIES, sampleUid({}));
const many = (): string => instanceUrl(multiframe.series, sampleUid(multiframe));
const video = (): string => instanceUrl('1.2.3.1.4', '1.2.3.1.4.1');
const get = async (url: string, accept?: string, more: Record<string, string> = {}): Promise<Response> =>
  await fetch(url, { headers: { ...(accept === undefined ? {} : { Accept: accept }), ...more } });
const bytesOf = async (response: Response): Promise<Buffer> => Buffer.from(await response.arrayBuffer());
const reasonOf = async (response: Response): Promise<unknown> => JSON.parse(await response.text());

const frame = (number: number): Buffer => samplePixels(multiframe).subarray((number - 1) * 512, number * 512);

describe('instances', () => {
  test('a study, a series and an instance come back byte for byte', async () => {
    const asked: readonly (readonly [string, number])[] = [
      [`${server.url}/studies/${STUDY}`, 8],
      [`${server.url}/studies/${STUDY}/series/${SERIES}`, 5],
      [slice(), 1],
    ];
    for (const [url, count] of asked) {
      const response = await get(url, 'multipart/related; type="application/dicom"; transfer-syntax=*');
      expect([response.status, response.headers.get('Content-Type')]).toEqual([
        200,
        expect.stringMatching(/^multipart\/related; type="application\/dicom"; boundary=archwire-/),
      ]);
      const parts = await readMultipart(response);
      expect(parts).toHaveLength(count);
      for (const [at, part] of parts.slice(0, Math.min(count, slices.length)).entries()) {
        expect(part.bytes.equals(slices[at] ?? Buffer.alloc(0))).toBe(true);
        expect(part).toMatchObject({
          type: 'application/dicom; transfer-syntax=1.2.840.10008.1.2.1',
          location: `/dicomweb/studies/${STUDY}/series/${SERIES}/instances/${sampleUid({ instance: at + 1 })}`,
          length: String(part.bytes.length),
        });
      }
    }
  });

  test('one file alone: whole, by ranges, by its ETag', async () => {
    const whole = await get(slice(), 'application/dicom');
    const [first = Buffer.alloc(0)] = slices;
    expect((await bytesOf(whole)).equals(first)).toBe(true);
    const etag = whole.headers.get('ETag') ?? '';
    expect((await get(slice(), 'application/dicom', { 'If-None-Match': etag })).status).toBe(304);
    const ranges: readonly (readonly [string, Buffer])[] = [
      ['bytes=128-131', Buffer.from('DICM')],
      ['bytes=-10', first.subarray(-10)],
      [`bytes=${first.length - 5}-`, first.subarray(-5)],
      ['bytes=0-999999999', first],
    ];
    for (const [range, expected] of ranges) {
      const response = await get(slice(), 'application/dicom', { Range: range });
      expect([range, response.status, await bytesOf(response)]).toEqual([range, 206, expected]);
    }
    const part = await get(slice(), 'application/dicom', { Range: 'bytes=128-131' });
    expect(part.headers.get('Content-Range')).toBe(`bytes 128-131/${first.length}`);
    const outside = await get(slice(), 'application/dicom', { Range: `bytes=${first.length}-` });
    expect([outside.status, outside.headers.get('Content-Range')]).toEqual([416, `bytes */${first.length}`]);
    const head = await fetch(slice(), { method: 'HEAD', headers: { Accept: 'application/dicom' } });
    expect([head.status, head.headers.get('Content-Length')]).toEqual([200, String(first.length)]);
  });

  test('what is not there in that form is 406 with what is', async () => {
    const wrong = [
      'multipart/related; type="application/dicom"; transfer-syntax=1.2.840.10008.1.2.4.90',
      'application/dicom; transfer-syntax=1.2.840.10008.1.2.4.50',
      'multipart/related; type="application/dicom+xml"',
      'image/jpeg',
      'application/dicom;q=0',
    ];
    for (const accept of wrong) {
      const response = await get(slice(), accept);
      expect([accept, response.status]).toEqual([accept, 406]);
      expect(await reasonOf(response)).toMatchObject({
        error: 'not-acceptable',
        details: { available: expect.arrayContaining(['application/dicom']) },
      });
    }
    const negotiated = await get(
      slice(),
      'image/png;q=0.9, application/dicom;q=0.5, multipart/related;q=0.1',
    );
    expect(negotiated.headers.get('Content-Type')).toBe(
      'application/dicom; transfer-syntax=1.2.840.10008.1.2.1',
    );
    expect((await get(`${slice()}?accept=application/dicom`, 'image/png')).status).toBe(200);
  });

  test('another group sees nothing, and the same nothing', async () => {
    server.as(server.other);
    const urls = ['', '/metadata', '/frames/1', '/rendered', '/thumbnail', '/bulkdata/7FE00010'].map(
      (tail) => slice() + tail,
    );
    const answers = [...urls, `${server.url}/studies/${STUDY}`, `${server.url}/studies/${STUDY}/metadata`];
    const bodies: unknown[] = [];
    for (const url of answers) {
      const response = await get(url);
      bodies.push([response.status, await reasonOf(response)]);
    }
    const search = await get(`${server.url}/studies?StudyInstanceUID=${STUDY}`);
    expect(await reasonOf(search)).toEqual([]);
    server.as(server.tenant);
    expect(new Set(bodies.map((each) => JSON.stringify(each))).size).toBe(1);
    expect(bodies[0]).toEqual([404, expect.objectContaining({ error: 'not-found' })]);
  });

  test('an instance below a series that is not its own is not found; words that are not UIDs are refused', async () => {
    expect((await get(instanceUrl(multiframe.series, sampleUid({})))).status).toBe(404);
    for (const path of [
      '/studies/abc',
      '/studies/1.2/series/..%2f',
      `/studies/${'1.'.repeat(40)}1/metadata`,
      "/studies/1.2'",
    ]) {
      const response = await get(server.url + path);
      expect([path, response.status]).toEqual([path, 400]);
    }
  });

  test('nothing is deleted or changed here', async () => {
    for (const method of ['DELETE', 'PUT', 'PATCH']) {
      for (const url of [`${server.url}/studies/${STUDY}`, slice()]) {
        const response = await fetch(url, { method });
        expect([method, response.status, response.headers.get('Allow')]).toEqual([
          method,
          405,
          'GET, HEAD, POST',
        ]);
      }
    }
    expect((await fetch(slice(), { method: 'POST' })).status).toBe(405);
    expect((await get(`${server.url}/nothing`)).status).toBe(404);
  });
});

describe('metadata', () => {
  const load = async (
    url: string,
    more: Record<string, string> = {},
  ): Promise<Record<string, { vr: string; Value?: unknown[]; BulkDataURI?: string }>[]> =>
    JSON.parse(await (await get(url, 'application/dicom+json', more)).text());

  test('of a study, a series and an instance agree', async () => {
    const study = await load(`${server.url}/studies/${STUDY}/metadata`);
    const series = await load(`${server.url}/studies/${STUDY}/series/${SERIES}/metadata`);
    const [instance] = await load(`${slice()}/metadata`);
    expect(study).toHaveLength(8);
    expect(series).toEqual(study.slice(0, 5));
    expect(instance).toEqual(series[0]);
    expect(instance?.['00100010']).toEqual({ vr: 'PN', Value: [{ Alphabetic: 'Müller^Änne' }] });
    expect(instance?.['7FE00010']).toEqual({
      vr: 'OW',
      BulkDataURI: `/dicomweb/studies/${STUDY}/series/${SERIES}/instances/${sampleUid({})}/bulkdata/7FE00010`,
    });
  });

  test('is stored once, by one build for many requests, and built again when an instance comes', async () => {
    const series = '1.2.3.2.1';
    const send = async (instance: number): Promise<void> => {
      const { body, contentType } = storeBody([sampleObject({ study: '1.2.3.2', series, instance })]);
      await fetch(`${server.url}/studies`, {
        method: 'POST',
        body,
        headers: { 'Content-Type': contentType },
      });
    };
    const row = async (): Promise<unknown> =>
      (
        await server.database.owner(
          'select metadata_revision = revision as current, metadata_key as key from series where series_uid = $1',
          [series],
        )
      )[0];
    await send(1);
    const puts = vi.spyOn(server.store, 'put');
    const url = `${server.url}/studies/1.2.3.2/series/${series}/metadata`;
    const all = await Promise.all(Array.from({ length: 8 }, async () => await load(url)));
    expect(new Set(all.map((each) => JSON.stringify(each))).size).toBe(1);
    expect(puts).toHaveBeenCalledTimes(1);
    const first = await row();
    expect(first).toMatchObject({ current: true });
    await load(url);
    expect(puts).toHaveBeenCalledTimes(1);
    const etag = (await get(url)).headers.get('ETag') ?? '';
    expect((await get(url, undefined, { 'If-None-Match': etag })).status).toBe(304);
    await send(2);
    expect((await get(url, undefined, { 'If-None-Match': etag })).status).toBe(200);
    expect(await load(url)).toHaveLength(2);
    expect(puts).toHaveBeenCalledTimes(2);
    puts.mockRestore();
    const [old] = [first].map((each) =>
      typeof each === 'object' && each !== null && 'key' in each ? String(each.key) : '',
    );
    expect(await server.store.head(old ?? '')).toBeUndefined();
  });

  test('is there before anybody asks when the series has settled, and is not built a second time', async () => {
    const series = '1.2.3.5.1';
    const { body, contentType } = storeBody([sampleObject({ study: '1.2.3.5', series })]);
    await fetch(`${server.url}/studies`, { method: 'POST', body, headers: { 'Content-Type': contentType } });
    const { tenantId } = server.tenant;
    const row = async () => {
      const [found] = await server.database.owner<{ id: string; key: string | null }>(
        'select id, metadata_key as key from series where series_uid = $1',
        [series],
      );
      return { id: found?.id ?? '', key: found?.key ?? null };
    };
    const { id } = await row();
    const settledBefore = server.settled.length;
    await server.archive.settler.settleSeries(tenantId, id);
    await server.archive.settler.settleSeries(tenantId, id);
    expect(server.settled.slice(settledBefore)).toEqual([{ tenantId, seriesId: id }]);
    const puts = vi.spyOn(server.store, 'put');
    await server.metadata.prepare(tenantId, id);
    await server.metadata.prepare(tenantId, id);
    await server.metadata.prepare(server.other.tenantId, id);
    expect((await row()).key).not.toBe(null);
    expect(await load(`${server.url}/studies/1.2.3.5/series/${series}/metadata`)).toHaveLength(1);
    expect(puts).toHaveBeenCalledTimes(1);
    puts.mockRestore();
  });

  test('a stored blob that is lost is built again', async () => {
    const url = `${server.url}/studies/${STUDY}/series/${SERIES}/metadata`;
    const before = await load(url);
    const [row] = await server.database.owner<{ key: string }>(
      'select metadata_key as key from series where series_uid = $1',
      [SERIES],
    );
    await server.store.delete(row?.key ?? '');
    expect(await load(url)).toEqual(before);
  });

  test('goes out as stored to who takes gzip, plain to others', async () => {
    const { request } = await import('node:http');
    const raw = async (encoding: string): Promise<{ encoding: string | undefined; bytes: Buffer }> =>
      await new Promise((resolve, reject) => {
        request(
          `${server.url}/studies/${STUDY}/series/${SERIES}/metadata`,
          { headers: encoding === '' ? {} : { 'Accept-Encoding': encoding } },
          (response) => {
            const chunks: Buffer[] = [];
            response.on('data', (chunk: Buffer) => chunks.push(chunk));
            response.on('end', () =>
              resolve({ encoding: response.headers['content-encoding'], bytes: Buffer.concat(chunks) }),
            );
          },
        )
          .on('error', reject)
          .end();
      });
    const plain = await raw('');
    const refused = await raw('gzip;q=0, br');
    const zipped = await raw('gzip, deflate, br, zstd');
    expect([plain.encoding, refused.encoding, zipped.encoding]).toEqual([undefined, undefined, 'gzip']);
    const [row] = await server.database.owner<{ key: string }>(
      'select metadata_key as key from series where series_uid = $1',
      [SERIES],
    );
    expect((await server.store.read(row?.key ?? '')).equals(zipped.bytes)).toBe(true);
    expect(gunzipSync(zipped.bytes).equals(plain.bytes)).toBe(true);
    expect((await get(`${slice()}/metadata`, 'multipart/related; type="application/dicom+xml"')).status).toBe(
      406,
    );
  });
});

describe('frames', () => {
  const OCTETS = 'multipart/related; type="application/octet-stream"; transfer-syntax=*';

  test('in the order asked for, as the viewer asks', async () => {
    const response = await get(
      `${many()}/frames/3,1,4`,
      'multipart/related; type=application/octet-stream; transfer-syntax=*',
    );
    const parts = await readMultipart(response);
    expect(parts.map(({ bytes }) => bytes)).toEqual([frame(3), frame(1), frame(4)]);
    const one = await get(
      `${many()}/frames/2`,
      'multipart/related; type="application/octet-stream"; transfer-syntax="*"',
    );
    expect(one.headers.get('Content-Length')).toBe(String((await bytesOf(one.clone())).length));
    expect((await readMultipart(one)).map(({ bytes }) => bytes)).toEqual([frame(2)]);
    expect(parts[0]).toMatchObject({
      type: 'application/octet-stream; transfer-syntax=1.2.840.10008.1.2.1',
      location: `/dicomweb/studies/${STUDY}/series/${multiframe.series}/instances/${sampleUid(multiframe)}/frames/3`,
    });
  });

  test('compressed frames under their own name or as octets, and never as what they are not', async () => {
    const asked: readonly (readonly [string, string])[] = [
      ['multipart/related; type="image/jpeg"', 'image/jpeg; transfer-syntax=1.2.840.10008.1.2.4.50'],
      ['*/*', 'image/jpeg; transfer-syntax=1.2.840.10008.1.2.4.50'],
      [OCTETS, 'application/octet-stream; transfer-syntax=1.2.840.10008.1.2.4.50'],
      [
        'multipart/related; type="image/*"; transfer-syntax=1.2.840.10008.1.2.4.50',
        'image/jpeg; transfer-syntax=1.2.840.10008.1.2.4.50',
      ],
    ];
    for (const [accept, type] of asked) {
      const parts = await readMultipart(await get(`${video()}/frames/1,2`, accept));
      expect(parts.map((part) => [part.type, part.bytes])).toEqual([
        [type, jpegLike(1)],
        [type, jpegLike(2)],
      ]);
    }
    for (const accept of [
      'multipart/related; type="image/jls"',
      'multipart/related; type="application/octet-stream"',
      'image/jpeg',
    ]) {
      expect([accept, (await get(`${video()}/frames/1,2`, accept)).status]).toEqual([accept, 406]);
    }
  });

  test('one frame by itself, and ranges of it', async () => {
    const single = await get(`${many()}/frames/2`, 'application/octet-stream');
    expect([single.headers.get('Content-Type'), await bytesOf(single)]).toEqual([
      'application/octet-stream; transfer-syntax=1.2.840.10008.1.2.1',
      frame(2),
    ]);
    const range = await get(`${many()}/frames/2`, OCTETS, { Range: 'bytes=100-199' });
    expect([range.status, range.headers.get('Content-Range'), await bytesOf(range)]).toEqual([
      206,
      'bytes 100-199/512',
      frame(2).subarray(100, 200),
    ]);
    expect((await get(`${many()}/frames/2`, OCTETS, { Range: 'bytes=512-' })).status).toBe(416);
  });

  test('in HTJ2K for who asks for it, whole, in ranges, and at lower resolutions', async () => {
    const gray = { samplesPerPixel: 1, bitsAllocated: 16, bitsStored: 12, signed: false };
    const coded = 'multipart/related; type="image/jphc"';
    const parts = await readMultipart(await get(`${many()}/frames/2,3`, coded));
    expect(parts.map(({ type }) => type)).toEqual(Array(2).fill(`image/jphc; transfer-syntax=${HTJ2K_RPCL}`));
    const [second, third] = parts.map(({ bytes }) => bytes);
    const whole = { ...gray, rows: 16, columns: 16 };
    expect(await decodeHtj2k(second ?? Buffer.alloc(0), whole)).toEqual(frame(2));
    expect(await decodeHtj2k(third ?? Buffer.alloc(0), whole)).toEqual(frame(3));

    const single = await get(`${many()}/frames/2`, 'image/jphc');
    expect(await bytesOf(single)).toEqual(second);
    const range = await get(`${many()}/frames/2`, coded, { Range: 'bytes=10-19' });
    expect([range.status, range.headers.get('Content-Type'), await bytesOf(range)]).toEqual([
      206,
      `image/jphc; transfer-syntax=${HTJ2K_RPCL}`,
      second?.subarray(10, 20),
    ]);
    const tag = single.headers.get('ETag') ?? '';
    expect((await get(`${many()}/frames/2`, 'image/jphc', { 'If-None-Match': tag })).status).toBe(304);

    // As the viewer asks: whatever transfer syntax there is.
    const half = await readMultipart(await get(`${many()}/frames/2?resolution=1`, OCTETS));
    expect(half.map(({ type }) => type)).toEqual([`application/octet-stream; transfer-syntax=${HTJ2K_RPCL}`]);
    const small = await decodeHtj2k(half[0]?.bytes ?? Buffer.alloc(0), { ...gray, rows: 8, columns: 8 });
    const pixel = (x: number, y: number): number => frame(2).readUInt16LE((y * 16 + x) * 2);
    expect(small.readUInt16LE(0)).toBe(
      Math.round((pixel(0, 0) + pixel(1, 0) + pixel(0, 1) + pixel(1, 1)) / 4),
    );
    for (const words of ['0', '7', 'half'])
      expect([words, (await get(`${many()}/frames/2?resolution=${words}`, OCTETS)).status]).toEqual([
        words,
        400,
      ]);
    expect((await get(`${video()}/frames/1?resolution=1`, 'image/jphc')).status).toBeGreaterThanOrEqual(400);
  });

  test('frames that are not there and words that are not frames', async () => {
    expect((await get(`${many()}/frames/5`, OCTETS)).status).toBe(404);
    expect((await get(`${instanceUrl('1.2.3.1.3', '1.2.3.1.3.1')}/frames/1`, OCTETS)).status).toBe(404);
    for (const list of ['0', '-1', 'a', '1,,2', '1.5']) {
      expect([list, (await get(`${many()}/frames/${list}`, OCTETS)).status]).toEqual([list, 400]);
    }
  });
});

describe('bulk data', () => {
  const url = (): string => `${instanceUrl('1.2.3.1.3', '1.2.3.1.3.1')}/bulkdata/00420011`;

  test('a document by the URI of its metadata, whole, by range, as what it is', async () => {
    const [metadata] = JSON.parse(
      await (await get(`${instanceUrl('1.2.3.1.3', '1.2.3.1.3.1')}/metadata`)).text(),
    );
    const resolved = new URL(metadata['00420011'].BulkDataURI, `${server.url}/studies/x/metadata`).href;
    expect(resolved).toBe(url());
    const whole = await bytesOf(await get(resolved, 'application/octet-stream'));
    expect(whole).toEqual(Buffer.concat([Buffer.from('%PDF-'), Buffer.alloc(4095, 7)]));
    const range = await get(resolved, 'application/octet-stream', { Range: 'bytes=0-4' });
    expect([range.status, (await bytesOf(range)).toString()]).toEqual([206, '%PDF-']);
    expect((await get(`${resolved}?accept=application/pdf`)).headers.get('Content-Type')).toBe(
      'application/pdf',
    );
    const [part] = await readMultipart(
      await get(resolved, 'multipart/related; type="application/octet-stream"'),
    );
    expect(part?.bytes).toEqual(whole);
  });

  test('Pixel Data: native whole, compressed as its frames', async () => {
    const native = await get(`${many()}/bulkdata/7FE00010`, 'application/octet-stream');
    expect(await bytesOf(native)).toEqual(samplePixels(multiframe));
    const parts = await readMultipart(await get(`${video()}/bulkdata/7FE00010`));
    expect(parts.map(({ bytes }) => bytes)).toEqual([jpegLike(1), jpegLike(2)]);
  });

  test('what the object does not have', async () => {
    for (const path of ['00420012/0/00080060', 'FFFFFFFF', '0042', 'x']) {
      expect([
        path,
        (await get(`${instanceUrl('1.2.3.1.3', '1.2.3.1.3.1')}/bulkdata/${path}`)).status,
      ]).toEqual([path, 404]);
    }
  });
});

describe('rendered and thumbnail', () => {
  test('JPEG by itself, PNG when asked, in the size asked for', async () => {
    const jpeg = await get(`${slice()}/rendered?viewport=64,64&window=2048,4096,linear&quality=80`);
    expect([jpeg.status, jpeg.headers.get('Content-Type')]).toEqual([200, 'image/jpeg']);
    expect((await bytesOf(jpeg)).subarray(0, 3)).toEqual(Buffer.from([0xff, 0xd8, 0xff]));
    const png = await bytesOf(await get(`${many()}/frames/2/rendered?accept=image/png`, 'image/jpeg'));
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([16, 16]);
    expect((await get(`${server.url}/studies/${STUDY}/series/${SERIES}/rendered`)).status).toBe(200);
    expect((await get(`${server.url}/studies/${STUDY}/rendered`)).status).toBe(200);
  });

  test('all frames of an object, and all objects of a series, come one after the other as multipart', async () => {
    const accept = 'multipart/related; type="image/png"';
    const all = await readMultipart(await get(`${many()}/rendered?window=2048,4096`, accept));
    expect(all.map(({ type, location }) => [type, location])).toEqual(
      [1, 2, 3, 4].map((n) => ['image/png', `${new URL(many()).pathname}/frames/${n}/rendered`]),
    );
    expect(new Set(all.map(({ bytes }) => bytes.toString('hex'))).size).toBe(4);
    const some = await readMultipart(await get(`${many()}/frames/4,2/rendered?window=2048,4096`, accept));
    expect(some.map(({ bytes }) => bytes)).toEqual([all[3]?.bytes, all[1]?.bytes]);
    const series = await readMultipart(
      await get(`${server.url}/studies/${STUDY}/series/${SERIES}/rendered`, accept),
    );
    expect(series.map(({ location }) => location)).toEqual(
      slices.map(
        (_, at) =>
          `${new URL(instanceUrl(SERIES, sampleUid({ instance: at + 1 }))).pathname}/frames/1/rendered`,
      ),
    );
    const again = await get(`${slice()}/rendered`);
    const tag = again.headers.get('ETag') ?? '';
    expect((await get(`${slice()}/rendered`, undefined, { 'If-None-Match': tag })).status).toBe(304);
    expect((await get(`${slice()}/rendered?quality=50`, undefined, { 'If-None-Match': tag })).status).toBe(
      200,
    );
  });

  test('annotations are burnt in, those that are asked for where they belong', async () => {
    const levels = async (query: string) => {
      const png = await bytesOf(
        await get(`${slice()}/rendered?viewport=240,240&window=1,1&${query}`, 'image/png'),
      );
      const { data } = await sharp(png).toColourspace('b-w').raw().toBuffer({ resolveWithObject: true });
      // Everything is white: the dark rim of the letters shows.
      const dark = (from: number, to: number) =>
        data.subarray(from * 240, to * 240).some((level) => level < 200);
      return [dark(3, 40), dark(200, 240)];
    };
    expect(await levels('annotation=patient')).toEqual([true, false]);
    expect(await levels('annotation=technique')).toEqual([false, true]);
    expect(await levels('annotation=technique,patient')).toEqual([true, true]);
    expect(await levels('quality=90')).toEqual([false, false]);
  });

  test('a presentation state shows the images that it is for, as it wants them seen', async () => {
    const reference = (series: string, instance: string, frames?: number[]) => ({
      SeriesInstanceUID: series,
      ReferencedImageSequence: [
        {
          ReferencedSOPClassUID: '1.2.840.10008.5.1.4.1.1.2',
          ReferencedSOPInstanceUID: instance,
          ...(frames === undefined ? {} : { ReferencedFrameNumber: frames }),
        },
      ],
    });
    const state = (uid: string, references: object[]) =>
      writeObject({
        SOPClassUID: '1.2.840.10008.5.1.4.1.1.11.1',
        SOPInstanceUID: uid,
        StudyInstanceUID: STUDY,
        SeriesInstanceUID: '1.2.3.1.5',
        PatientID: 'P1',
        PatientName: 'Müller^Änne',
        PatientBirthDate: '20100517',
        Modality: 'PR',
        SeriesNumber: 11,
        ReferencedSeriesSequence: references,
        ImageRotation: 90,
        ImageHorizontalFlip: 'N',
        PresentationLUTShape: 'INVERSE',
        DisplayedAreaSelectionSequence: [
          {
            DisplayedAreaTopLeftHandCorner: [1, 1],
            DisplayedAreaBottomRightHandCorner: [16, 8],
            PresentationSizeMode: 'SCALE TO FIT',
            PresentationPixelAspectRatio: [1, 1],
          },
        ],
      });
    const { body, contentType } = storeBody([
      state('1.2.3.1.5.1', [
        reference(SERIES, sampleUid({})),
        reference(multiframe.series, sampleUid(multiframe), [2, 3]),
      ]),
      state('1.2.3.1.5.2', [reference('1.2.3.99', '1.2.3.99.1')]),
    ]);
    const stored = await fetch(`${server.url}/studies`, {
      method: 'POST',
      body,
      headers: { 'Content-Type': contentType },
    });
    expect(stored.status).toBe(200);
    const url = instanceUrl('1.2.3.1.5', '1.2.3.1.5.1');
    const one = await get(`${url}/rendered`, 'image/png');
    const { data, info } = await sharp(await bytesOf(one))
      .toColourspace('b-w')
      .raw()
      .toBuffer({ resolveWithObject: true });
    expect([one.status, info.width, info.height]).toEqual([200, 8, 16]);
    // Turned by 90°, the left top pixel is the left bottom one of the area: row 8, column 1; inverted over all 12 bits.
    expect(
      Math.abs(
        (data[0] ?? -1) - Math.round(255 * (1 - samplePixels({ seed: 1 }).readUInt16LE(7 * 16 * 2) / 4095)),
      ),
    ).toBeLessThanOrEqual(1);
    const all = await readMultipart(await get(`${url}/rendered`, 'multipart/related; type="image/jpeg"'));
    expect(all.map(({ location }) => location)).toEqual(
      Array.from({ length: 3 }, () => `${new URL(url).pathname}/rendered`),
    );
    const thumbnail = await get(`${url}/thumbnail`);
    expect([thumbnail.status, thumbnail.headers.get('X-Archwire-Placeholder')]).toEqual([200, null]);
    expect((await get(`${server.url}/studies/${STUDY}/series/1.2.3.1.5/rendered`)).status).toBe(200);
    const lost = await get(`${instanceUrl('1.2.3.1.5', '1.2.3.1.5.2')}/rendered`);
    expect([lost.status, await reasonOf(lost)]).toEqual([
      404,
      expect.objectContaining({
        message: 'None of the images that this presentation state is for is stored here.',
      }),
    ]);
  });

  test('forms and parameters that are not offered say so', async () => {
    const refused: readonly (readonly [string, string | undefined, number])[] = [
      ['/rendered', 'image/tiff', 406],
      ['/rendered', 'application/pdf', 406],
      ['/rendered?viewport=0,5', undefined, 400],
      ['/rendered?viewport=a', undefined, 400],
      ['/rendered?window=1,0', undefined, 400],
      ['/rendered?window=1,2,cubic', undefined, 400],
      ['/rendered?quality=101', undefined, 400],
      ['/frames/2/rendered', undefined, 404],
      ['/frames/1,2/rendered', undefined, 404],
      ['/frames/1,1/rendered', 'image/jpeg', 406],
      ['/frames/1,1/thumbnail', undefined, 406],
      ['/rendered', 'multipart/related; type="image/gif", image/tiff', 200],
      ['/rendered', 'multipart/related; type="image/tiff"', 406],
      ['/rendered?annotation=everything', undefined, 400],
      ['/rendered?iccprofile=adobergb', undefined, 400],
      ['/rendered?iccprofile=yes&accept=image/gif', undefined, 400],
      ['/rendered?viewport=10,10,500,0,5,5', undefined, 400],
      ['/rendered?viewport=10,10,1,2,3', undefined, 400],
      ['/rendered?viewport=10,10,,,,', undefined, 200],
    ];
    for (const [tail, accept, status] of refused) {
      expect([tail, (await get(slice() + tail, accept)).status]).toEqual([tail, status]);
    }
  });

  test('an image that cannot be decoded is never a black picture', async () => {
    const rendered = await get(`${video()}/rendered`);
    expect([rendered.status, await reasonOf(rendered)]).toEqual([
      406,
      expect.objectContaining({ error: 'not-acceptable' }),
    ]);
    const thumbnail = await get(`${video()}/thumbnail?viewport=256,256`);
    expect([thumbnail.status, thumbnail.headers.get('X-Archwire-Placeholder')]).toEqual([200, 'damaged']);
    const none = await get(`${instanceUrl('1.2.3.1.3', '1.2.3.1.3.1')}/thumbnail`);
    expect([none.status, none.headers.get('X-Archwire-Placeholder')]).toEqual([200, 'no-picture']);
  });

  test('the image as it is, is the display image that was made of it; anything else is rendered', async () => {
    const url = instanceUrl(SERIES, sampleUid({ instance: 2 }));
    const rendered = await bytesOf(await get(`${url}/rendered`));
    await server.store.put('t/display.jpg', Buffer.from('made before'));
    const make = async (recipe: number, adjustment: number): Promise<void> => {
      await server.database.owner(
        `insert into derivative (tenant_id, instance_id, kind, store, key, "offset", length, media_type, width, height, recipe, adjustment)
         select tenant_id, id, 'display', 'archive', 't/display.jpg', 0, 11, 'image/jpeg', 16, 16, $2, $3 from instance where sop_uid = $1
         on conflict (tenant_id, instance_id, kind) do update set recipe = excluded.recipe, adjustment = excluded.adjustment`,
        [sampleUid({ instance: 2 }), recipe, adjustment],
      );
    };
    const bodyOf = async (query: string, accept?: string): Promise<Buffer> =>
      await bytesOf(await get(`${url}/${query}`, accept));
    await make(RECIPE, 0);
    const answer = await get(`${url}/rendered`);
    const tag = answer.headers.get('ETag') ?? '';
    expect([answer.headers.get('Content-Type'), (await bytesOf(answer)).toString()]).toEqual([
      'image/jpeg',
      'made before',
    ]);
    expect((await get(`${url}/rendered`, undefined, { 'If-None-Match': tag })).status).toBe(304);
    expect((await bodyOf('frames/1/rendered')).toString()).toBe('made before');
    for (const query of ['rendered?quality=80', 'rendered?window=1000,2000,linear', 'rendered?viewport=8,8'])
      expect([query, (await bodyOf(query)).subarray(0, 2).toString('hex')]).toEqual([query, 'ffd8']);
    expect((await bodyOf('rendered', 'image/png')).subarray(1, 4).toString()).toBe('PNG');
    // Turned for a page, or made by an older recipe.
    await make(RECIPE, 1);
    expect(await bodyOf('rendered')).toEqual(rendered);
    await make(RECIPE - 1, 0);
    expect(await bodyOf('rendered')).toEqual(rendered);
    await make(RECIPE + 3000, 0);
    expect((await bodyOf('rendered')).toString()).toBe('made before');
  });

  test('a claim of two thousand million frames, or of none, is no more than a claim', async () => {
    const claims = [2_000_000_000, 0].map((NumberOfFrames, at) =>
      sampleObject({ study: '1.2.3.6', series: `1.2.3.6.${at + 1}`, more: { NumberOfFrames } }),
    );
    const { body, contentType } = storeBody(claims);
    await fetch(`${server.url}/studies`, { method: 'POST', body, headers: { 'Content-Type': contentType } });
    const all = 'multipart/related; type="image/jpeg"';
    const series = (at: number): string => `${server.url}/studies/1.2.3.6/series/1.2.3.6.${at}/rendered`;
    expect((await get(series(1), all)).status).toBe(413);
    // The middle one of them, which stands for the object, is not there.
    expect((await get(series(1))).status).toBe(406);
    expect(await readMultipart(await get(series(2), all))).toHaveLength(1);
    expect((await get(series(2))).status).toBe(200);
  });

  test('a thumbnail is the stored derivative when there is one', async () => {
    const before = await get(`${slice()}/thumbnail?viewport=256,256`);
    expect([before.status, before.headers.get('X-Archwire-Placeholder')]).toEqual([200, null]);
    await server.store.put('t/derivative.jpg', Buffer.from('derived'));
    await server.database.owner(
      `insert into derivative (tenant_id, instance_id, kind, store, key, "offset", length, media_type, width, height, recipe, placeholder_reason)
       select tenant_id, id, 'thumbnail', 'archive', 't/derivative.jpg', 0, 7, 'image/jpeg', 1, 1, 1, 'too-large' from instance where sop_uid = $1`,
      [sampleUid({})],
    );
    const after = await get(`${slice()}/thumbnail`);
    expect([(await bytesOf(after)).toString(), after.headers.get('X-Archwire-Placeholder')]).toEqual([
      'derived',
      'too-large',
    ]);
  });
});

describe('clients', () => {
  /** Its declared types leave out that every answer is a promise. */
  const answer = async <T>(promised: T): Promise<T> => promised;

  test('dicomweb-client stores, searches and retrieves', async () => {
    vi.stubGlobal('XMLHttpRequest', FetchedXmlHttpRequest);
    const client = new api.DICOMwebClient({ url: server.url, singlepart: false });
    const object = sampleObject({ study: '1.2.7', series: '1.2.7.1', patientId: 'C1' });
    const at = { studyInstanceUID: '1.2.7', seriesInstanceUID: '1.2.7.1', sopInstanceUID: '1.2.7.1.1' };
    await answer(
      client.storeInstances({ datasets: [Uint8Array.from(object).buffer], studyInstanceUID: '1.2.7' }),
    );
    expect(await answer(client.searchForStudies({ queryParams: { PatientID: 'C1' } }))).toMatchObject([
      { '0020000D': { Value: ['1.2.7'] }, '00201208': { Value: [1] } },
    ]);
    expect(await answer(client.searchForSeries({ ...at }))).toMatchObject([
      { '0020000E': { Value: ['1.2.7.1'] } },
    ]);
    expect(await answer(client.searchForInstances({ ...at }))).toMatchObject([
      { '00080018': { Value: ['1.2.7.1.1'] } },
    ]);
    const study: ArrayBuffer[] = await answer(client.retrieveStudy(at));
    expect(study.map((part) => Buffer.from(part).equals(object))).toEqual([true]);
    const instance: ArrayBuffer = await answer(client.retrieveInstance(at));
    expect(Buffer.from(instance).equals(object)).toBe(true);
    const metadata = JSON.parse(JSON.stringify(await answer(client.retrieveSeriesMetadata(at))));
    const frames: ArrayBuffer[] = await answer(client.retrieveInstanceFrames({ ...at, frameNumbers: '1' }));
    expect(frames.map((part) => Buffer.from(part))).toEqual([samplePixels({})]);
    const uri: string = metadata[0]['7FE00010'].BulkDataURI;
    const bulk: ArrayBuffer[] = await answer(
      client.retrieveBulkData({
        BulkDataURI: new URL(uri, server.url).href,
        mediaTypes: [{ mediaType: 'application/octet-stream' }],
        byteRange: '',
      }),
    );
    expect(bulk.map((part) => Buffer.from(part))).toEqual([samplePixels({})]);
    const rendered: unknown = await answer(
      client.retrieveInstanceRendered({
        ...at,
        mediaTypes: [{ mediaType: 'image/jpeg' }],
      }),
    );
    const [picture] = Array.isArray(rendered) ? rendered : [];
    expect(Buffer.from(picture).subarray(0, 2)).toEqual(Buffer.from([0xff, 0xd8]));
  });

  test('pydicom reads what comes back', async () => {
    const bytes = await bytesOf(await get(many(), 'application/dicom'));
    const script =
      'import sys,io,pydicom; d=pydicom.dcmread(io.BytesIO(sys.stdin.buffer.read())); print(d.SOPInstanceUID, d.PatientName, d.NumberOfFrames, len(d.PixelData))';
    expect(execFileSync('/usr/bin/python3', ['-c', script], { input: bytes, encoding: 'utf8' }).trim()).toBe(
      `${sampleUid(multiframe)} Müller^Änne 4 2048`,
    );
  });
});

test('reads after settling moved the bytes find them, and hundreds of reads make one row of the audit', async () => {
  const series = '1.2.8.1';
  const objects = [1, 2].map((instance) =>
    sampleObject({ study: '1.2.8', series, instance, patientId: 'S1', seed: instance }),
  );
  const { body, contentType } = storeBody(objects);
  await fetch(`${server.url}/studies`, { method: 'POST', body, headers: { 'Content-Type': contentType } });
  const url = `${server.url}/studies/1.2.8/series/${series}/instances/${series}.1/frames/1`;
  const accept = 'application/octet-stream';
  const before = await bytesOf(await get(url, accept));
  const [row] = await server.database.owner<{ id: string }>('select id from series where series_uid = $1', [
    series,
  ]);
  await server.archive.settler.settleSeries(server.tenant.tenantId, row?.id ?? '');
  const stores = await server.database.owner(
    'select distinct i.store from instance i join series e on e.id = i.series_id where e.series_uid = $1',
    [series],
  );
  expect(stores).toEqual([{ store: 'archive' }]);
  for (let time = 0; time < 20; time += 1) expect(await bytesOf(await get(url, accept))).toEqual(before);
  await server.flush();
  const rows = await server.database.owner(
    'select action, actor_kind, outcome from audit_log where study_uid = $1 order by action',
    ['1.2.8'],
  );
  expect(rows).toEqual([
    { action: 'imaging.study.stored', actor_kind: 'user', outcome: 'success' },
    { action: 'imaging.study.viewed', actor_kind: 'user', outcome: 'success' },
  ]);
});

test('a recompressed object comes back as it was received, its frames as they lie for who takes them so', async () => {
  const pixelData = Buffer.alloc(120 * 150 * 2 * 2);
  for (let at = 0; at < pixelData.length; at += 2) pixelData.writeUInt16LE((at >> 4) & 0xfff, at);
  const object = part10({
    sopInstanceUid: '1.2.11.1.1',
    elements: grayImage(120, 150, { '00280008 IS': '2 ', '00280101 US': [12], '00280102 US': [11] }),
    pixelData,
  });
  await server.database.owner(`update tenant set recompression = 'ingest' where id = $1`, [
    server.tenant.tenantId,
  ]);
  const { body, contentType } = storeBody([object]);
  await fetch(`${server.url}/studies`, { method: 'POST', body, headers: { 'Content-Type': contentType } });
  const find = async (): Promise<unknown> =>
    (await server.database.owner('select store from instance where sop_uid = $1', ['1.2.11.1.1']))[0];
  await vi.waitFor(async () => expect(await find()).toEqual({ store: 'archive+htj2k' }), {
    timeout: 60_000,
    interval: 100,
  });

  const url = `${server.url}/studies/2.25.2/series/2.25.3/instances/1.2.11.1.1`;
  const whole = await get(url, 'application/dicom');
  expect(whole.headers.get('Content-Type')).toBe('application/dicom; transfer-syntax=1.2.840.10008.1.2.1');
  expect((await bytesOf(whole)).equals(object)).toBe(true);
  const part = await get(url, 'application/dicom', { Range: 'bytes=40000-40999' });
  expect((await bytesOf(part)).equals(object.subarray(40_000, 41_000))).toBe(true);
  const second = pixelData.subarray(pixelData.length / 2);
  expect((await bytesOf(await get(`${url}/frames/2`, 'application/octet-stream'))).equals(second)).toBe(true);
  // What OHIF asks for.
  const any = 'multipart/related; type=application/octet-stream; transfer-syntax=*';
  const [coded] = await readMultipart(await get(`${url}/frames/2`, any));
  expect(coded?.type).toBe(`application/octet-stream; transfer-syntax=${HTJ2K_RPCL}`);
  const geometry = {
    rows: 120,
    columns: 150,
    samplesPerPixel: 1,
    bitsAllocated: 16,
    bitsStored: 12,
    signed: false,
  };
  expect((await decodeHtj2k(coded?.bytes ?? Buffer.alloc(0), geometry)).equals(second)).toBe(true);
  const metadata: unknown = JSON.parse(await (await get(`${url}/metadata`)).text());
  expect(metadata).toMatchObject([{ '00280008': { Value: [2] }, '00080018': { Value: ['1.2.11.1.1'] } }]);
});
