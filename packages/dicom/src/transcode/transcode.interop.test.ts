// Real: DCMTK (dcm2json, dcmconv, dcmcjpeg, dcmcrle) and pydicom as oracles; sample files when there are any, and objects
// written here otherwise.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AppError } from '@archwire/contracts/app-error';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildPart10Meta } from '../build-part10-meta.ts';
import { createPixelPool, type PixelPool } from '../pixel/pixel-pool.ts';
import { storedBuffer } from '../pixel/stored-bytes.ts';
import { askOracles } from '../pixel/testing/ask-oracles.ts';
import { readSample, sampleFiles } from '../pixel/testing/samples.ts';
import { readInstanceHead } from '../read-instance-head.ts';
import { CT, part10, UIDS, type TestElement } from '../testing/write-object.ts';
import { TRANSCODE_TARGETS, type TranscodeTarget } from './can-transcode.ts';
import { transcodeDataSet } from './transcode-data-set.ts';

const [EXPLICIT, IMPLICIT] = TRANSCODE_TARGETS;
let folder = '';
let pool: PixelPool;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'archwire-transcode-'));
  pool = createPixelPool({ threads: 1 });
});
afterAll(async () => {
  await pool.close();
  rmSync(folder, { recursive: true, force: true });
});

/** The object as a file in another transfer syntax. */
const transcoded = async (bytes: Buffer, target: TranscodeTarget): Promise<Buffer> => {
  const head = readInstanceHead(bytes, { totalLength: bytes.length });
  const { SOPClassUID, SOPInstanceUID } = head.header;
  const parts: Buffer[] = [buildPart10Meta({ SOPClassUID, SOPInstanceUID, TransferSyntaxUID: target })];
  const dataSet = await transcodeDataSet(
    {
      head,
      stored: storedBuffer(bytes),
      decode: async (description, frame) => await pool.decode(description, frame),
    },
    target,
  );
  for await (const chunk of dataSet) parts.push(chunk);
  return Buffer.concat(parts);
};
const write = (name: string, bytes: Buffer): string => {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
};

const isPrivate = (tag: string): boolean => /^[0-9A-F]{3}[13579BDF]/.test(tag);
/** Without what a reader or dcmconv decides for itself: group lengths, padding at the end, and, if so asked, VRs of private elements. */
const comparable = (value: unknown, withPrivate: boolean): unknown => {
  if (Array.isArray(value)) return value.map((item: unknown) => comparable(item, withPrivate));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([tag]) => !/^[0-9A-F]{4}0000$|^0002|^FFFC/.test(tag) && (withPrivate || !isPrivate(tag)))
      .map(([tag, inner]) => [tag, comparable(inner, withPrivate)]),
  );
};
/** As DCMTK reads it; `undefined` when it cannot. */
const json = (path: string, withPrivate = true): unknown => {
  try {
    const options = { maxBuffer: 1 << 29, stdio: 'pipe' as const };
    return comparable(JSON.parse(execFileSync('dcm2json', ['-q', path], options).toString()), withPrivate);
  } catch {
    return undefined;
  }
};
const FLAG: Readonly<Record<TranscodeTarget, string>> = { [EXPLICIT]: '+te', [IMPLICIT]: '+ti' };
/** What dcmconv makes of it; `undefined` when it cannot. */
const converted = (path: string, target: TranscodeTarget): string | undefined => {
  try {
    execFileSync('dcmconv', ['-q', FLAG[target], path, `${path}.converted`], { stdio: 'ignore' });
    return `${path}.converted`;
  } catch {
    return undefined;
  }
};
const ELEMENTS: readonly TestElement[] = [
  ...UIDS,
  [0x00080005, 'CS', 'ISO_IR 192'],
  [
    0x00081140,
    'SQ',
    {
      items: [
        [
          [0x00081150, 'UI', CT],
          [0x00081155, 'UI', '1.2.9'],
        ],
      ],
      undefinedLength: true,
    },
  ],
  [0x00090010, 'LO', 'MAKER'],
  [0x00091001, 'UN', Buffer.from([1, 2, 3, 4, 5, 6])],
  [0x00100010, 'PN', 'Generated^Person'],
  [0x00280002, 'US', [1]],
  [0x00280004, 'CS', 'MONOCHROME2'],
  [0x00280010, 'US', [16]],
  [0x00280011, 'US', [16]],
  [0x00280100, 'US', [16]],
  [0x00280101, 'US', [12]],
  [0x00280102, 'US', [11]],
  [0x00280103, 'US', [0]],
  [0x00281041, 'FL', [1.5]],
  [0x00283006, 'OW', Array.from({ length: 40_000 }, (_, n) => n)],
  [0x7fe00010, 'OW', Array.from({ length: 256 }, (_, n) => (n * 13) & 0xfff)],
  [0xfffcfffc, 'OB', Buffer.alloc(32)],
];
const SYNTAXES = ['1.2.840.10008.1.2', '1.2.840.10008.1.2.1', '1.2.840.10008.1.2.1.99'] as const;

describe('objects without compression', () => {
  it('keep every value in the other encoding, as dcmconv has it; private ones byte for byte', async () => {
    for (const from of SYNTAXES) {
      const original = part10(ELEMENTS, from);
      const path = write('original.dcm', original);
      for (const target of TRANSCODE_TARGETS) {
        const bytes = await transcoded(original, target);
        const expected = json(converted(path, target) ?? '');
        expect(expected).toBeDefined();
        expect([from, target, json(write('other.dcm', bytes))]).toEqual([from, target, expected]);
        expect(bytes.includes(Buffer.from([1, 2, 3, 4, 5, 6]))).toBe(true);
      }
    }
  });

  it('in big endian are what dcmconv makes of them', async () => {
    const big = join(folder, 'big.dcm');
    execFileSync('dcmconv', ['-q', '+tb', write('little.dcm', part10(ELEMENTS)), big]);
    for (const target of TRANSCODE_TARGETS) {
      const read = json(write('other.dcm', await transcoded(readFileSync(big), target)));
      expect([target, read]).toEqual([target, json(converted(big, target) ?? '')]);
    }
  });

  it('without pixels are rewritten as well', async () => {
    const report = part10(
      [
        ...UIDS,
        [
          0x0040a730,
          'SQ',
          {
            items: [
              [
                [0x0040a040, 'CS', 'TEXT'],
                [0x0040a160, 'UT', 'Words'],
              ],
            ],
          },
        ],
      ],
      IMPLICIT,
    );
    expect(json(write('b.dcm', await transcoded(report, EXPLICIT)))).toEqual(json(write('a.dcm', report)));
  });

  it('of the samples read alike in DCMTK, apart from those that DCMTK itself cannot read', async () => {
    const files = sampleFiles('dicom_transfer_syntax', 'dicom_objects', 'dicom_dental');
    const differs: string[] = [];
    let compared = 0;
    for (const file of files) {
      const bytes = readSample(file);
      let head;
      try {
        head = readInstanceHead(bytes, { totalLength: bytes.length });
      } catch {
        continue;
      }
      if (head.pixelData?.encapsulated === true || bytes.length > 2_000_000) continue;
      const path = write('original.dcm', bytes);
      for (const target of TRANSCODE_TARGETS) {
        const reference = converted(path, target);
        // An implicit data set does not say what a private element is; DCMTK knows some makers.
        const withPrivate = head.header.TransferSyntaxUID !== IMPLICIT || target === IMPLICIT;
        const expected = reference === undefined ? undefined : json(reference, withPrivate);
        if (expected === undefined) continue;
        const made = await transcoded(bytes, target).catch((error: unknown) => {
          if (error instanceof AppError && error.kind === 'unsupported') return undefined;
          throw error;
        });
        if (made === undefined) continue;
        compared++;
        const read = json(write('other.dcm', made), withPrivate);
        try {
          expect(read).toEqual(expected);
        } catch {
          differs.push(`${file} ${target}`);
        }
      }
    }
    expect(differs).toEqual([]);
    expect(compared >= Math.min(files.length, 40)).toBe(true);
  });
});

describe('compressed objects', () => {
  it('have the pixels that pydicom decodes, and say how they are stored now', async () => {
    const files = sampleFiles('dicom_transfer_syntax', 'dicom_dental', 'dicom_pixel');
    const pairs: (readonly [string, string, string])[] = [];
    for (const [n, file] of files.entries()) {
      const bytes = readSample(file);
      let head;
      try {
        head = readInstanceHead(bytes, { totalLength: bytes.length });
      } catch {
        continue;
      }
      if (head.pixelData?.encapsulated !== true || bytes.length > 2_000_000) continue;
      for (const target of TRANSCODE_TARGETS) {
        try {
          const made = await transcoded(bytes, target);
          pairs.push([file, write(`${n}-in.dcm`, bytes), write(`${n}-${target}.dcm`, made)]);
        } catch (error) {
          if (!(error instanceof AppError)) throw error;
        }
      }
    }
    const answers = askOracles([...new Set(pairs.flatMap(([, ...paths]) => paths))]);
    const differs = pairs
      .filter(([, before, after]) => {
        const decoded = [...(answers.get(before)?.values() ?? [])];
        return decoded.length > 0 && !decoded.includes(answers.get(after)?.get('pydicom') ?? '');
      })
      .map(([file]) => file);
    expect([...new Set(differs)]).toEqual([]);
    expect(pairs.length >= Math.min(files.length, 40)).toBe(true);
  });

  it('whose pixels nothing here decodes are refused before the first byte', async () => {
    const video = part10(ELEMENTS.slice(0, -1), '1.2.840.10008.1.2.4.102');
    await expect(transcoded(video, EXPLICIT)).rejects.toMatchObject({ kind: 'unsupported' });
  });
});
