import { storageSopClasses, transferSyntaxes } from '@archwire/dicom';
import type { PresentationPolicy } from '../../gateway/src/dimse/presentation-policy.ts';
import { markdownTable } from './markdown-table.ts';

const CT = '1.2.840.10008.5.1.4.1.1.2';

/** Storage SOP classes and transfer syntaxes, each asked of the policy by which associations are negotiated. */
export const annexes = (policy: PresentationPolicy): string => {
  const classes = storageSopClasses.filter(({ uid }) => policy.acceptsAbstractSyntax(uid));
  const syntaxes = transferSyntaxes.filter(({ uid }) => policy.acceptsTransferSyntax(uid, CT));
  return `## 7 Annexes

### 7.1 Storage SOP classes

All ${classes.length} storage SOP classes of PS3.6, the retired ones too, as SCP. Classes under the storage root of PS3.6 that
are newer than this table are accepted as well, and private classes, whose UIDs lie outside of the DICOM root.

${markdownTable(
  ['SOP class', 'UID'],
  classes.map(({ keyword, uid, retired }) => [retired ? `${keyword} (retired)` : keyword, uid]),
)}

### 7.2 Transfer syntaxes of stored objects

The first one that the proposer lists and that stands here is accepted; the bytes are kept as they were received.

${markdownTable(
  ['Transfer syntax', 'UID'],
  syntaxes.map(({ keyword, uid, retired }) => [retired ? `${keyword} (retired)` : keyword, uid]),
)}
`;
};
