// Real: DCMTK's dcmdump and dicom3tools' dciodvfy read the file.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import {
  buildPart10Meta,
  IMPLEMENTATION_CLASS_UID,
  IMPLEMENTATION_VERSION_NAME,
} from './build-part10-meta.ts';
import { readPart10 } from './read-part10.ts';
import { CT, dataSetBytes, EXPLICIT_VR_LITTLE_ENDIAN, UIDS } from './testing/write-object.ts';
import { transferSyntaxes } from './transfer-syntax.ts';

const folder = mkdtempSync(join(tmpdir(), 'archwire-meta-'));
const file = join(folder, 'object.dcm');
const meta = buildPart10Meta({
  SOPClassUID: CT,
  SOPInstanceUID: '1.2.3.4',
  TransferSyntaxUID: EXPLICIT_VR_LITTLE_ENDIAN,
  sourceAe: 'PANO',
});
const body = dataSetBytes(
  [...UIDS].sort(([a], [b]) => a - b),
  { explicitVr: true, littleEndian: true },
);
writeFileSync(file, Buffer.concat([meta, body]));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('buildPart10Meta', () => {
  it('writes what dcmdump reads without a word of complaint', () => {
    const { stdout, stderr, status } = spawnSync('dcmdump', ['-q', '-Un', file], { encoding: 'utf8' });
    const values = stdout
      .split('\n')
      .filter((line) => line.startsWith('(0002,'))
      .map((line) => /^\((\d{4},\d{4})\) (\w\w) \[?(.*?)\]? +#/.exec(line)?.slice(1));
    expect({ values, stderr, status }).toEqual({
      values: [
        ['0002,0000', 'UL', String(meta.length - 132 - 12)],
        ['0002,0001', 'OB', '00\\01'],
        ['0002,0002', 'UI', CT],
        ['0002,0003', 'UI', '1.2.3.4'],
        ['0002,0010', 'UI', EXPLICIT_VR_LITTLE_ENDIAN],
        ['0002,0012', 'UI', IMPLEMENTATION_CLASS_UID],
        ['0002,0013', 'SH', IMPLEMENTATION_VERSION_NAME],
        ['0002,0016', 'AE', 'PANO'],
      ],
      stderr: '',
      status: 0,
    });
  });

  it('writes meta information that dciodvfy has nothing against', () => {
    const { stdout, stderr } = spawnSync('dciodvfy', [file], { encoding: 'utf8' });
    const about = `${stdout}${stderr}`
      .split('\n')
      .filter((line) => /0002,|Meta|preamble|group length/i.test(line));
    expect(about).toEqual([]);
    expect(execFileSync('dcmftest', [file], { encoding: 'utf8' })).toMatch(/^yes: /);
  });

  it('is read back as it was written', () => {
    const uid = fc
      .array(fc.nat(999_999), { minLength: 2, maxLength: 8 })
      .map((parts) => ['1', ...parts].join('.').slice(0, 64).replace(/\.$/, ''));
    const syntax = fc.constantFrom(...transferSyntaxes.map((entry) => entry.uid));
    const ae = fc.option(fc.stringMatching(/^[A-Z0-9_]{1,16}$/));
    fc.assert(
      fc.property(uid, uid, syntax, ae, (SOPClassUID, SOPInstanceUID, TransferSyntaxUID, sourceAe) => {
        const bytes = buildPart10Meta({ SOPClassUID, SOPInstanceUID, TransferSyntaxUID, sourceAe });
        const read = readPart10(bytes);
        expect([
          read.MediaStorageSOPClassUID,
          read.MediaStorageSOPInstanceUID,
          read.TransferSyntaxUID,
        ]).toEqual([SOPClassUID, SOPInstanceUID, TransferSyntaxUID]);
        expect([read.dataSetOffset, bytes.readUInt32LE(140)]).toEqual([bytes.length, bytes.length - 144]);
      }),
    );
  });
});
