import type { DicomService } from '@archwire/contracts';
import dimse from 'dcmjs-dimse';

const SERVICES: ReadonlyMap<string, DicomService | null> = new Map([
  [dimse.constants.SopClass.Verification, null],
  ['1.2.840.10008.5.1.4.1.2.1.1', 'query'],
  ['1.2.840.10008.5.1.4.1.2.2.1', 'query'],
  ['1.2.840.10008.5.1.4.1.2.1.2', 'retrieve'],
  ['1.2.840.10008.5.1.4.1.2.2.2', 'retrieve'],
  ['1.2.840.10008.5.1.4.1.2.1.3', 'retrieve'],
  ['1.2.840.10008.5.1.4.1.2.2.3', 'retrieve'],
  ['1.2.840.10008.5.1.4.31', 'worklist'],
  ['1.2.840.10008.3.1.2.3.3', 'mpps'],
  ['1.2.840.10008.1.20.1', 'commitment'],
]);

/**
 * The service that a peer asks for by an abstract syntax that this listener knows (PS3.4 annexes A, B, C, F, J, K); `null` for
 * Verification, which every admitted peer may use. Whatever is no other service is storage.
 */
export const serviceOf = (abstractSyntax: string): DicomService | null => {
  const service = SERVICES.get(abstractSyntax);
  return service === undefined ? 'store' : service;
};
