import { DICOM_SERVICES } from '@archwire/contracts';
import { markdownTable } from './markdown-table.ts';
import type { ServiceRow } from './service-rows.ts';

const yes = (is: boolean): string => (is ? 'yes' : 'no');

/** Sections 1 and 2 of PS3.2: what it is, and who does what with it. */
export const overview = (
  rows: readonly ServiceRow[],
  storageCount: number,
  isStorageScu: boolean,
): string => `# DICOM conformance statement

This file is made by \`node scripts/conformance.ts\` from the tables by which the program negotiates, matches and answers. Do
not edit it: a test compares the two.

## 1 Conformance statement overview

Archwire receives, keeps, finds and hands out the images of dental and orthodontic groups. It is one DICOM application
entity, whose title is configured (\`ARCHWIRE_AE_TITLE\`, "ARCHWIRE" unless said otherwise), and which is SCU and SCP.

Table 1-1: network services

${markdownTable(
  ['SOP class', 'UID', 'as SCU', 'as SCP'],
  [
    [`Storage: ${storageCount} SOP classes (section 7.1) and private ones`, '', yes(isStorageScu), 'yes'],
    ...rows
      .filter(({ isScu, isScp }) => isScu || isScp)
      .map(({ name, uid, isScu, isScp }) => [name, uid, yes(isScu), yes(isScp)]),
  ],
)}

Table 1-2: media interchange

${markdownTable(
  ['Role', 'What'],
  [
    [
      'File-set Reader',
      'DICOM files (PS3.10) and file-sets with a DICOMDIR, as a folder or in a ZIP archive, by the import of the application',
    ],
    [
      'File-set Creator',
      'ZIP archives of a study or a patient, with a DICOMDIR (PS3.10), made by a person in the application',
    ],
    ['File-set Updater', 'no'],
  ],
)}

File-sets hold objects in Explicit VR Little Endian or as compressed as they were received. They say whose they are as the
practice knows it, as they were received, or are de-identified by PS3.15 Annex E: basic profile, with Clean Graphics and
Clean Structured Content always, and as options Retain Longitudinal Temporal Information (full or modified dates), Retain
Device Identity, Retain Patient Characteristics, and Clean Pixel Data by regions that are kept for a device model.

Beside this, DICOMweb (PS3.18) is served at \`/dicomweb\`: QIDO-RS, WADO-RS and STOW-RS.

## 2 Introduction

**Audience.** Who connects equipment, workstations and archives to Archwire.

**Remarks.** Conformance alone does not assure that two products work together. Every device is tried with the test of the
page "Devices", which asks it by C-ECHO.

**Terms.** As in PS3.2 to PS3.8. A _device_ is a registered peer; what a device may ask for is one or more of
${DICOM_SERVICES.map((service) => `\`${service}\``).join(', ')}.
`;
