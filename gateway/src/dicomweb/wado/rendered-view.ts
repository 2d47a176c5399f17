import type { StoredInstance } from '@archwire/archive';
import { AppError, type Principal } from '@archwire/contracts';
import {
  applyPresentation,
  describePixels,
  type EncodedPicture,
  type InstanceHead,
  PRESENTATION_STATES,
  type PresentedImage,
  presentedImages,
  representativeFrame,
  type RenderOptions,
} from '@archwire/dicom';
import type { DicomwebParts } from '../dicomweb-parts.ts';
import { annotationOf } from './annotation-of.ts';
import type { Rendering } from './parse-rendering.ts';
import { seesRejected } from './resource.ts';

type ViewParts = Pick<DicomwebParts, 'lookup' | 'reader' | 'openFrames' | 'pixels'>;

/** One picture to be rendered: a frame as it is, or as a presentation state wants it seen. */
export interface RenderedView {
  readonly instance: StoredInstance;
  /** From 1; the representative one when `undefined`. */
  readonly frame: number | undefined;
  readonly state: { readonly instance: StoredInstance; readonly head: InstanceHead } | null;
}

/** Names the bytes that the view is made of. */
export const viewVersion = ({ instance, frame, state }: RenderedView): string =>
  [instance.sha256, state?.instance.sha256 ?? '', frame ?? 0, instance.identity?.since ?? ''].join('.');

type Instances = readonly [StoredInstance, ...StoredInstance[]];

/** The instance that stands for a series or a study: the middle one of those with pixels in the first series that has any. */
const representativeInstance = (instances: Instances): StoredInstance => {
  const pictured = instances.filter(({ NumberOfFrames }) => NumberOfFrames !== null);
  const series = pictured[0]?.SeriesInstanceUID;
  const first = pictured.filter(({ SeriesInstanceUID }) => SeriesInstanceUID === series);
  return first[Math.floor((first.length - 1) / 2)] ?? instances[0];
};

/** Pictures that one answer may hold. */
const MAX_PICTURES = 10_000;

/** Looked at before any list is made: Number of Frames is what a sender claims. @throws AppError `too-large`. */
const assertFew = (pictures: number): void => {
  if (pictures > MAX_PICTURES)
    throw new AppError(
      'too-large',
      `These are ${pictures} pictures; one answer holds ${MAX_PICTURES}. Ask for a series, an instance or some of its frames.`,
    );
};

const framesOf = ({ NumberOfFrames }: StoredInstance): readonly number[] =>
  Array.from({ length: NumberOfFrames ?? 0 }, (_, at) => at + 1);

const findPresented = async (
  { lookup }: ViewParts,
  principal: Principal,
  state: StoredInstance,
  { SeriesInstanceUID, SOPInstanceUID }: PresentedImage,
): Promise<StoredInstance | undefined> => {
  const path = { study: state.StudyInstanceUID, series: SeriesInstanceUID, instance: SOPInstanceUID };
  const [found] = await lookup.find(principal.tenantId, path, seesRejected(principal));
  return found;
};

/** Every frame that a presentation state is for and that is stored here. */
const presentedViews = async (
  parts: ViewParts,
  principal: Principal,
  instance: StoredInstance,
  first: boolean,
): Promise<readonly RenderedView[]> => {
  const head = await parts.reader.head(instance);
  const views: RenderedView[] = [];
  for (const reference of presentedImages(head.dataSet)) {
    const image = await findPresented(parts, principal, instance, reference);
    if (image === undefined) continue;
    const state = { instance, head };
    assertFew(views.length + (reference.frames?.length ?? image.NumberOfFrames ?? 0));
    if (first) return [{ instance: image, frame: reference.frames?.[0], state }];
    views.push(...(reference.frames ?? framesOf(image)).map((frame) => ({ instance: image, frame, state })));
  }
  return views;
};

/** The one picture that stands for the resource; a presentation state without its images stands for itself, and is none. */
export const representativeView = async (
  parts: ViewParts,
  principal: Principal,
  instances: Instances,
  frame: number | undefined,
): Promise<RenderedView> => {
  const instance = representativeInstance(instances);
  if (frame !== undefined || !PRESENTATION_STATES.has(instance.SOPClassUID))
    return { instance, frame, state: null };
  const [view] = await presentedViews(parts, principal, instance, true);
  return view ?? { instance, frame, state: null };
};

/**
 * All pictures of the resource: the frames named, else every frame of every object that has any; where none has, what its
 * presentation states are for.
 */
export const allViews = async (
  parts: ViewParts,
  principal: Principal,
  instances: Instances,
  frames: readonly number[] | undefined,
): Promise<readonly RenderedView[]> => {
  const [only] = instances;
  if (frames !== undefined) return frames.map((frame) => ({ instance: only, frame, state: null }));
  assertFew(instances.reduce((sum, { NumberOfFrames }) => sum + (NumberOfFrames ?? 0), 0));
  const views: RenderedView[] = instances.flatMap((instance) =>
    framesOf(instance).map((frame) => ({ instance, frame, state: null })),
  );
  for (const instance of views.length === 0 ? instances : [])
    if (PRESENTATION_STATES.has(instance.SOPClassUID))
      views.push(...(await presentedViews(parts, principal, instance, false)));
  return views.length > 0 ? views : [{ instance: only, frame: undefined, state: null }];
};

/**
 * Renders a view. @throws AppError `not-found` no pixels or no such frame; whatever decoding says.
 */
export const renderView = async (
  { openFrames, pixels }: Pick<ViewParts, 'openFrames' | 'pixels'>,
  { instance, frame, state }: RenderedView,
  { annotated, ...options }: Rendering,
): Promise<EncodedPicture> => {
  if (state === null && PRESENTATION_STATES.has(instance.SOPClassUID))
    throw new AppError('not-found', 'None of the images that this presentation state is for is stored here.');
  const { head, source } = await openFrames(instance);
  const number = frame ?? representativeFrame(head);
  const bytes = await source.frame(number);
  const { description, ...presented } =
    state === null
      ? { description: describePixels(head, number) }
      : applyPresentation(state.head.dataSet, head, number);
  const asked: RenderOptions = { ...options, ...presented };
  return await pixels.render(
    description,
    bytes,
    annotated.size === 0
      ? asked
      : { ...asked, annotation: annotationOf(head, instance.identity, number, annotated) },
  );
};

/** A picture that cannot be made of this object is nothing to be had at this address, whatever is asked: 406 with the reason. */
export const cannotRender = (error: unknown): unknown =>
  error instanceof AppError &&
  (error.kind === 'unsupported' || error.kind === 'invalid' || error.kind === 'too-large') &&
  error.details['parameter'] === undefined
    ? new AppError('not-acceptable', `This image cannot be rendered: ${error.message}`, {
        cause: error,
        details: { ...error.details, reason: error.kind },
      })
    : error;
