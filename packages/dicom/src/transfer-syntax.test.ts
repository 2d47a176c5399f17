import { isUid } from '@archwire/contracts';
import { describe, expect, it } from 'vitest';
import { isStorageSopClass, storageSopClass, storageSopClasses } from './storage-sop-class.ts';
import { transferSyntax, transferSyntaxes } from './transfer-syntax.ts';

const plain = {
  explicitVr: true,
  littleEndian: true,
  deflated: false,
  encapsulated: false,
  lossy: false,
  retired: false,
};

describe('transferSyntax', () => {
  it.each([
    ['1.2.840.10008.1.2', { ...plain, keyword: 'ImplicitVRLittleEndian', explicitVr: false }],
    ['1.2.840.10008.1.2.1', { ...plain, keyword: 'ExplicitVRLittleEndian' }],
    ['1.2.840.10008.1.2.2', { ...plain, keyword: 'ExplicitVRBigEndian', littleEndian: false, retired: true }],
    ['1.2.840.10008.1.2.1.99', { ...plain, keyword: 'DeflatedExplicitVRLittleEndian', deflated: true }],
    ['1.2.840.10008.1.2.4.50', { ...plain, keyword: 'JPEGBaseline8Bit', encapsulated: true, lossy: true }],
    ['1.2.840.10008.1.2.4.202', { ...plain, keyword: 'HTJ2KLosslessRPCL', encapsulated: true }],
  ])('%s', (uid, expected) => {
    expect(transferSyntax(uid)).toEqual({ uid, ...expected });
  });

  it('knows no others', () => {
    expect([transferSyntax('1.2.3'), transferSyntax('')]).toEqual([undefined, undefined]);
  });

  it('names each once', () => {
    expect(new Set(transferSyntaxes.map(({ uid }) => uid)).size).toBe(transferSyntaxes.length);
    expect(new Set(transferSyntaxes.map(({ keyword }) => keyword)).size).toBe(transferSyntaxes.length);
    expect(transferSyntaxes.filter(({ uid }) => !isUid(uid))).toEqual([]);
  });
});

describe('storageSopClass', () => {
  it('knows what a dental group stores', () => {
    const base = '1.2.840.10008.5.1.4.1.1';
    const dental = [
      '1',
      '1.1',
      '1.1.1',
      '1.3',
      '1.3.1',
      '2',
      '7',
      '7.4',
      '11.1',
      '13.1.2',
      '66.4',
      '66.7',
      '68.1',
      '77.1.4',
      '88.33',
      '88.59',
      '104.1',
      '104.3',
      '131',
    ];
    expect(dental.filter((suffix) => !isStorageSopClass(`${base}.${suffix}`))).toEqual([]);
    expect(storageSopClass(`${base}.1.3`)).toEqual({
      uid: `${base}.1.3`,
      keyword: 'DigitalIntraOralXRayImageStorageForPresentation',
      retired: false,
    });
  });

  it('knows retired classes and says so', () => {
    expect(storageSopClass('1.2.840.10008.5.1.4.1.1.6')).toMatchObject({ retired: true });
  });

  it.each(['1.2.840.10008.1.1', '1.2.840.10008.5.1.4.1.2.2.1', '1.2.840.10008.1.20.1', '1.2.3'])(
    '%s is not stored',
    (uid) => {
      expect(isStorageSopClass(uid)).toBe(false);
    },
  );

  it('names each once', () => {
    expect(new Set(storageSopClasses.map(({ uid }) => uid)).size).toBe(storageSopClasses.length);
    expect(storageSopClasses.filter(({ uid, keyword }) => !isUid(uid) || !/Storage/.test(keyword))).toEqual(
      [],
    );
  });
});
