// Real: Part 10 objects written by dcmjs with the codes of each view; the published DENT-OIP tables when ARCHWIRE_SAMPLES is set.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { writeObject } from '@archwire/test-data';
import { expect, it } from 'vitest';
import { readInstanceHead } from '../read-instance-head.ts';
import { imageView } from './image-view.ts';
import { ORTHO_CODES, type OrthoCode } from './ortho-codes.ts';
import { ORTHO_VIEWS, type OrthoView } from './ortho-views.ts';

/** Keys whose codes are those of another: nobody can tell them apart. */
const TWINS: Readonly<Record<string, string>> = { IV11: 'IV07', IV12: 'IV08' };

const read = (attributes: object) => {
  const { view, viewKey, origin } = imageView(
    readInstanceHead(
      writeObject({
        SOPClassUID: '1.2.840.10008.5.1.4.1.1.77.1.4',
        SOPInstanceUID: '1.2.3.4',
        StudyInstanceUID: '1.2.3',
        SeriesInstanceUID: '1.2.3.1',
        Modality: 'XC',
        ...attributes,
      }),
    ),
  );
  return { view, viewKey, origin };
};

const items = (...words: (OrthoCode | undefined)[]) =>
  words.flatMap((word) => (word === undefined ? [] : [{ ...ORTHO_CODES[word] }]));
const context = (...words: (OrthoCode | undefined)[]) =>
  items(...words).map((code) => ({
    ValueType: 'CODE',
    ConceptNameCodeSequence: [{ CodeValue: '130325', CodingSchemeDesignator: 'DCM', CodeMeaning: 'x' }],
    ConceptCodeSequence: [code],
  }));

const attributesOf = (view: OrthoView): object => ({
  PatientOrientation: view.orientation?.split('\\') ?? ['L', 'F'],
  AnatomicRegionSequence: items(view.region).map((region) => ({
    ...region,
    AnatomicRegionModifierSequence: items(view.regionModifier),
  })),
  PrimaryAnatomicStructureSequence: items(view.structure).map((structure) => ({
    ...structure,
    PrimaryAnatomicStructureModifierSequence: items(view.structureModifier),
  })),
  DeviceSequence: items(view.device),
  ViewCodeSequence: items(view.projection).map((projection) => ({
    ...projection,
    ViewModifierCodeSequence: items(view.viewModifier),
  })),
  AcquisitionContextSequence: context(
    ...(view.functional ?? []),
    view.finding,
    view.observable,
    view.occlusion,
  ),
});

it('every standard photograph is read back by its codes as what it is', () => {
  const found = Object.entries(ORTHO_VIEWS).map(([key, view]) => [key, read(attributesOf(view))]);
  const wanted = Object.entries(ORTHO_VIEWS).map(([key, { view }]) => [
    key,
    { view, viewKey: TWINS[key] ?? key, origin: 'codes' },
  ]);
  expect(found).toEqual(wanted);
  expect(found).toHaveLength(73);
});

it('a key in words that contradicts the codes is not believed', () => {
  const face = { ...attributesOf(ORTHO_VIEWS.EV15), DeviceSequence: items('ruler') };
  expect([
    read({ ...face, ImageComments: 'EV-16' }),
    read({ ...face, ImageComments: 'IV18' }),
    read({ ImageComments: 'IV18' }),
  ]).toEqual([
    { view: 'face-front', viewKey: 'EV16', origin: 'codes' },
    { view: 'face-front', viewKey: null, origin: 'codes' },
    { view: 'intraoral-left', viewKey: 'IV18', origin: 'words' },
  ]);
});

const FOLDER = path.join(process.env['ARCHWIRE_SAMPLES'] ?? '', 'photos_dicom4ortho');

/** A table without quoted commas in the columns that are read. */
const table = (name: string): Map<string, readonly string[]> =>
  new Map(
    readFileSync(path.join(FOLDER, name), 'utf8')
      .split(/\r?\n/)
      .map((line) => line.split(','))
      .map((cells) => [cells[0] ?? '', cells]),
  );

it.runIf(process.env['ARCHWIRE_SAMPLES'] !== undefined && existsSync(FOLDER))(
  'the published tables say the same of every view, but for their known faults',
  () => {
    const codes = table('codes.csv');
    const published = [...table('views.csv')].filter(([key]) => /^[IE]V\d\d$/.test(key));
    const faults = published.flatMap(([key, cells]) => {
      const coded = (at: number): readonly object[] =>
        (cells[at] ?? '').split('^').flatMap((word) => {
          const [, CodeValue, CodingSchemeDesignator] = codes.get(word) ?? [];
          return CodeValue === undefined || word === ''
            ? []
            : [{ CodeValue, CodingSchemeDesignator, CodeMeaning: 'x' }];
        });
      const nested = (at: number, name: string, inner: number): readonly object[] =>
        coded(at).map((outer) => ({ ...outer, [name]: coded(inner) }));
      const [, ORIENTATION = ''] = codes.get(cells[1] ?? '') ?? [];
      const { viewKey } = read({
        PatientOrientation: ORIENTATION === '' ? ['L', 'F'] : ORIENTATION.split('^'),
        AnatomicRegionSequence: nested(3, 'AnatomicRegionModifierSequence', 4),
        PrimaryAnatomicStructureSequence: nested(5, 'PrimaryAnatomicStructureModifierSequence', 6),
        DeviceSequence: coded(7),
        ViewCodeSequence: nested(8, 'ViewModifierCodeSequence', 9),
        AcquisitionContextSequence: [10, 11, 12, 13].flatMap(coded).map((code) => ({
          ValueType: 'CODE',
          ConceptCodeSequence: [code],
        })),
      });
      return viewKey === (TWINS[key] ?? key) ? [] : [[key, viewKey]];
    });
    expect(published).toHaveLength(73);
    // IV20 is published in centric relation, as IV23 is; EV22 to EV25 without their lips.
    expect(faults).toEqual([
      ['IV20', 'IV23'],
      ['EV22', null],
      ['EV23', null],
      ['EV24', null],
      ['EV25', null],
    ]);
  },
);
