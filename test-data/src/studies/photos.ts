import { dcm, sct, type CodedConcept } from '../dicom/code.ts';
import { commonModules, type SyntheticStudy } from '../dicom/modules.ts';
import { writeObject } from '../dicom/write-object.ts';
import { faceSvg } from '../drawing/face-svg.ts';
import type { Picture } from '../drawing/mesh.ts';
import { photographMouth } from '../drawing/photograph-mouth.ts';
import { createRandom } from '../drawing/random.ts';
import { rasterisePhoto } from '../drawing/rasterise.ts';
import { PHOTO_VIEWS, type PhotoView } from './photo-views.ts';

const codeItem = (name: CodedConcept, value: CodedConcept): object => ({
  ValueType: 'CODE',
  ConceptNameCodeSequence: [name],
  ConceptCodeSequence: [value],
});

const pictureOf = (
  { seed, progress }: SyntheticStudy,
  view: PhotoView,
  size: { rows: number; columns: number },
): string | Picture =>
  view.scene === 'face' ? faceSvg(seed, view) : photographMouth(seed, progress, view, size);

/**
 * The eight standard photographs as VL Photographic Image objects (JPEG baseline), coded as CP-1570 says: view, structure,
 * functional condition, occlusion, and the day of treatment (TID 3465, CID 4070).
 */
export async function* photos(
  study: SyntheticStudy,
  size = { rows: 1200, columns: 1800 },
): AsyncGenerator<Buffer> {
  for (const [index, view] of PHOTO_VIEWS.entries()) {
    const jpeg = await rasterisePhoto(pictureOf(study, view, size), {
      ...size,
      grain: 3,
      random: createRandom(study.seed + 200 + index),
    });
    const context = [
      ...(view.functionalCondition
        ? [codeItem(dcm('130325', 'Orthognathic Functional Condition'), view.functionalCondition)]
        : []),
      ...(view.occlusion ? [codeItem(sct('25272006', 'Dental occlusion'), view.occlusion)] : []),
      codeItem(
        dcm('128741', 'Longitudinal Temporal Event Type'),
        sct('1332161000', 'Orthodontic treatment started'),
      ),
      {
        ValueType: 'NUMERIC',
        ConceptNameCodeSequence: [dcm('128740', 'Longitudinal Temporal Offset from Event')],
        NumericValue: String(study.dayOfTreatment),
        MeasurementUnitsCodeSequence: [
          { CodeValue: 'd', CodingSchemeDesignator: 'UCUM', CodeMeaning: 'days' },
        ],
      },
    ];
    yield writeObject(
      {
        ...commonModules(study, {
          SOPClassUID: '1.2.840.10008.5.1.4.1.1.77.1.4',
          Modality: 'XC',
          series: 'photos',
          SeriesNumber: 6,
          SeriesDescription: 'Orthodontic photos',
          InstanceNumber: index + 1,
          StationName: 'CAMERA-1',
          model: 'Synthetic Camera',
        }),
        ImageType: ['ORIGINAL', 'PRIMARY'],
        AcquisitionDateTime: `${study.StudyDate}${study.StudyTime}`,
        SamplesPerPixel: 3,
        PhotometricInterpretation: 'YBR_FULL_422',
        PlanarConfiguration: 0,
        Rows: size.rows,
        Columns: size.columns,
        BitsAllocated: 8,
        BitsStored: 8,
        HighBit: 7,
        PixelRepresentation: 0,
        LossyImageCompression: '01',
        LossyImageCompressionMethod: 'ISO_10918_1',
        LossyImageCompressionRatio: ((size.rows * size.columns * 3) / jpeg.length).toFixed(2),
        BurnedInAnnotation: 'NO',
        ImageLaterality: view.side === 'right' ? 'R' : view.side === 'left' ? 'L' : 'U',
        PatientOrientation: view.PatientOrientation,
        AnatomicRegionSequence: [view.anatomicRegion],
        PrimaryAnatomicStructureSequence: [view.structure],
        ViewCodeSequence: [
          { ...view.view, ...(view.viewModifier ? { ViewModifierCodeSequence: [view.viewModifier] } : {}) },
        ],
        AcquisitionContextSequence: context,
        ImageComments: `${view.key} ${view.description}`,
      },
      [jpeg],
      '1.2.840.10008.1.2.4.50',
    );
  }
}
