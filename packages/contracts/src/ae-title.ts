import { z } from 'zod';

/** Application Entity title (PS3.5, VR AE): 1 to 16 printable ASCII characters, no backslash, not only spaces. */
export const AeTitle = z
  .string()
  .trim()
  .regex(
    /^[\x20-\x5b\x5d-\x7e]{1,16}$/,
    'An AE title has 1 to 16 printable ASCII characters and no backslash.',
  );
