import dimse from 'dcmjs-dimse';
import { expect, test } from 'vitest';
import { createAssociationPdus } from './association-pdus.ts';

const pdus = createAssociationPdus({ maxPduLength: 131_072 });

const hex = (...lines: readonly string[]): string => lines.join('').replaceAll(/[^0-9a-f]/g, '');
const ascii = (text: string): string => Buffer.from(text, 'latin1').toString('hex');

test('A-ASSOCIATE-AC, byte for byte (PS3.8 section 9.3.3)', () => {
  const bytes = pdus.accept({ calledAe: 'ARCHWIRE', callingAe: 'PANO' }, [
    // Ids in the order proposed, not ascending: the library alone would renumber them.
    { id: 9, abstractSyntax: '1.2.840.10008.1.1', result: 0, transferSyntax: '1.2.840.10008.1.2' },
    {
      id: 3,
      abstractSyntax: '1.2.840.10008.5.1.4.1.1.2',
      result: 0,
      transferSyntax: '1.2.840.10008.1.2.1',
      roles: { scu: true, scp: false },
    },
    { id: 255, abstractSyntax: '1.2.3', result: 3, transferSyntax: '1.2.840.10008.1.2' },
  ]);
  expect(bytes.toString('hex')).toBe(
    hex(
      '02 00 00000121', // A-ASSOCIATE-AC, 289 bytes follow
      '0001 0000', // protocol version 1, reserved
      ascii('ARCHWIRE'.padEnd(16)), // called AE title, as it came
      ascii('PANO'.padEnd(16)), // calling AE title
      '00'.repeat(32), // reserved
      '10 00 0015',
      ascii('1.2.840.10008.3.1.1.1'), // application context
      '21 00 0019  09 00 00 00', // context 9: acceptance
      '40 00 0011',
      ascii('1.2.840.10008.1.2'),
      '21 00 001b  03 00 00 00', // context 3: acceptance
      '40 00 0013',
      ascii('1.2.840.10008.1.2.1'),
      '21 00 0019  ff 00 03 00', // context 255: abstract syntax not supported
      '40 00 0011',
      ascii('1.2.840.10008.1.2'), // not significant
      '50 00 0067', // user information
      '51 00 0004 00020000', // we take P-DATA-TF of 131072 bytes
      '52 00 002c',
      ascii(dimse.Implementation.getImplementationClassUid()),
      '54 00 001d 0019',
      ascii('1.2.840.10008.5.1.4.1.1.2'),
      '01 00', // the peer may be SCU, not SCP
      '55 00 000a',
      ascii('ARCHWIRE_1'),
    ),
  );
});

test('the short PDUs, byte for byte', () => {
  expect({
    reject: pdus.reject(1, 1, 7).toString('hex'),
    rejectTransient: pdus.reject(2, 3, 2).toString('hex'),
    releaseResponse: pdus.releaseResponse().toString('hex'),
    abortUser: pdus.abort(0, 0).toString('hex'),
    abortProvider: pdus.abort(2, 6).toString('hex'),
  }).toEqual({
    reject: '03000000000400010107',
    rejectTransient: '03000000000400020302',
    releaseResponse: '06000000000400000000',
    abortUser: '07000000000400000000',
    abortProvider: '07000000000400000206',
  });
});

test('contract: the pinned library has the private members that PduScribe leans on', () => {
  const network: unknown = Object.getPrototypeOf(dimse.Scp.prototype);
  const kindOf = (name: string): string => typeof Object.getOwnPropertyDescriptor(network, name)?.value;
  expect({
    version: dimse.version,
    wrapSocket: kindOf('_wrapSocket'),
    sendPdu: kindOf('_sendPdu'),
    accept: kindOf('sendAssociationAccept'),
    reject: kindOf('sendAssociationReject'),
    abort: kindOf('sendAbort'),
    releaseResponse: kindOf('sendAssociationReleaseResponse'),
  }).toEqual({
    version: '0.3.3',
    wrapSocket: 'function',
    sendPdu: 'function',
    accept: 'function',
    reject: 'function',
    abort: 'function',
    releaseResponse: 'function',
  });
  const list = new dimse.association.Association('A', 'B').getPresentationContexts();
  expect(list).toEqual([]);
});
