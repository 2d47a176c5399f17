import type { DicomJson, DicomJsonAttribute, DicomJsonValue } from '@archwire/dicom';
import { rowElement } from '../query/search-row-json.ts';
import type { WorklistRow } from './search-worklist.ts';

const SEQUENCE = (...items: readonly DicomJson[]): DicomJsonAttribute =>
  items.length === 0 ? { vr: 'SQ' } : { vr: 'SQ', Value: [...items] };

const codes = ({ protocol_codes }: WorklistRow): readonly DicomJson[] =>
  protocol_codes.map(({ value, scheme, meaning }) => ({
    '00080100': { vr: 'SH', Value: [value] },
    '00080102': { vr: 'SH', Value: [scheme] },
    '00080104': { vr: 'LO', Value: [meaning] },
  }));

/** Scheduled Procedure Step Status (0040,0020) in its defined terms: whoever is on the worklist has checked in. */
const STATUS = { scheduled: 'ARRIVED', in_progress: 'STARTED' } as const;

const stepOf = (row: WorklistRow, stations: readonly string[]): DicomJson => ({
  '00080060': rowElement('CS', row.modality),
  '00321070': { vr: 'LO' },
  '00400001': rowElement('AE', stations),
  '00400002': rowElement('DA', row.start_date),
  '00400003': rowElement('TM', row.start_time),
  '00400004': { vr: 'DA' },
  '00400005': { vr: 'TM' },
  '00400006': rowElement('PN', row.performing_name),
  '00400007': rowElement('LO', row.step_description ?? row.description),
  '00400008': SEQUENCE(...codes(row)),
  '00400009': rowElement('SH', row.step_id),
  '00400010': rowElement('SH', row.station_name),
  '00400011': rowElement('SH', row.place),
  '00400012': { vr: 'LO' },
  '00400020': rowElement('CS', STATUS[row.step_state]),
  '00400400': { vr: 'LT' },
});

/** All that the worklist knows of one step (PS3.4 table K.6-1); what is known to be empty is there and empty. */
const wholeItem = (row: WorklistRow, stations: readonly string[]): DicomJson => ({
  '00080050': rowElement('SH', row.accession_no),
  '00080051': SEQUENCE({ '00400031': rowElement('UT', row.accession_issuer) }),
  '00080090': { vr: 'PN' },
  '00081110': SEQUENCE(),
  '00081120': SEQUENCE(),
  '00100010': rowElement('PN', row.pat_name),
  '00100020': rowElement('LO', row.pat_id),
  '00100021': rowElement('LO', row.pat_issuer),
  '00100030': rowElement('DA', row.pat_birth_date),
  '00100040': rowElement('CS', row.pat_sex),
  '00101030': { vr: 'DS' },
  '00102000': rowElement('LO', row.medical_alerts),
  '00102110': rowElement('LO', row.allergies),
  '001021C0': { vr: 'US' },
  '0020000D': rowElement('UI', row.study_uid),
  '00321032': rowElement('PN', row.requesting_name),
  '00321033': { vr: 'LO' },
  '00321060': rowElement('LO', row.description),
  '00321064': SEQUENCE(),
  '00380010': { vr: 'LO' },
  '00380050': { vr: 'LO' },
  '00380300': { vr: 'LO' },
  '00380500': { vr: 'LO' },
  '00400100': SEQUENCE(stepOf(row, stations)),
  '00401001': rowElement('SH', row.requested_procedure_id),
  '00401003': rowElement('SH', row.priority),
  '00401004': { vr: 'LO' },
  '00401400': { vr: 'LT' },
  '00403001': { vr: 'LO' },
});

const isItem = (value: DicomJsonValue | undefined): value is DicomJson =>
  typeof value === 'object' && value !== null && Object.values(value).every((e) => typeof e === 'object');

/** What was asked for: a sequence with no item, or with an empty one, asks for all of it (PS3.4 section C.2.2.2.6). */
const project = (known: DicomJson, asked: DicomJson): DicomJson =>
  Object.fromEntries(
    Object.entries(asked).map(([tag, { vr, Value = [] }]): [string, DicomJsonAttribute] => {
      const attribute = known[tag];
      const [item] = Value;
      if (attribute === undefined) return [tag, { vr }];
      if (attribute.vr !== 'SQ' || !isItem(item) || Object.keys(item).length === 0) return [tag, attribute];
      return [
        tag,
        SEQUENCE(
          ...(attribute.Value ?? []).filter((value) => isItem(value)).map((value) => project(value, item)),
        ),
      ];
    }),
  );

/** Of the data set itself, not keys. */
const CONTROL: ReadonlySet<string> = new Set(['00080005', '00080201']);

/** The one station that was asked for. */
const askedStation = (asked: DicomJson | null): string | undefined => {
  const [item] = asked?.['00400100']?.Value ?? [];
  const [title] = (isItem(item) ? item['00400001']?.Value : undefined) ?? [];
  return typeof title === 'string' && !/[*?]/.test(title) && title.trim() !== '' ? title.trim() : undefined;
};

/**
 * The answer to a question: its keys with what is known of one step; all there is when `asked` is `null`. A step for any
 * device of its modality names the station that asks, because the standard wants one (type 1) and devices look for their own.
 */
export const worklistItem = (row: WorklistRow, asked: DicomJson | null, aeTitle: string): DicomJson => {
  const stations = row.station_aes.length > 0 ? row.station_aes : [askedStation(asked) ?? aeTitle];
  const known = wholeItem(row, stations);
  if (asked === null) return known;
  return project(known, Object.fromEntries(Object.entries(asked).filter(([tag]) => !CONTROL.has(tag))));
};
