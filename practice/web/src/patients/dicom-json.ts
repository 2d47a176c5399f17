import { z } from 'zod';

/** One attribute of the DICOM JSON Model (PS3.18 annex F), as far as a page shows it. */
const Attribute = z.object({
  vr: z.string(),
  Value: z.array(z.unknown()).optional(),
  BulkDataURI: z.string().optional(),
  InlineBinary: z.string().optional(),
});
export const DataSet = z.record(z.string(), Attribute);
export const DataSets = z.array(DataSet);
export type DataSet = z.infer<typeof DataSet>;
export type Attribute = z.infer<typeof Attribute>;

/** Numbers of an attribute that can be a size: DS and FD alike, above zero. */
export const sizesOf = (set: DataSet, tag: string): readonly number[] =>
  (set[tag]?.Value ?? [])
    .map((value) => (typeof value === 'number' || typeof value === 'string' ? Number(value) : NaN))
    .filter((number) => Number.isFinite(number) && number > 0);

export const textOf = (set: DataSet, tag: string): string | undefined => {
  const [value] = set[tag]?.Value ?? [];
  return typeof value === 'string' ? value : undefined;
};
