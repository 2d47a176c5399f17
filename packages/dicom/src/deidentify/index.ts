export {
  BASIC_PROFILE,
  type CleanRegion,
  type DeidentifyProfile,
  type SafePrivateAttribute,
} from './deidentify-profile.ts';
export { deidentify, type DeidentifiedObject } from './deidentify.ts';
export { createPseudonyms, type Pseudonyms } from './pseudonyms.ts';
