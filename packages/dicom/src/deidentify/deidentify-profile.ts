/** A rectangle of every frame in pixels from its upper left corner; what lies outside of the picture is ignored. */
export interface CleanRegion {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** A private attribute that is known to identify nobody: its creator, group and element within the creator's block. */
export interface SafePrivateAttribute {
  readonly creator: string;
  readonly group: number;
  readonly element: number;
}

/** PS3.15 E.2 and E.3: the basic profile with the options that were chosen. Clean Graphics and Clean Structured Content are always on. */
export interface DeidentifyProfile {
  /** Retain Longitudinal Temporal Information: not at all, all moved by the patient's own number of days, or as they are. */
  readonly dates: 'remove' | 'shift' | 'keep';
  /** Retain UIDs. */
  readonly keepUids: boolean;
  /** Retain Device Identity. */
  readonly keepDevice: boolean;
  /** Retain Institution Identity. */
  readonly keepInstitution: boolean;
  /** Retain Patient Characteristics: sex, age, size, weight. */
  readonly keepCharacteristics: boolean;
  /** Retain Safe Private; empty removes every private attribute. */
  readonly safePrivate: readonly SafePrivateAttribute[];
  /** Clean Pixel Data: what is blanked in each frame. Empty: the pixels stay as they are. */
  readonly cleanRegions: readonly CleanRegion[];
}

/** The basic profile without any option. */
export const BASIC_PROFILE: DeidentifyProfile = {
  dates: 'remove',
  keepUids: false,
  keepDevice: false,
  keepInstitution: false,
  keepCharacteristics: false,
  safePrivate: [],
  cleanRegions: [],
};
