import { DICOM_SERVICES, type DicomService } from '@archwire/contracts';
import { storageSopClasses, transferSyntaxes } from '@archwire/dicom';
import { expect, test } from 'vitest';
import { negotiateContexts } from './negotiate-contexts.ts';
import type { DimseService } from './dimse-service.ts';
import { echoService } from './echo-service.ts';
import { createPresentationPolicy } from './presentation-policy.ts';
import { createFindScp } from './query/find-scp.ts';

const perform = async () => ({ status: { code: 0 } });
const COMMITMENT = '1.2.840.10008.1.20.1';
const STUDY_ROOT_GET = '1.2.840.10008.5.1.4.1.2.2.3';
const plain = { transferSyntaxes: echoService.transferSyntaxes, needsDataSet: false, perform };
const get: DimseService = {
  ...plain,
  name: 'C-GET',
  commandField: 0x0010,
  abstractSyntaxes: new Set([STUDY_ROOT_GET]),
  storesAtPeer: true,
};
const report: DimseService = {
  ...plain,
  name: 'N-EVENT-REPORT',
  commandField: 0x0100,
  abstractSyntaxes: new Set([COMMITMENT]),
  peerRole: 'scp',
};
const services = [echoService, createFindScp(async function* () {})];
const policy = createPresentationPolicy({ acceptPrivateSopClasses: true, services });
const ALL = new Set(DICOM_SERVICES);
const IMPLICIT = '1.2.840.10008.1.2';
const EXPLICIT = '1.2.840.10008.1.2.1';
const JPEG_LOSSLESS = '1.2.840.10008.1.2.4.70';
const CT = '1.2.840.10008.5.1.4.1.1.2';
const PATIENT_ROOT_MOVE = '1.2.840.10008.5.1.4.1.2.1.2';

test('every context is answered under its own id, in the order proposed, with the first syntax of the proposer', () => {
  const contexts = [
    { id: 5, abstractSyntax: '1.2.840.10008.1.1', transferSyntaxes: [IMPLICIT] },
    { id: 1, abstractSyntax: CT, transferSyntaxes: [JPEG_LOSSLESS, EXPLICIT, IMPLICIT] },
    { id: 255, abstractSyntax: CT, transferSyntaxes: ['1.2.840.113619.5.2', IMPLICIT, EXPLICIT] },
    { id: 7, abstractSyntax: CT, transferSyntaxes: ['1.2.840.113619.5.2', '1.2.840.10008.1.20'] },
    { id: 9, abstractSyntax: CT, transferSyntaxes: [] },
    { id: 11, abstractSyntax: PATIENT_ROOT_MOVE, transferSyntaxes: [EXPLICIT] },
    { id: 4, abstractSyntax: CT, transferSyntaxes: [EXPLICIT] },
    { id: 13, abstractSyntax: '1.3.12.2.1107.5.9.1', transferSyntaxes: [EXPLICIT] },
  ];
  expect(negotiateContexts({ contexts, roles: new Map() }, policy, ALL)).toEqual([
    { id: 5, abstractSyntax: '1.2.840.10008.1.1', result: 0, transferSyntax: IMPLICIT },
    { id: 1, abstractSyntax: CT, result: 0, transferSyntax: JPEG_LOSSLESS },
    { id: 255, abstractSyntax: CT, result: 0, transferSyntax: IMPLICIT },
    { id: 7, abstractSyntax: CT, result: 4, transferSyntax: '1.2.840.113619.5.2' },
    { id: 9, abstractSyntax: CT, result: 4, transferSyntax: IMPLICIT },
    { id: 11, abstractSyntax: PATIENT_ROOT_MOVE, result: 3, transferSyntax: EXPLICIT },
    { id: 4, abstractSyntax: CT, result: 2, transferSyntax: EXPLICIT },
    { id: 13, abstractSyntax: '1.3.12.2.1107.5.9.1', result: 0, transferSyntax: EXPLICIT },
  ]);
});

test('roles are answered once per abstract syntax; who only wants to be SCP finds no SCU here', () => {
  const contexts = [
    { id: 1, abstractSyntax: CT, transferSyntaxes: [EXPLICIT] },
    { id: 3, abstractSyntax: CT, transferSyntaxes: [JPEG_LOSSLESS] },
    { id: 5, abstractSyntax: '1.2.840.10008.5.1.4.1.1.4', transferSyntaxes: [EXPLICIT] },
  ];
  const roles = new Map([
    [CT, { scu: true, scp: true }],
    ['1.2.840.10008.5.1.4.1.1.4', { scu: false, scp: true }],
  ]);
  expect(negotiateContexts({ contexts, roles }, policy, ALL)).toEqual([
    { id: 1, abstractSyntax: CT, result: 0, transferSyntax: EXPLICIT, roles: { scu: true, scp: false } },
    { id: 3, abstractSyntax: CT, result: 0, transferSyntax: JPEG_LOSSLESS },
    { id: 5, abstractSyntax: '1.2.840.10008.5.1.4.1.1.4', result: 1, transferSyntax: EXPLICIT },
  ]);
});

test('the SCP role of storage is granted to who also proposes C-GET, the one of a report to its SCP only', () => {
  const withMore = createPresentationPolicy({
    acceptPrivateSopClasses: true,
    services: [...services, get, report],
  });
  const contexts = [
    { id: 1, abstractSyntax: STUDY_ROOT_GET, transferSyntaxes: [EXPLICIT] },
    { id: 3, abstractSyntax: CT, transferSyntaxes: [EXPLICIT] },
    { id: 5, abstractSyntax: COMMITMENT, transferSyntaxes: [EXPLICIT] },
  ];
  const rolesOf = (proposed: { scu: boolean; scp: boolean }, from: number) =>
    negotiateContexts(
      {
        contexts: contexts.slice(from),
        roles: new Map([STUDY_ROOT_GET, CT, COMMITMENT].map((uid) => [uid, proposed])),
      },
      withMore,
      ALL,
    ).map(({ abstractSyntax, result, roles }) => [abstractSyntax, result, roles]);
  const both = { scu: true, scp: true };
  const scp = { scu: false, scp: true };
  const scu = { scu: true, scp: false };
  expect(rolesOf(both, 0)).toEqual([
    [STUDY_ROOT_GET, 0, scu],
    [CT, 0, both],
    [COMMITMENT, 0, scp],
  ]);
  expect(rolesOf(scp, 0)).toEqual([
    [STUDY_ROOT_GET, 1, undefined],
    [CT, 0, scp],
    [COMMITMENT, 0, scp],
  ]);
  // Without C-GET nobody here would use it.
  expect(rolesOf(both, 1)).toEqual([
    [CT, 0, scu],
    [COMMITMENT, 0, scp],
  ]);
  expect(rolesOf(scu, 1)).toEqual([
    [CT, 0, scu],
    [COMMITMENT, 1, undefined],
  ]);
});

test('a service that the peer may not use is refused as its user would, known apart from one that is not there', () => {
  const contexts = [
    { id: 1, abstractSyntax: '1.2.840.10008.1.1', transferSyntaxes: [IMPLICIT] },
    { id: 3, abstractSyntax: CT, transferSyntaxes: [EXPLICIT] },
    { id: 5, abstractSyntax: '1.3.12.2.1107.5.9.1', transferSyntaxes: [EXPLICIT] },
    { id: 7, abstractSyntax: '1.2.840.10008.5.1.4.1.2.2.1', transferSyntaxes: [EXPLICIT] },
    { id: 9, abstractSyntax: '1.2.840.10008.5.1.1.9', transferSyntaxes: [EXPLICIT] },
  ];
  const answer = (services: readonly DicomService[]) =>
    negotiateContexts({ contexts, roles: new Map() }, policy, new Set(services)).map(({ result, denied }) => [
      result,
      denied,
    ]);
  expect(answer(['query'])).toEqual([
    [0, undefined],
    [1, 'store'],
    [1, 'store'],
    [0, undefined],
    [3, undefined],
  ]);
  expect(answer(['store'])).toEqual([
    [0, undefined],
    [0, undefined],
    [0, undefined],
    [1, 'query'],
    [3, undefined],
  ]);
});

test('private storage can be turned off; a standard class newer than this product is taken all the same', () => {
  const strict = createPresentationPolicy({ acceptPrivateSopClasses: false, services });
  const answers = [
    '1.3.12.2.1107.5.9.1',
    '1.2.840.10008.5.1.4.1.1.999.1',
    'not a uid',
    '1.2.840.10008.5.1.4.31',
  ].map((uid) => [policy.acceptsAbstractSyntax(uid), strict.acceptsAbstractSyntax(uid)]);
  expect(answers).toEqual([
    [true, false],
    [true, true],
    [false, false],
    [false, false],
  ]);
});

test('every storage SOP class of PS3.6 is accepted, the retired ones too', () => {
  expect(storageSopClasses.filter(({ uid }) => !policy.acceptsAbstractSyntax(uid))).toEqual([]);
  expect(storageSopClasses.length).toBeGreaterThan(150);
  // Protocol Approval and Inventory FIND lie under the storage root and store nothing.
  expect(
    ['1.2.840.10008.5.1.4.1.1.200.4', '1.2.840.10008.5.1.4.1.1.201.2'].map(policy.acceptsAbstractSyntax),
  ).toEqual([false, false]);
});

const CT_IMAGE = '1.2.840.10008.5.1.4.1.1.2';

test('every transfer syntax of PS3.6 that carries a data set is accepted', () => {
  expect(
    transferSyntaxes
      .filter(({ uid }) => !policy.acceptsTransferSyntax(uid, CT_IMAGE))
      .map(({ keyword }) => keyword),
  ).toEqual([
    'JPIPReferenced',
    'JPIPReferencedDeflate',
    'JPIPHTJ2KReferenced',
    'JPIPHTJ2KReferencedDeflate',
    'RFC2557MIMEEncapsulation',
    'XMLEncoding',
    'SMPTEST211020UncompressedProgressiveActiveVideo',
    'SMPTEST211020UncompressedInterlacedActiveVideo',
    'SMPTEST211030PCMDigitalAudio',
    'Papyrus3ImplicitVRLittleEndian',
  ]);
});

test('identifiers are exchanged in plain syntaxes only', () => {
  expect(
    transferSyntaxes
      .filter(({ uid }) => policy.acceptsTransferSyntax(uid, '1.2.840.10008.5.1.4.1.2.2.1'))
      .map(({ keyword }) => keyword),
  ).toEqual(['ImplicitVRLittleEndian', 'ExplicitVRLittleEndian', 'ExplicitVRBigEndian']);
});

test('who may fetch and not store is SCP of storage beside C-GET, and whoever was asked for a commitment may report it', () => {
  const withMore = createPresentationPolicy({
    acceptPrivateSopClasses: true,
    services: [...services, get, report],
  });
  const contexts = [
    { id: 1, abstractSyntax: STUDY_ROOT_GET, transferSyntaxes: [EXPLICIT] },
    { id: 3, abstractSyntax: CT, transferSyntaxes: [EXPLICIT] },
    { id: 5, abstractSyntax: COMMITMENT, transferSyntaxes: [EXPLICIT] },
  ];
  const roles = new Map([
    [CT, { scu: true, scp: true }],
    [COMMITMENT, { scu: false, scp: true }],
  ]);
  const answer = (allowed: readonly DicomService[]) =>
    negotiateContexts({ contexts, roles }, withMore, new Set(allowed)).map((context) => [
      context.result,
      context.denied,
      context.roles,
    ]);
  const scp = { scu: false, scp: true };
  expect(answer(['retrieve'])).toEqual([
    [0, undefined, undefined],
    [0, 'store', scp],
    [0, 'commitment', scp],
  ]);
  // Without the right to fetch nobody here would use the role.
  expect(answer([])).toEqual([
    [1, 'retrieve', undefined],
    [1, 'store', undefined],
    [0, 'commitment', scp],
  ]);
});
