import { expect, it } from 'vitest';
import { welcome } from './welcome.ts';

const facts = {
  host: '::1',
  httpPort: 8080,
  dimsePort: 104,
  dimseTlsPort: 2762,
  aeTitle: 'NORTH',
  publicUrl: null,
  firstAdministrator: { tenantId: 't', email: 'admin@archwire.local', oneTimePassword: 'abcd-efgh' },
};

/** The words in the box, and that it is a box. */
const words = (text: string): string[] => {
  const lines = text.trim().split('\n');
  expect(new Set(lines.map((line) => line.length)).size).toBe(1);
  return lines
    .slice(1, -1)
    .map((line) => line.slice(1, -1).trim())
    .filter((line) => line !== '');
};

it('says where to look, where to send, and the password once', () => {
  expect(words(welcome(facts))).toEqual([
    'Archwire is ready.',
    'Open        http://[::1]:8080/',
    'Send DICOM  NORTH at ::1, port 104',
    '(TLS)  NORTH at ::1, port 2762',
    'E-mail      admin@archwire.local',
    'Password    abcd-efgh',
    'This password works once: you choose your own when you sign in.',
    'It is not shown again.',
  ]);
});

it('says no more than there is', () => {
  const firstAdministrator = { ...facts.firstAdministrator, oneTimePassword: null };
  expect(words(welcome({ ...facts, httpPort: null, dimseTlsPort: null, firstAdministrator }))).toEqual([
    'Archwire is ready.',
    'Send DICOM  NORTH at ::1, port 104',
    'E-mail      admin@archwire.local',
    'Password    the one of ARCHWIRE_ADMIN_PASSWORD',
  ]);
  expect(
    words(
      welcome({ ...facts, firstAdministrator: null, publicUrl: new URL('https://images.example.org') }),
    )[1],
  ).toBe('Open        https://images.example.org/');
});
