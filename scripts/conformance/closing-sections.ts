import { characterSets } from './character-sets.ts';
import { markdownTable } from './markdown-table.ts';

/** Sections 3.3 to 6: network, configuration, media, character sets, security. */
export const closingSections = (): string => `### 3.3 Network interfaces

TCP/IP over IPv4 and IPv6 (PS3.8), port 11112 unless \`ARCHWIRE_DIMSE_PORT\` says otherwise.

### 3.4 Configuration

${markdownTable(
  ['What', 'Where'],
  [
    [
      'AE title, port, address that is listened at',
      '`ARCHWIRE_AE_TITLE`, `ARCHWIRE_DIMSE_PORT`, `ARCHWIRE_BIND`',
    ],
    [
      'TLS port, key, certificate, authority',
      '`ARCHWIRE_DIMSE_TLS_PORT`, `ARCHWIRE_TLS_KEY`, `ARCHWIRE_TLS_CERT`, `ARCHWIRE_TLS_CA`',
    ],
    [
      'Remote AE titles with address, host, port, TLS, location, issuer and services',
      'the page "Devices" of the application',
    ],
  ],
)}

## 4 Media interchange

DICOM files and file-sets are read (PS3.10, PS3.11): all storage SOP classes, all transfer syntaxes of section 7.2. DICOMDIR
is followed where it is there; files that it does not name are read as well. None are written.

## 5 Support of character sets

${markdownTable(['Defined term', 'Repertoire', 'Read', 'Written'], characterSets())}

Names match without regard to case and accents. Stored objects keep their character set.

## 6 Security

TLS 1.2 and 1.3 on a port of its own (PS3.15 B.12, BCP 195); with an authority configured, peers must show a certificate that it
signed. Connections to devices use TLS where the device says so. Associations, refusals, queries and retrievals are
recorded. User identity negotiation is not supported.
`;
