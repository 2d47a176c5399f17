import type { AppErrorKind } from '@archwire/contracts/app-error';
import type { Htj2kGeometry } from '../recompress/htj2k-geometry.ts';
import type { LeftAlone } from '../recompress/left-alone.ts';
import type { RecompressedEntry } from '../recompress/recompress-bytes.ts';
import type { DecodedFrame } from './decode-frame.ts';
import type { DerivedImages } from './derive-images.ts';
import type { EncodedPicture } from './encode-picture.ts';
import type { PixelDescription } from './pixel-description.ts';
import type { Placeholder } from './placeholder.ts';
import type { RenderOptions } from './render-frame.ts';

interface FrameInput {
  readonly description: PixelDescription;
  readonly bytes: Uint8Array;
}

interface CodedInput {
  readonly bytes: Uint8Array;
  readonly geometry: Htj2kGeometry;
}

/** What a pixel thread can be asked to do, and what each answers. */
export interface PixelTasks {
  readonly decode: { readonly input: FrameInput; readonly output: DecodedFrame };
  readonly derive: { readonly input: FrameInput; readonly output: DerivedImages };
  readonly encode: { readonly input: FrameInput & { readonly levels: number }; readonly output: Uint8Array };
  readonly placeholder: { readonly input: Placeholder; readonly output: DerivedImages };
  readonly render: {
    readonly input: FrameInput & { readonly options: RenderOptions };
    readonly output: EncodedPicture;
  };
  /** `recompressBytes`: a whole object. */
  readonly recompress: {
    readonly input: { readonly bytes: Uint8Array; readonly sha256: string };
    readonly output: RecompressedEntry | LeftAlone;
  };
  /** `encodeHtj2k` and `decodeHtj2k`. */
  readonly encodeHtj2k: { readonly input: CodedInput; readonly output: Uint8Array };
  readonly decodeHtj2k: { readonly input: CodedInput; readonly output: Uint8Array };
}
export type PixelTaskName = keyof PixelTasks;

export type PixelTask = {
  readonly [N in PixelTaskName]: { readonly name: N; readonly input: PixelTasks[N]['input'] };
}[PixelTaskName];

export type PixelSuccess<N extends PixelTaskName> = {
  readonly ok: true;
  readonly name: N;
  readonly output: PixelTasks[N]['output'];
};

/** Errors cross threads as plain data: cloning an AppError loses its class and kind. */
export type PixelAnswer =
  | { readonly [N in PixelTaskName]: PixelSuccess<N> }[PixelTaskName]
  | {
      readonly ok: false;
      readonly kind: AppErrorKind;
      readonly message: string;
      readonly details: Readonly<Record<string, unknown>>;
    };
