import type { KnownIdentity } from '@archwire/archive';
import { type Annotation, type InstanceHead, isoDate } from '@archwire/dicom';

/** What may be burnt into a picture (PS3.18 section 8.3.5.1.1). */
export type AnnotationKind = 'patient' | 'technique';

const line = (...parts: readonly (string | null | undefined)[]): readonly string[] => {
  const text = parts.filter((part) => part !== null && part !== undefined && part !== '').join('  ');
  return text === '' ? [] : [text];
};

/** Family name first, as on a film: `Müller, Änne`. */
const readable = (name: string | null): string => {
  const [alphabetic = ''] = (name ?? '').split('=');
  const [family = '', ...given] = alphabetic.split('^').map((part) => part.trim());
  return [family, given.filter((part) => part !== '').join(' ')].filter((part) => part !== '').join(', ');
};

const date = (text: string | null): string => (text === null ? '' : (isoDate(text) ?? ''));

const measured = (head: InstanceHead, tag: string, unit: string): string => {
  const value = Number(head.dataSet.string(tag));
  return Number.isFinite(value) && value > 0 ? `${value} ${unit}` : '';
};

/** Who it is, as the practice knows it, and how the image was made; only what is asked for. */
export const annotationOf = (
  head: InstanceHead,
  identity: KnownIdentity | null,
  frame: number,
  kinds: ReadonlySet<AnnotationKind>,
): Annotation => {
  const { header } = head;
  const who = identity ?? header;
  const { SeriesNumber, InstanceNumber, NumberOfFrames } = header;
  return {
    patient: kinds.has('patient')
      ? [
          ...line(readable(who.PatientName)),
          ...line(who.PatientID, date(who.PatientBirthDate), who.PatientSex),
        ]
      : [],
    technique: kinds.has('technique')
      ? [
          ...line(
            header.Modality,
            date(header.StudyDate),
            SeriesNumber === null ? '' : `S${SeriesNumber}`,
            InstanceNumber === null ? '' : `I${InstanceNumber}`,
            (NumberOfFrames ?? 1) > 1 ? `F${frame}/${NumberOfFrames}` : '',
          ),
          ...line(
            measured(head, 'x00180060', 'KV'),
            measured(head, 'x00181151', 'MA'),
            measured(head, 'x00181150', 'MS'),
          ),
        ]
      : [],
  };
};
