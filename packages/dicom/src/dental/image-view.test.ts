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

const [visit] = treatmentHistory(1, 1);
if (visit === undefined) throw new Error('A history has a first visit.');

const shown = (bytes: Buffer) => imageView(readInstanceHead(bytes));

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
