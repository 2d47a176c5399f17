import { readdirSync } from 'node:fs';
import { join } from 'node:path';

const NOT_DICOM =
  /\.(?:csv|dump|gz|html|jls|jp2|jpe?g|json|md|mtl|obj|pdf|ply|png|properties|rle|stl|tsv|txt|webp|wl|xml|zip)$/i;

/** DICOM files below `ARCHWIRE_SAMPLES`, in `folder` if given; none when the variable is not set. */
export const sampleFiles = (folder = ''): readonly string[] => {
  const root = process.env['ARCHWIRE_SAMPLES'];
  if (root === undefined || root === '') return [];
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !NOT_DICOM.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
};
