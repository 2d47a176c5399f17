import dimse from 'dcmjs-dimse';
import { CommandField } from './command-field.ts';
import type { DimseService } from './dimse-service.ts';
import { SUCCESS } from './dimse-status.ts';
import { PLAIN_TRANSFER_SYNTAXES } from './plain-transfer-syntaxes.ts';

/** C-ECHO (PS3.7 section 9.1.5). */
export const echoService: DimseService = {
  name: 'C-ECHO',
  commandField: CommandField.CEcho,
  abstractSyntaxes: new Set([dimse.constants.SopClass.Verification]),
  transferSyntaxes: PLAIN_TRANSFER_SYNTAXES,
  needsDataSet: false,
  perform: async () => ({ status: SUCCESS }),
};
