// Real: sharp and libvips make and read the pictures; dciodvfy (dicom3tools) judges, pydicom and DCMTK's dcmdump read every object.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { AppError, type ImageView } from '@archwire/contracts';
import sharp, { type Sharp } from 'sharp';
import { afterAll, describe, expect, it } from 'vitest';
import { buildRecordObject, type RecordFileInfo } from './build-record-object.ts';
import { imageView } from './dental/image-view.ts';
import { readInstanceHead } from './read-instance-head.ts';
import { recordFileKind } from './record-file-kind.ts';
import { uidOf } from './record-modules.ts';

const folder = mkdtempSync(join(tmpdir(), 'archwire-record-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const study = {
  PatientID: 'P-1',
  IssuerOfPatientID: 'ARCHWIRE',
  PatientName: 'Muñoz^Lía',
  PatientBirthDate: '20120302',
  PatientSex: 'F',
  StudyInstanceUID: uidOf('a study'),
  StudyDate: '20260301',
  StudyTime: '',
  StudyDescription: 'Initial',
  AccessionNumber: '',
  StudyID: '',
  ReferringPhysicianName: '',
};
const info = (changes: Partial<RecordFileInfo> = {}): RecordFileInfo => ({
  SOPInstanceUID: uidOf('an object'),
  study,
  view: 'photo',
  teeth: [],
  isMirrored: false,
  event: null,
  ...changes,
});
const build = async (file: Buffer, changes: Partial<RecordFileInfo> = {}): Promise<Buffer> => {
  const kind = recordFileKind(file.subarray(0, 4096), file.length);
  if (kind === undefined) throw new Error('The file is of no kind.');
  return Buffer.concat(await buildRecordObject(kind, file, info(changes)));
};
const save = (bytes: Buffer): string => {
  const path = join(folder, `${createHash('sha256').update(bytes).digest('hex').slice(0, 16)}.dcm`);
  writeFileSync(path, bytes);
  return path;
};
const run = (command: string, ...args: readonly string[]): string => {
  const { stdout, stderr, error } = spawnSync(command, args, { encoding: 'utf8' });
  if (error) throw error;
  return stdout + stderr;
};
const errorsOf = (bytes: Buffer): string[] =>
  run('dciodvfy', save(bytes))
    .split('\n')
    .filter((line) => /^(Error|Abort)/.test(line));

const READ = `
import sys, json, pydicom
from pydicom.pixel_data_handlers.util import convert_color_space
def read(path):
  d = pydicom.dcmread(path)
  stored = d.PhotometricInterpretation
  a = d.pixel_array
  a = convert_color_space(a, stored, "RGB") if stored.startswith("YBR") and d.PhotometricInterpretation != "RGB" else a
  return {"name": str(d.PatientName), "taken": str(d.get("AcquisitionDateTime", "")), "lossy": d.LossyImageCompression,
    "shape": a.shape, "corners": [[int(v) for v in a[y][x].ravel()] for y, x in ((4, 4), (4, -5), (-5, 4), (-5, -5))],
    "model": str(d.get("ManufacturerModelName", "")), "icc": len(d.get("ICCProfile", b""))}
print(json.dumps([read(path) for path in sys.argv[1:]]))`;
/** What pydicom reads of objects. */
const readPixels = (...objects: readonly Buffer[]): unknown => {
  const out = spawnSync('/usr/bin/python3', ['-W', 'ignore', '-c', READ, ...objects.map(save)], {
    encoding: 'utf8',
  });
  if (out.status !== 0) throw new Error(out.stderr);
  return JSON.parse(out.stdout);
};

const RED = { r: 250, g: 0, b: 0 };
const GREEN = { r: 0, g: 250, b: 0 };
const BLUE = { r: 0, g: 0, b: 250 };
const GRAY = { r: 120, g: 120, b: 120 };
/** Red, green / blue, gray in its quarters, lying on its side or not. */
const quarters = (): Sharp =>
  sharp({ create: { width: 60, height: 40, channels: 3, background: RED } }).composite(
    [[GREEN, 30, 0] as const, [BLUE, 0, 20] as const, [GRAY, 30, 20] as const].map(
      ([background, left, top]) => ({
        input: { create: { width: 30, height: 20, channels: 3 as const, background } },
        left,
        top,
      }),
    ),
  );
const SECRET = 'Owner of the camera';
const EXIF = {
  IFD0: { Make: 'Canon', Model: 'EOS 90D', Artist: SECRET, ImageDescription: SECRET },
  IFD2: { DateTimeOriginal: '2026:02:28 09:15:00', OffsetTimeOriginal: '+01:00', CameraOwnerName: SECRET },
  IFD3: {
    GPSLatitudeRef: 'N',
    GPSLatitude: '48/1 51/1 30/1',
    GPSLongitude: '2/1 17/1 40/1',
    GPSAreaInformation: SECRET,
  },
};
const near = (colour: { r: number; g: number; b: number }): unknown =>
  [colour.r, colour.g, colour.b].map((value) => expect.closeTo(value, -1.5));
const ANY: unknown = expect.any(Array);
const VIEWS: readonly ImageView[] = [
  'face-right',
  'face-left',
  'face-front',
  'face-front-smile',
  'face-right-oblique',
  'face-left-oblique',
  'smile',
  'intraoral-front',
  'intraoral-right',
  'intraoral-left',
  'occlusal-upper',
  'occlusal-lower',
  'photo',
];
const viewOf = (bytes: Buffer) => imageView(readInstanceHead(bytes, { totalLength: bytes.length }));

describe('a photograph', () => {
  it('keeps the code stream of an upright JPEG, the day and the camera; not where it was nor whose the camera is', async () => {
    const file = await quarters()
      .jpeg({ quality: 90, chromaSubsampling: '4:4:4' })
      .withExif(EXIF)
      .withIccProfile('p3')
      .toBuffer();
    expect(file.includes(SECRET)).toBe(true);
    const object = await build(Buffer.concat([file, Buffer.from(`behind the end: ${SECRET}`)]), {
      view: 'intraoral-front',
    });
    const scan = file.subarray(file.indexOf(Buffer.from('ffda', 'hex')));
    expect(object.includes(scan)).toBe(true);
    expect([object.includes(SECRET), object.includes('Exif'), object.includes('GPS')]).toEqual([
      false,
      false,
      false,
    ]);
    expect(errorsOf(object)).toEqual([]);
    expect(readPixels(object)).toEqual([
      {
        name: 'Muñoz^Lía',
        taken: '20260228091500+0100',
        lossy: '01',
        shape: [40, 60, 3],
        corners: [expect.any(Array), expect.any(Array), expect.any(Array), near(GRAY)],
        model: 'EOS 90D',
        icc: 480,
      },
    ]);
    const { header } = readInstanceHead(object, { totalLength: object.length });
    expect([header.Manufacturer, header.TransferSyntaxUID]).toEqual(['Canon', '1.2.840.10008.1.2.4.50']);
  });

  it('stands upright whichever way the camera was held', async () => {
    const held = [
      [1, [40, 60, 3], [RED, GREEN, BLUE, GRAY]],
      [3, [40, 60, 3], [GRAY, BLUE, GREEN, RED]],
      [5, [60, 40, 3], [RED, BLUE, GREEN, GRAY]],
      [6, [60, 40, 3], [BLUE, RED, GRAY, GREEN]],
      [8, [60, 40, 3], [GREEN, GRAY, RED, BLUE]],
    ] as const;
    const objects: Buffer[] = [];
    for (const [orientation] of held) {
      const image = quarters().withMetadata({ orientation });
      const jpeg = image.clone().jpeg({ quality: 95, chromaSubsampling: '4:4:4' });
      for (const file of [jpeg, image.clone().png()]) objects.push(await build(await file.toBuffer()));
    }
    expect(readPixels(...objects)).toMatchObject(
      held.flatMap(([, shape, corners]) => {
        const seen = { shape, corners: corners.map(near) };
        return [seen, seen];
      }),
    );
  });

  it('keeps the very pixels of PNG and TIFF, and decodes what DICOM has no form for', async () => {
    const pixels = await sharp(await quarters().png().toBuffer())
      .removeAlpha()
      .raw()
      .toBuffer();
    const objects: Buffer[] = [];
    for (const file of [
      await quarters().png().toBuffer(),
      await quarters().tiff({ compression: 'lzw' }).toBuffer(),
    ]) {
      const object = await build(file, { teeth: ['11', '21'] });
      expect(object.includes(pixels)).toBe(true);
      expect(errorsOf(object)).toEqual([]);
      expect(viewOf(object)).toMatchObject({ view: 'photo', teeth: ['11', '21'] });
    }
    for (const file of [
      await quarters().jpeg({ progressive: true, quality: 95, chromaSubsampling: '4:4:4' }).toBuffer(),
      await quarters().toColourspace('cmyk').jpeg({ quality: 95 }).toBuffer(),
      await quarters().ensureAlpha().png().toBuffer(),
    ]) {
      const object = await build(file);
      expect(errorsOf(object)).toEqual([]);
      objects.push(object);
    }
    const gray = await build(await quarters().toColourspace('b-w').jpeg().toBuffer());
    expect(errorsOf(gray)).toEqual([]);
    const seen = { shape: [40, 60, 3], corners: [ANY, ANY, ANY, near(GRAY)] };
    expect(readPixels(...objects, gray)).toMatchObject([seen, seen, seen, { shape: [40, 60] }]);
  });

  it.each(VIEWS)('says in codes that it shows %s', async (view) => {
    const file = await quarters().jpeg().toBuffer();
    for (const isMirrored of [false, true]) {
      const object = await build(file, { view, isMirrored, event: isMirrored ? 'initial' : 'progress' });
      expect(errorsOf(object)).toEqual([]);
      expect(viewOf(object)).toMatchObject({ view, teeth: [], origin: view === 'photo' ? 'class' : 'codes' });
    }
  });

  const reasonOf = async (file: Buffer): Promise<unknown> =>
    await build(file).then(
      () => 'accepted',
      (error: unknown) => (error instanceof AppError ? error.details['reason'] : error),
    );
  it('is refused with a reason when it is damaged, too large, or of a kind that is not read', async () => {
    const jpeg = await sharp(
      Buffer.from(Array.from({ length: 300 * 300 * 3 }, (_, at) => (at * 7919) % 251)),
      {
        raw: { width: 300, height: 300, channels: 3 },
      },
    )
      .jpeg()
      .toBuffer();
    const lying = Buffer.from(jpeg);
    const frame = lying.indexOf(Buffer.from('ffc0', 'hex'));
    lying.writeUInt16BE(65_535, frame + 5);
    lying.writeUInt16BE(65_535, frame + 7);
    const taller = Buffer.from(jpeg);
    taller.writeUInt16BE(3000, frame + 5);
    const png = await quarters().png().toBuffer();
    const bomb = Buffer.from(png);
    bomb.writeUInt32BE(60_000, 16);
    bomb.writeUInt32BE(60_000, 20);
    bomb.writeUInt32BE(crc32(bomb.subarray(12, 29)), 29);
    // An EXIF block that claims 65,535 entries and points everywhere.
    const exif = Buffer.alloc(60_000, 0xff);
    exif.write('Exif\0\0MM\0*', 0, 'latin1');
    exif.writeUInt32BE(8, 10);
    const head = Buffer.from('ffd8ffe1ea62', 'hex');
    const answers = {
      'cut off': await reasonOf(jpeg.subarray(0, jpeg.length - 4000)),
      'headers only': await reasonOf(Buffer.from('ffd8ffe000104a464946', 'hex')),
      'lies about its size': await reasonOf(lying),
      'is taller than its data': await reasonOf(taller),
      'a PNG that would fill the memory': await reasonOf(bomb),
      'a cut off PNG': await reasonOf(png.subarray(0, 60)),
      HEIC: await reasonOf(Buffer.from('0000001866747970686569630000000068656963', 'hex')),
      'an EXIF bomb': await reasonOf(Buffer.concat([head, exif, jpeg.subarray(2)])),
    };
    expect(answers).toEqual({
      'cut off': 'photo-damaged',
      'headers only': 'photo-damaged',
      'lies about its size': 'photo-too-large',
      'is taller than its data': 'photo-damaged',
      'a PNG that would fill the memory': 'photo-too-large',
      'a cut off PNG': 'photo-damaged',
      HEIC: 'heic',
      'an EXIF bomb': 'accepted',
    });
  });

  const samples = ['photos_dicom4ortho', 'photos_intraoral_5view', 'renders_itero'].flatMap((name) => {
    const root = process.env['ARCHWIRE_SAMPLES'] ?? '';
    return root === ''
      ? []
      : readdirSync(join(root, name))
          .filter((file) => /\.(png|jpg)$/.test(file))
          .map((file) => join(root, name, file));
  });
  it('is made of every real picture of the collection', async () => {
    for (const sample of samples)
      expect([sample, errorsOf(await build(readFileSync(sample)))]).toEqual([sample, []]);
  });
});

/** A tetrahedron. */
const CORNERS = [
  [0, 0, 0],
  [10, 0, 0],
  [0, 10, 0],
  [0, 0, 10],
] as const;
const FACES = [
  [0, 2, 1],
  [0, 1, 3],
  [0, 3, 2],
  [1, 2, 3],
] as const;
const textStl = `solid arch\n${FACES.map(
  (face) =>
    ` facet normal 0 0 0\n  outer loop\n${face.map((at) => `   vertex ${CORNERS[at].join(' ')}\n`).join('')}  endloop\n endfacet\n`,
).join('')}endsolid arch\n`;
const binaryStl = (): Buffer => {
  const file = Buffer.alloc(84 + 50 * FACES.length);
  file.write('solid but binary all the same');
  file.writeUInt32LE(FACES.length, 80);
  FACES.forEach((face, at) =>
    face.forEach((corner, n) =>
      CORNERS[corner].forEach((v, k) => file.writeFloatLE(v, 84 + at * 50 + 12 + n * 12 + k * 4)),
    ),
  );
  return file;
};
const obj = `# teeth\nmtllib arch.mtl\n${CORNERS.map((corner) => `v ${corner.join(' ')}\n`).join('')}${FACES.map((face) => `f ${face.map((at) => `${at + 1}//1`).join(' ')}\n`).join('')}`;
const plyHead = (format: string): string =>
  `ply\nformat ${format} 1.0\nelement vertex 4\nproperty float x\nproperty float y\nproperty float z\nelement face 4\nproperty list uchar int vertex_indices\nend_header\n`;
const textPly = `${plyHead('ascii')}${CORNERS.map((corner) => `${corner.join(' ')}\n`).join('')}${FACES.map((face) => `3 ${face.join(' ')}\n`).join('')}`;
const binaryPly = (): Buffer =>
  Buffer.concat([
    Buffer.from(plyHead('binary_little_endian')),
    Buffer.from(Float32Array.from(CORNERS.flat()).buffer),
    ...FACES.map((face) => Buffer.concat([Buffer.from([3]), Buffer.from(Int32Array.from(face).buffer)])),
  ]);
const PDF = Buffer.from('%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n');

describe('3D models and documents', () => {
  it('are objects of their classes, the file inside unchanged where DICOM has its format', async () => {
    const stl = binaryStl();
    const files: readonly (readonly [string, Buffer, Buffer | null])[] = [
      ['1.2.840.10008.5.1.4.1.1.104.3', stl, stl],
      ['1.2.840.10008.5.1.4.1.1.104.3', Buffer.from(textStl), null],
      ['1.2.840.10008.5.1.4.1.1.104.3', Buffer.from(textPly), null],
      ['1.2.840.10008.5.1.4.1.1.104.3', binaryPly(), null],
      ['1.2.840.10008.5.1.4.1.1.104.4', Buffer.from(obj), Buffer.from(obj)],
      [
        '1.2.840.10008.5.1.4.1.1.104.5',
        Buffer.from('newmtl gum\nKd 1 0 0\n'),
        Buffer.from('newmtl gum\nKd 1 0 0\n'),
      ],
      ['1.2.840.10008.5.1.4.1.1.104.1', PDF, PDF],
    ];
    for (const [sopClass, file, inside] of files) {
      const object = await build(file, { view: 'scan-upper' });
      // dicom3tools of Debian knows no model but STL.
      const isKnown = /\.104\.[13]$/.test(sopClass);
      expect(errorsOf(object)).toEqual(isKnown ? [] : ['Error - Information Object Not found']);
      expect(readInstanceHead(object, { totalLength: object.length }).header.SOPClassUID).toBe(sopClass);
      const triangles = stl.subarray(84 + 12, 84 + 48);
      expect(object.includes(inside ?? triangles)).toBe(true);
      expect(viewOf(object).view).toBe(sopClass.endsWith('.104.1') ? 'document' : 'scan-upper');
    }
  });

  const kindAndReason = async (file: Buffer, name = ''): Promise<unknown> => {
    const kind = recordFileKind(file.subarray(0, 4096), file.length, name);
    if (kind === undefined) return 'of no kind';
    return await buildRecordObject(kind, file, info()).then(
      () => 'accepted',
      (error: unknown) => (error instanceof AppError ? error.details['reason'] : error),
    );
  };
  it('are refused with a reason when they are hostile', async () => {
    const nan = binaryStl();
    nan.writeFloatLE(Number.NaN, 84 + 12);
    const far = binaryStl();
    far.writeFloatLE(3e38, 84 + 12);
    const lying = binaryStl();
    lying.writeUInt32LE(0xffffffff, 80);
    const answers = {
      'a count that lies': await kindAndReason(lying, 'ARCH.STL'),
      'no number': await kindAndReason(nan),
      'no place': await kindAndReason(far),
      'no triangle': await kindAndReason(Buffer.concat([binaryStl().subarray(0, 80), Buffer.alloc(4)])),
      'a text that is cut off': await kindAndReason(Buffer.from(textStl.slice(0, -60))),
      'an OBJ that points nowhere': await kindAndReason(Buffer.from(`${obj}f 1 2 99\n`)),
      'an OBJ of letters': await kindAndReason(Buffer.from(`${obj}v a b c\n`)),
      'an OBJ without faces': await kindAndReason(Buffer.from('v 1 2 3\nv 1 2 4\n')),
      'a PLY of four thousand million': await kindAndReason(
        Buffer.from(textPly.replace('vertex 4', 'vertex 4000000000')),
      ),
      'a PLY that points nowhere': await kindAndReason(Buffer.from(textPly.replace('3 0 2 1', '3 0 2 9'))),
      'a PLY that is cut off': await kindAndReason(binaryPly().subarray(0, -5)),
      'half a PDF': await kindAndReason(PDF.subarray(0, 30)),
      'a program': await kindAndReason(Buffer.concat([Buffer.from('MZ'), Buffer.alloc(500)])),
      'a letter': await kindAndReason(Buffer.from('Dear Sir,\nvery truly yours\n')),
    };
    expect(answers).toEqual({
      'a count that lies': 'mesh-damaged',
      'no number': 'mesh-damaged',
      'no place': 'mesh-damaged',
      'no triangle': 'mesh-empty',
      'a text that is cut off': 'mesh-damaged',
      'an OBJ that points nowhere': 'mesh-damaged',
      'an OBJ of letters': 'mesh-damaged',
      'an OBJ without faces': 'mesh-empty',
      'a PLY of four thousand million': 'mesh-damaged',
      'a PLY that points nowhere': 'mesh-damaged',
      'a PLY that is cut off': 'mesh-damaged',
      'half a PDF': 'pdf-damaged',
      'a program': 'of no kind',
      'a letter': 'of no kind',
    });
  });
});
