import { sct, type CodedConcept } from '../dicom/code.ts';
import type { NaturalDataset } from '../dicom/write-object.ts';

/** Image Pixel, DX Image and DX Detector modules (PS3.3 C.7.6.3, C.8.11.3, C.8.11.4) of a radiograph for presentation. */
export const radiographModules = (image: {
  rows: number;
  columns: number;
  bitsStored: number;
  /** Detector pixel pitch in mm. */
  spacing: number;
  laterality: 'R' | 'L' | 'B' | 'U';
  orientation: readonly [string, string];
  regions: readonly CodedConcept[];
}): NaturalDataset => {
  const bitsAllocated = image.bitsStored > 8 ? 16 : 8;
  const maximum = 2 ** image.bitsStored;
  return {
    ImageType: ['ORIGINAL', 'PRIMARY', ''],
    PresentationIntentType: 'FOR PRESENTATION',
    SamplesPerPixel: 1,
    PhotometricInterpretation: 'MONOCHROME2',
    Rows: image.rows,
    Columns: image.columns,
    BitsAllocated: bitsAllocated,
    BitsStored: image.bitsStored,
    HighBit: image.bitsStored - 1,
    PixelRepresentation: 0,
    PixelIntensityRelationship: 'LOG',
    PixelIntensityRelationshipSign: -1,
    RescaleIntercept: '0',
    RescaleSlope: '1',
    RescaleType: 'US',
    PresentationLUTShape: 'IDENTITY',
    LossyImageCompression: '00',
    BurnedInAnnotation: 'NO',
    WindowCenter: String(maximum / 2),
    WindowWidth: String(maximum),
    DetectorType: 'SCINTILLATOR',
    DetectorID: 'SYNTHETIC',
    ImagerPixelSpacing: [String(image.spacing), String(image.spacing)],
    ImageLaterality: image.laterality,
    PatientOrientation: image.orientation,
    AnatomicRegionSequence: image.regions,
    AcquisitionContextSequence: [],
    KVP: '70',
    ExposureTime: '250',
    XRayTubeCurrent: '8',
  };
};

export const JAW_REGION = sct('661005', 'Jaw region');
