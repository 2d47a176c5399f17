import type { StudyAvailability } from '@archwire/archive';
import type { DicomJson } from '@archwire/dicom';

const text = (vr: string, value: string): DicomJson[string] => ({ vr, Value: [value] });

/** Attributes of an Instance Availability Notification (PS3.4 table R.3.2-1). `aeTitle`: where the instances can be fetched. */
export const availabilityDataSet = ({ series, studyUid }: StudyAvailability, aeTitle: string): DicomJson => ({
  '00081111': { vr: 'SQ' },
  '00081115': {
    vr: 'SQ',
    Value: series.map(({ instances, seriesUid }) => ({
      '00081199': {
        vr: 'SQ',
        Value: instances.map(({ SOPClassUID, SOPInstanceUID }) => ({
          '00080054': text('AE', aeTitle),
          '00080056': text('CS', 'ONLINE'),
          '00081150': text('UI', SOPClassUID),
          '00081155': text('UI', SOPInstanceUID),
        })),
      },
      '0020000E': text('UI', seriesUid),
    })),
  },
  '0020000D': text('UI', studyUid),
});
