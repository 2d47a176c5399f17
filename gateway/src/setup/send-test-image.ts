import { AppError } from '@archwire/contracts';
import { TEST_PATIENT, type TestImageTarget } from '@archwire/practice-server';
import dimse from 'dcmjs-dimse';
import { drawTestImage, TEST_IMAGE_SIZE } from './draw-test-image.ts';

const { Client, constants, Dataset, requests } = dimse;

const SECONDARY_CAPTURE = '1.2.840.10008.5.1.4.1.1.7';
const EXPLICIT_LITTLE_ENDIAN = '1.2.840.10008.1.2.1';
const PATIENCE_MS = 15_000;

const digits = (text: string): string => text.replaceAll(/\D/g, '');

/** Secondary Capture (PS3.3 A.8.1) of the test patient, made at this moment. */
const testObject = (target: TestImageTarget, now: Date): InstanceType<typeof Dataset> => {
  const [date = '', time = ''] = now.toISOString().split('T');
  return new Dataset(
    {
      SpecificCharacterSet: 'ISO_IR 192',
      SOPClassUID: SECONDARY_CAPTURE,
      SOPInstanceUID: target.sopInstanceUid,
      StudyInstanceUID: target.studyInstanceUid,
      SeriesInstanceUID: target.seriesInstanceUid,
      ...TEST_PATIENT,
      PatientBirthDate: '',
      PatientSex: '',
      StudyDate: digits(date),
      StudyTime: digits(time.slice(0, 8)),
      TimezoneOffsetFromUTC: '+0000',
      AccessionNumber: '',
      ReferringPhysicianName: '',
      StudyID: '',
      StudyDescription: 'Test image',
      Modality: 'OT',
      ConversionType: 'SYN',
      Manufacturer: 'Archwire',
      SeriesNumber: 1,
      InstanceNumber: 1,
      PatientOrientation: '',
      SamplesPerPixel: 1,
      PhotometricInterpretation: 'MONOCHROME2',
      Rows: TEST_IMAGE_SIZE,
      Columns: TEST_IMAGE_SIZE,
      BitsAllocated: 8,
      BitsStored: 8,
      HighBit: 7,
      PixelRepresentation: 0,
      PixelData: [drawTestImage().buffer],
      _vrMap: { PixelData: 'OB' },
    },
    EXPLICIT_LITTLE_ENDIAN,
  );
};

const failed = (reason: string, message: string): AppError =>
  new AppError('unavailable', message, { details: { reason } });

/**
 * C-STORE of a test image to a listener, over a socket like any device's. Resolves when it was answered with Success.
 * @throws AppError `unavailable` with `details.reason`: `network`, `rejected`, `timeout` or `status`.
 */
export const createSendTestImage =
  (listener: { readonly host: string; readonly port: number }) =>
  (target: TestImageTarget): Promise<void> =>
    new Promise((resolve, reject) => {
      const client = new Client();
      let status: number | undefined;
      const timer = setTimeout(
        () => reject(failed('timeout', 'The DICOM listener did not answer in time. Try again.')),
        PATIENCE_MS,
      );
      const settle = (work: () => void): void => {
        clearTimeout(timer);
        work();
      };
      const request = new requests.CStoreRequest(testObject(target, new Date()));
      request.on('response', (response) => {
        status = response.getStatus();
      });
      client.addRequest(request);
      client.on('associationRejected', () =>
        settle(() =>
          reject(
            failed('rejected', 'The DICOM listener rejected the association. Register the device first.'),
          ),
        ),
      );
      client.on('networkError', () =>
        settle(() => reject(failed('network', 'The DICOM listener cannot be reached on its own port.'))),
      );
      client.on('closed', () =>
        settle(() => {
          if (status === constants.Status.Success) resolve();
          else
            reject(
              failed(
                'status',
                `The image was refused with status 0x${(status ?? 0).toString(16).padStart(4, '0')}. The log of the server says why.`,
              ),
            );
        }),
      );
      client.send(listener.host, listener.port, target.callingAe, target.calledAe);
    });
