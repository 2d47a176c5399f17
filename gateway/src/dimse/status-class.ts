/** What a status (0000,0900) says (PS3.7 annex C): anything that is not known is a failure. */
export type StatusClass = 'success' | 'pending' | 'warning' | 'cancel' | 'failure';

/** Warnings outside Bxxx: Requested optional Attributes are not supported, Attribute Value Out of Range, Attribute List Error. */
const WARNINGS: ReadonlySet<number> = new Set([0x0001, 0x0107, 0x0116]);

export const statusClass = (status: number | null): StatusClass => {
  if (status === 0) return 'success';
  if (status === 0xff00 || status === 0xff01) return 'pending';
  if (status === 0xfe00) return 'cancel';
  if (status !== null && (WARNINGS.has(status) || status >> 12 === 0xb)) return 'warning';
  return 'failure';
};
