import type { NaturalDataSet } from '../natural-data-set.ts';
import { TOOTH_CODES } from './tooth-codes.ts';

const CODE_OF = new Map(
  // Those with letters are of SNOMED RT, which nobody writes any more.
  [...TOOTH_CODES].filter(([code]) => /^\d+$/.test(code)).map(([code, tooth]) => [tooth, code]),
);
const QUADRANTS: Readonly<Record<string, string>> = {
  1: 'Permanent upper right',
  2: 'Permanent upper left',
  3: 'Permanent lower left',
  4: 'Permanent lower right',
  5: 'Deciduous upper right',
  6: 'Deciduous upper left',
  7: 'Deciduous lower left',
  8: 'Deciduous lower right',
};

/** The item of Primary Anatomic Structure Sequence for a tooth of ISO 3950 (CID 4018, 4019); `undefined` for no such tooth. */
export const toothStructure = (tooth: string): NaturalDataSet | undefined => {
  const CodeValue = CODE_OF.get(tooth);
  return CodeValue === undefined
    ? undefined
    : {
        CodeValue,
        CodingSchemeDesignator: 'SCT',
        CodeMeaning: `${QUADRANTS[tooth.charAt(0)] ?? ''} ${tooth.charAt(1)} tooth`,
      };
};
