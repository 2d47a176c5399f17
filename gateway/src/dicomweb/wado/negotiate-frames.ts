import type { Representation } from '../http/accept.ts';
import { parseMediaType } from '../http/media-type.ts';
import { HTJ2K_RPCL } from './coded-frames.ts';
import { EXPLICIT_LITTLE_ENDIAN, frameMediaType, OCTET_STREAM } from './frame-media-type.ts';

/** How frames are answered. */
export interface FrameForm {
  readonly multipart: boolean;
  readonly mediaType: string;
  /** Stored bytes, or decoded to native little endian. */
  readonly decoded: boolean;
  /** Encoded in HTJ2K, in which the frame is not stored. */
  readonly coded: boolean;
}

const typeOf = (parameters: ReadonlyMap<string, string>): string | undefined => {
  const type = parameters.get('type');
  return type === undefined ? undefined : parseMediaType(type)?.essence;
};

const JPHC = 'image/jphc';
/** Any order of progression: ours is one. */
const HTJ2K_LOSSLESS = '1.2.840.10008.1.2.4.201';

/** Older names of the same thing. */
const ALIASES: Readonly<Record<string, readonly string[]>> = {
  'image/dicom-rle': ['image/x-dicom-rle'],
  'image/jls': ['image/x-jls'],
  'image/jphc': ['image/jph'],
};

/**
 * What can be said to an Accept header about frames in `transferSyntaxUid` (as `FrameSource` delivers them), best first.
 * Encoded in HTJ2K it goes out only to who asks for that. The stored form goes out under its own media type, or as octets when the client takes any transfer syntax; plain octets
 * without a transfer syntax mean Explicit VR Little Endian (PS3.18 section 8.7.3.5.2).
 */
export const frameForms = (
  transferSyntaxUid: string,
  {
    single,
    decodable,
    codable,
    isCoded = false,
  }: {
    readonly single: boolean;
    readonly decodable: boolean;
    readonly codable: boolean;
    /** It lies in HTJ2K: who takes any transfer syntax gets that, for it is there and smaller. */
    readonly isCoded?: boolean;
  },
): readonly Representation<FrameForm>[] => {
  const own = frameMediaType(transferSyntaxUid);
  const native = own === OCTET_STREAM && transferSyntaxUid === EXPLICIT_LITTLE_ENDIAN;
  const isStored = (syntax: string | undefined, fallback: boolean): boolean =>
    syntax === undefined ? fallback : syntax === '*' || syntax === transferSyntaxUid;

  const types: readonly {
    readonly name: string;
    readonly form: Omit<FrameForm, 'multipart'>;
    readonly takes: (syntax: string | undefined) => boolean;
  }[] = [
    ...[own, ...(ALIASES[own] ?? [])]
      .filter((name) => name !== OCTET_STREAM)
      .map((name) => ({
        name,
        form: { mediaType: name, decoded: false, coded: false },
        takes: (syntax: string | undefined) => isStored(syntax, true),
      })),
    ...(isCoded
      ? [
          {
            name: OCTET_STREAM,
            form: { mediaType: OCTET_STREAM, decoded: false, coded: true },
            takes: (syntax: string | undefined) => syntax === '*' || syntax === HTJ2K_RPCL,
          },
        ]
      : []),
    {
      name: OCTET_STREAM,
      form: { mediaType: OCTET_STREAM, decoded: false, coded: false },
      takes: (syntax) => isStored(syntax, native),
    },
    ...(decodable && !native
      ? [
          {
            name: OCTET_STREAM,
            form: { mediaType: OCTET_STREAM, decoded: true, coded: false },
            takes: (syntax: string | undefined) => syntax === undefined || syntax === EXPLICIT_LITTLE_ENDIAN,
          },
        ]
      : []),
    ...(codable && own !== JPHC
      ? [JPHC, ...(ALIASES[JPHC] ?? [])].map((name) => ({
          name,
          form: { mediaType: name, decoded: false, coded: true },
          takes: (syntax: string | undefined) =>
            syntax === undefined || syntax === '*' || syntax === HTJ2K_RPCL || syntax === HTJ2K_LOSSLESS,
        }))
      : []),
  ];
  const multipart = types.map(({ name, form, takes }): Representation<FrameForm> => ({
    essence: 'multipart/related',
    value: { ...form, multipart: true },
    matches: (parameters) => {
      const asked = typeOf(parameters);
      if (asked === undefined)
        return !form.decoded && !form.coded && isStored(parameters.get('transfer-syntax'), true);
      const fits =
        asked === name ||
        (asked === '*/*' && !form.coded) ||
        (asked.endsWith('/*') && name.startsWith(asked.slice(0, -1)));
      return fits && takes(parameters.get('transfer-syntax'));
    },
  }));
  const plain = types.map(({ name, form, takes }): Representation<FrameForm> => ({
    essence: name,
    value: { ...form, multipart: false },
    matches: (parameters) => takes(parameters.get('transfer-syntax')),
  }));
  return single ? [...multipart, ...plain] : multipart;
};
