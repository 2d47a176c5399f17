import { expect, test } from 'vitest';
import { readAssociateRequest } from './associate-request.ts';
import {
  associateRequest,
  asyncItem,
  CT,
  EXPLICIT,
  IMPLICIT,
  roleItem,
  userIdentityItem,
  VERIFICATION,
} from './testing/peer-pdus.ts';

const body = (request: Parameters<typeof associateRequest>[0]): Buffer =>
  associateRequest(request).subarray(6);

test('a whole request is read; what is not granted is passed over', () => {
  const request = body({
    calledAe: 'ARCHWIRE',
    callingAe: ' PANO\u0000\u0000',
    contexts: [
      { id: 9, abstractSyntax: VERIFICATION, transferSyntaxes: [IMPLICIT] },
      { id: 3, abstractSyntax: CT, transferSyntaxes: [EXPLICIT, `${IMPLICIT}\0`] },
    ],
    maxPduLength: 0,
    userItems: [roleItem(CT, 1, 0), asyncItem(8, 8), userIdentityItem('someone')],
  });
  expect(readAssociateRequest(request)).toEqual({
    protocolVersion: 1,
    calledAe: 'ARCHWIRE',
    callingAe: 'PANO',
    applicationContext: '1.2.840.10008.3.1.1.1',
    contexts: [
      { id: 9, abstractSyntax: VERIFICATION, transferSyntaxes: [IMPLICIT] },
      { id: 3, abstractSyntax: CT, transferSyntaxes: [EXPLICIT, IMPLICIT] },
    ],
    maxPduLength: 0,
    implementationClassUid: '2.25.1',
    roles: new Map([[CT, { scu: true, scp: false }]]),
    extended: new Map(),
  });
});

test('an AE title is safe to log and to show', () => {
  const request = readAssociateRequest(body({ callingAe: 'A\n\u001b[31m\u00e9' }));
  expect('callingAe' in request && request.callingAe).toBe('A??[31m?');
});

test('two contexts under one id are refused as a whole: data on that id could be kept under the wrong syntax', () => {
  const context = { id: 3, abstractSyntax: CT, transferSyntaxes: [EXPLICIT] };
  expect(
    readAssociateRequest(body({ contexts: [context, { ...context, transferSyntaxes: [IMPLICIT] }] })),
  ).toEqual({
    source: 2,
    reason: 6,
    reasonText: 'A-ASSOCIATE-RQ has an item that does not fit or a repeated context id',
  });
});

test('a request cut anywhere is a fault or a shorter request, never an exception', () => {
  const whole = body({ userItems: [roleItem(CT, 1, 1)] });
  for (let length = 0; length < whole.length; length++) {
    const read = readAssociateRequest(whole.subarray(0, length));
    expect('reason' in read ? read.reason : read.contexts.length < 3).toBe('reason' in read ? 6 : true);
  }
});
