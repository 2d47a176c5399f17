// Real: whole Part 10 objects of the synthetic clinic, written by dcmjs, and their heads as the archive reads them.
import {
  ceph,
  intraoral,
  INTRAORAL_SURVEY,
  panoramic,
  photos,
  scan,
  treatmentHistory,
  writeObject,
} from '@archwire/test-data';
import { describe, expect, it } from 'vitest';
import { readInstanceHead } from '../read-instance-head.ts';
import { imageView } from './image-view.ts';
import { indexedView } from './indexed-view.ts';
import { TOOTH_CODES } from './tooth-codes.ts';
import { AppError, TEETH } from '@archwire/contracts';
import path from 'node:path';
import { readFileSync } from 'node:fs';
import { sampleFiles } from '../testing/sample-files.ts';

const [visit] = treatmentHistory(1, 1);
if (visit === undefined) throw new Error('A history has a first visit.');

const whole = (bytes: Buffer) => imageView(readInstanceHead(bytes));
const shown = (bytes: Buffer) => {
  const { view, teeth } = whole(bytes);
  return { view, teeth };
};

/** The smallest object with these attributes. */
const object = (attributes: object) =>
  writeObject({
    SOPClassUID: '1.2.840.10008.5.1.4.1.1.77.1.4',
    SOPInstanceUID: '1.2.3.4',
    StudyInstanceUID: '1.2.3',
    SeriesInstanceUID: '1.2.3.1',
    Modality: 'XC',
    ...attributes,
  });
const code = (CodeValue: string) => [{ CodeValue, CodingSchemeDesignator: 'SCT', CodeMeaning: 'x' }];

describe('the synthetic clinic', () => {
  it('the eight photographs, each by its codes', async () => {
    const found = [];
    for await (const photo of photos(visit, { rows: 30, columns: 45 })) found.push(shown(photo));
    expect(found).toEqual(
      [
        'face-right',
        'face-front',
        'face-front-smile',
        'occlusal-upper',
        'occlusal-lower',
        'intraoral-right',
        'intraoral-front',
        'intraoral-left',
      ].map((view) => ({ view, teeth: [] })),
    );
  });

  it('periapicals and bitewings with their teeth', async () => {
    const found = [];
    for (const exposure of [INTRAORAL_SURVEY[0], INTRAORAL_SURVEY[6]])
      if (exposure !== undefined) found.push(shown(await intraoral(visit, exposure, 1)));
    expect(found).toEqual([
      { view: 'periapical', teeth: ['17', '16', '15'] },
      { view: 'bitewing', teeth: ['17', '16', '15', '14', '47', '46', '45', '44'] },
    ]);
  });

  it('panoramic, cephalogram, scans', async () => {
    expect([
      shown(await panoramic(visit, { rows: 20, columns: 40 })),
      shown(await ceph(visit)),
      shown(scan(visit, 'upper')),
      shown(scan(visit, 'lower')),
    ]).toEqual(
      ['panoramic', 'ceph-lateral', 'scan-upper', 'scan-lower'].map((view) => ({ view, teeth: [] })),
    );
  });
});

describe('what devices write', () => {
  it.each([
    ['no code at all', {}, 'photo'],
    ['an ADA-1100 key in the comment', { ImageComments: 'IV-18 left' }, 'intraoral-left'],
    ['an ADA-1100 key in the description', { SeriesDescription: 'EV38' }, 'smile'],
    [
      'an oblique face whose side only Patient Orientation tells',
      {
        PrimaryAnatomicStructureSequence: code('89545001'),
        ViewCodeSequence: code('260454004'),
        PatientOrientation: ['P', 'F'],
      },
      'face-left-oblique',
    ],
    ['codes of something else', { ViewCodeSequence: code('1') }, 'photo'],
    [
      'hostile text',
      { ImageComments: `<img src=x onerror=alert(1)>${'IV'.repeat(3000)}`, SeriesDescription: '\u0000' },
      'photo',
    ],
  ])('%s', (_, attributes, view) => {
    expect(shown(object(attributes))).toEqual({ view, teeth: [] });
  });

  it.each([
    ['1.2.840.10008.5.1.4.1.1.1', 'CR', 'PANO adult', 'panoramic'],
    ['1.2.840.10008.5.1.4.1.1.7', 'OT', 'Téléradiographie de profil', 'ceph-lateral'],
    ['1.2.840.10008.5.1.4.1.1.1.1', 'DX', 'Ceph PA', 'ceph-frontal'],
    ['1.2.840.10008.5.1.4.1.1.1.1', 'DX', null, 'radiograph'],
    ['1.2.840.10008.5.1.4.1.1.1.3', 'IO', 'Bite-wing R', 'bitewing'],
    ['1.2.840.10008.5.1.4.1.1.2.1', 'CT', null, 'cbct'],
    ['1.2.840.10008.5.1.4.1.1.13.1.2', 'DX', 'panoramic view', 'cbct'],
    ['1.2.840.10008.5.1.4.1.1.88.33', 'SR', 'Panoramic report', 'report'],
    ['1.2.840.10008.5.1.4.1.1.88.59', 'KO', 'ceph', 'other'],
    ['1.2.840.10008.5.1.4.1.1.104.1', 'DOC', null, 'document'],
    ['1.2.840.10008.5.1.4.1.1.7', null, null, 'other'],
    ['9.9.9', 'constructor', null, 'other'],
  ])('the index alone: %s %s %s', (SOPClassUID, Modality, SeriesDescription, view) => {
    expect(indexedView({ SOPClassUID, Modality, SeriesDescription })).toBe(view);
  });
});

const INTRAORAL = { SOPClassUID: '1.2.840.10008.5.1.4.1.1.1.3', Modality: 'IO' };
const item = (CodeValue: string, scheme = 'SRT') => ({
  CodeValue,
  CodingSchemeDesignator: scheme,
  CodeMeaning: 'x',
});
const tooth = (number: string, isLegacy: boolean) => {
  const found = [...TOOTH_CODES].find(
    ([value, iso]) => iso === number && value.startsWith('T-') === isLegacy,
  );
  if (found === undefined) throw new Error(`No code of tooth ${number}.`);
  return item(found[0], isLegacy ? 'SRT' : 'SCT');
};
const teeth = (isLegacy: boolean, ...numbers: string[]) => ({
  PrimaryAnatomicStructureSequence: numbers.map((number) => tooth(number, isLegacy)),
});

describe('teeth and sides', () => {
  it('every tooth of ISO 3950 by its SNOMED CT code and by its retired SNOMED RT code, and no other', () => {
    expect([...TOOTH_CODES.values()].toSorted()).toEqual([...TEETH, ...TEETH].toSorted());
    for (const isLegacy of [true, false]) {
      expect(shown(object({ ...INTRAORAL, ...teeth(isLegacy, ...TEETH) })).teeth).toEqual(TEETH);
    }
  });

  it.each([
    ['Image Laterality', { ...INTRAORAL, ImageLaterality: 'L', ...teeth(true, '16') }, 'L'],
    ['unpaired', { ...INTRAORAL, ImageLaterality: 'U' }, null],
    ['the teeth of one side', { ...INTRAORAL, ...teeth(true, '16', '85') }, 'R'],
    ['the teeth of the other', { ...INTRAORAL, ...teeth(false, '26', '75') }, 'L'],
    ['teeth across the midline', { ...INTRAORAL, ...teeth(true, '11', '21') }, 'B'],
    [
      'a modifier of the region',
      { AnatomicRegionSequence: [{ ...item('T-D1000'), AnatomicRegionModifierSequence: [item('G-A101')] }] },
      'L',
    ],
    ['nothing', {}, null],
  ])('the side by %s', (_, attributes, laterality) => {
    expect(whole(object(attributes)).laterality).toBe(laterality);
  });

  it.each([
    ['premolar bitewing', teeth(true, '14', '15', '44', '45'), 'bitewing-premolar', 'codes'],
    ['molar bitewing', teeth(false, '16', '17', '46', '47'), 'bitewing-molar', 'codes'],
    ['bitewing of deciduous teeth', teeth(false, '54', '55', '84', '85'), 'bitewing', 'codes'],
    ['bitewing by its words', { ProtocolName: 'Bitewing premolar left' }, 'bitewing-premolar', 'words'],
    [
      'occlusal, maxilla',
      { ViewCodeSequence: [item('R-40810')], AnatomicRegionSequence: [item('T-11170')] },
      'occlusal-radiograph-upper',
      'codes',
    ],
    ['periapical by its teeth', teeth(true, '36'), 'periapical', 'codes'],
    ['periapical by its class alone', {}, 'periapical', 'class'],
  ])('%s', (_, attributes, view, origin) => {
    const found = whole(object({ ...INTRAORAL, ...attributes }));
    expect([found.view, found.origin]).toEqual([view, origin]);
  });

  it.each([
    ['a head from the side', { ViewCodeSequence: [item('R-10236')] }, 'ceph-lateral', 'codes'],
    ['a head from behind', { ViewCodeSequence: [item('R-10206')] }, 'ceph-frontal', 'codes'],
    ['words of the study alone', { StudyDescription: 'Téléradiographie de profil' }, 'ceph-lateral', 'words'],
  ])('%s', (_, attributes, view, origin) => {
    const found = whole(
      object({
        SpecificCharacterSet: 'ISO_IR 192',
        SOPClassUID: '1.2.840.10008.5.1.4.1.1.1.1',
        Modality: 'DX',
        AnatomicRegionSequence: [item('T-11100')],
        ...attributes,
      }),
    );
    expect([found.view, found.origin]).toEqual([view, origin]);
  });
});

it.runIf(sampleFiles('dicom_dental').length > 0)('real objects of several makers', () => {
  const files = [...sampleFiles('dicom_dental'), ...sampleFiles('dicom_objects')];
  const heads = files.flatMap((file) => {
    try {
      return [{ file, head: readInstanceHead(readFileSync(file)) }];
    } catch (error) {
      if (error instanceof AppError) return [];
      throw error;
    }
  });
  const found = new Map(
    heads.map(({ file, head }) => {
      const { view, viewKey, origin, laterality } = imageView(head);
      return [path.basename(file), [view, viewKey, origin, laterality]];
    }),
  );
  expect([
    found.get('dicom4ortho__test.dcm'),
    found.get('highdicom__dx_image.dcm'),
    found.get('orthanc-tests__sample-pdf.dcm'),
    found.get('highdicom__sr_document.dcm'),
    found.get('highdicom__ct_image.dcm'),
  ]).toEqual([
    ['face-right', 'EV01', 'codes', 'R'],
    ['radiograph', null, 'class', 'L'],
    ['document', null, 'class', null],
    ['report', null, 'class', null],
    ['cbct', null, 'class', null],
  ]);
  expect(found.size).toBeGreaterThan(30);
});
