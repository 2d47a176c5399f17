import type { CodedConcept } from './code.ts';

/** Structure of a tooth in CID 4018 (permanent teeth) by ISO 3950 number: SNOMED CT codes. */
const PERMANENT: Readonly<Record<number, string>> = {
  18: '68085002',
  17: '7121006',
  16: '5140004',
  15: '36492000',
  14: '57826002',
  13: '80647007',
  12: '11712009',
  11: '22120004',
  21: '31982000',
  22: '25748002',
  23: '72876007',
  24: '61897005',
  25: '23226009',
  26: '23427002',
  27: '66303006',
  28: '87704003',
  38: '74344005',
  37: '48402004',
  36: '89625000',
  35: '24573005',
  34: '2400006',
  33: '39844006',
  32: '77130001',
  31: '113278005',
  41: '15422005',
  42: '82628004',
  43: '47055002',
  44: '80140008',
  45: '8873007',
  46: '28480000',
  47: '40005008',
  48: '38994002',
};

/** ISO 3950 numbers of the permanent teeth, upper right third molar first, in the order a panoramic image shows them (patient's right at the left). */
export const UPPER_TEETH = [18, 17, 16, 15, 14, 13, 12, 11, 21, 22, 23, 24, 25, 26, 27, 28] as const;
export const LOWER_TEETH = [48, 47, 46, 45, 44, 43, 42, 41, 31, 32, 33, 34, 35, 36, 37, 38] as const;
export type Tooth = (typeof UPPER_TEETH)[number] | (typeof LOWER_TEETH)[number];

/** The item of Primary Anatomic Structure Sequence for one tooth (PS3.3 C.8.11.9, CID 4018). */
export const toothConcept = (tooth: Tooth): CodedConcept => {
  const CodeValue = PERMANENT[tooth];
  if (CodeValue === undefined) throw new Error(`No code for tooth ${tooth}`);
  return { CodeValue, CodingSchemeDesignator: 'SCT', CodeMeaning: `Structure of tooth ${tooth} (ISO 3950)` };
};
