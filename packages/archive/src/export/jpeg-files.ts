import {
  type CleanRegion,
  describePixels,
  frameSource,
  imageView,
  type InstanceHead,
  type PixelPool,
} from '@archwire/dicom';
import { type InstanceReader, readStoredHead } from '../retrieve/instance-reader.ts';
import type { ExportProgress } from './export-progress.ts';
import type { ExportedInstance } from './find-exported.ts';
import { leaveOut, leftOutReason } from './left-out.ts';
import { mayShowWords } from './may-show-words.ts';
import type { ZipSource } from './zip-stream.ts';

export interface JpegParts {
  readonly reader: Pick<InstanceReader, 'stored'>;
  readonly pixels: Pick<PixelPool, 'render'>;
  /** The folder of everything; `null`: the folders of studies lie at the top. */
  readonly folder: string | null;
  /** Without faces, whose they are not told. */
  readonly withFaces: boolean;
  /** Without pictures that may have words in them: where they are, given an image; `null` leaves them in. */
  readonly wordsAt: ((head: InstanceHead) => readonly CleanRegion[]) | null;
}

const QUALITY = 92;

const numbered = (n: number): string => String(n).padStart(4, '0');

async function* pictures(
  head: InstanceHead,
  source: ReturnType<typeof frameSource>,
  pixels: JpegParts['pixels'],
): AsyncGenerator<Buffer> {
  for (let frame = 1; frame <= source.count; frame += 1) {
    const bytes = await source.frame(frame);
    const picture = await pixels.render(describePixels(head, frame), bytes, {
      mediaType: 'image/jpeg',
      quality: QUALITY,
    });
    yield Buffer.from(picture.data);
  }
}

/**
 * Every frame of an export as a JPEG, in a folder for each series. Names are numbers, modality and view: nothing of anybody
 * unless `folder` says so. What has no picture, or none that can be made, is counted and left out.
 */
export async function* jpegFiles(
  instances: readonly ExportedInstance[],
  { reader, pixels, folder, withFaces, wordsAt }: JpegParts,
  progress: ExportProgress,
): AsyncGenerator<ZipSource> {
  const studies = new Map<string, Map<string, { readonly path: string; count: number }>>();
  for (const { instance } of instances) {
    try {
      if (instance.NumberOfFrames === null) throw leaveOut('no-picture');
      const stored = reader.stored(instance);
      const { head } = await readStoredHead(stored);
      const { view } = imageView(head);
      if (wordsAt !== null && mayShowWords(head, wordsAt(head))) throw leaveOut('burned-in');
      if (!withFaces && (view === 'photo' || view.startsWith('face-'))) throw leaveOut('face');
      const known =
        studies.get(instance.StudyInstanceUID) ?? new Map<string, { path: string; count: number }>();
      studies.set(instance.StudyInstanceUID, known);
      const top = [...(folder === null ? [] : [folder]), `study-${studies.size}`];
      const series = known.get(instance.SeriesInstanceUID) ?? {
        path: [...top, `series-${known.size + 1}-${(head.header.Modality ?? 'OT').replace(/\W/g, '')}`].join(
          '/',
        ),
        count: 0,
      };
      known.set(instance.SeriesInstanceUID, series);
      for await (const picture of pictures(head, frameSource(head, stored), pixels)) {
        series.count += 1;
        yield {
          path: `${series.path}/${numbered(series.count)}-${view}.jpg`,
          stored: true,
          bytes: (async function* () {
            yield picture;
          })(),
        };
      }
      await progress.through();
    } catch (error) {
      const reason = leftOutReason(error);
      if (reason === undefined) throw error;
      await progress.leftOut(reason);
    }
  }
}
