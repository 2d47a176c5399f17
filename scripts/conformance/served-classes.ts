import { transferSyntax } from '@archwire/dicom';
import type { DimseService } from '../../gateway/src/dimse/dimse-service.ts';
import { markdownTable } from './markdown-table.ts';
import type { ServiceRow } from './service-rows.ts';

const syntaxesOf = (served: readonly DimseService[]): string =>
  [...new Set(served.flatMap(({ transferSyntaxes }) => [...transferSyntaxes.keys()]))]
    .map((uid) => transferSyntax(uid)?.keyword ?? uid)
    .join(', ');

/** The presentation contexts that are accepted beside those of storage. */
export const servedClasses = (
  rows: readonly ServiceRow[],
): string => `#### 3.2.3 Accepted presentation contexts

Storage: every class of section 7.1 with every syntax of section 7.2; the device needs \`store\`.

${markdownTable(
  ['SOP class', 'Operations', 'Transfer syntaxes', 'The device needs'],
  rows
    .filter(({ isScp }) => isScp)
    .map(({ name, served, service }) => [
      name,
      [...new Set(served.map((one) => one.name))].join(', '),
      syntaxesOf(served),
      service ?? 'nothing',
    ]),
)}

SCP/SCU role selection (PS3.7 D.3.3.4) is answered: the SCP role of storage classes is granted to a peer that also proposes
C-GET. Without a proposal the peer is SCU.
`;
