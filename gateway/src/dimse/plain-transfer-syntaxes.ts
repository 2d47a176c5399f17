import dimse from 'dcmjs-dimse';

const { ImplicitVRLittleEndian, ExplicitVRLittleEndian, ExplicitVRBigEndian } =
  dimse.constants.TransferSyntax;

/** For data sets without pixels: queries, worklist items, attribute lists. */
export const PLAIN_TRANSFER_SYNTAXES: ReadonlySet<string> = new Set([
  ImplicitVRLittleEndian,
  ExplicitVRLittleEndian,
  ExplicitVRBigEndian,
]);
