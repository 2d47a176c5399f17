import { directoryEntry, type DirectoryEntry, writeDirectory } from '@archwire/dicom';
import { dicomObject, type DicomObjectParts } from './dicom-object.ts';
import type { ExportedInstance } from './find-exported.ts';
import { leaveOut, leftOutReason } from './left-out.ts';
import type { ExportProgress } from './export-progress.ts';
import type { ZipSource } from './zip-stream.ts';

const numbered = (letters: string, n: number): string => `${letters}${String(n).padStart(6, '0')}`;

/** File IDs say nothing of anybody: a folder for each study, one for each series, then the images (PS3.10 section 8.5). */
const createFileIds = () => {
  const studies = new Map<string, { readonly name: string; readonly series: Map<string, string[]> }>();
  return (StudyInstanceUID: string, SeriesInstanceUID: string): readonly string[] => {
    const study = studies.get(StudyInstanceUID) ?? {
      name: numbered('ST', studies.size + 1),
      series: new Map<string, string[]>(),
    };
    studies.set(StudyInstanceUID, study);
    const series = study.series.get(SeriesInstanceUID) ?? [numbered('SE', study.series.size + 1)];
    study.series.set(SeriesInstanceUID, series);
    const image = numbered('IM', series.length);
    series.push(image);
    return ['DICOM', study.name, series[0] ?? '', image];
  };
};

/** An object broke while its bytes were on their way: the export begins again without it. */
export class BrokenObject extends Error {
  readonly instanceId: number;

  constructor(instanceId: number, cause: unknown) {
    super('An object of an export cannot be read to its end.', { cause });
    this.instanceId = instanceId;
  }
}

async function* guarded(instanceId: number, bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  try {
    yield* bytes;
  } catch (error) {
    throw leftOutReason(error) === undefined ? error : new BrokenObject(instanceId, error);
  }
}

/** The files of an export as DICOM objects, the DICOMDIR last; what cannot go out is counted and left out. */
export async function* dicomFiles(
  instances: readonly ExportedInstance[],
  parts: DicomObjectParts,
  progress: ExportProgress,
  directoryUid: string,
  broken: ReadonlySet<number>,
): AsyncGenerator<ZipSource> {
  const entries: DirectoryEntry[] = [];
  const fileIdOf = createFileIds();
  for (const { instance } of instances) {
    let object: Awaited<ReturnType<typeof dicomObject>>;
    try {
      if (broken.has(instance.id)) throw leaveOut('damaged');
      object = await dicomObject(instance, parts);
    } catch (error) {
      const reason = leftOutReason(error);
      if (reason === undefined) throw error;
      await progress.leftOut(reason);
      continue;
    }
    const { json, TransferSyntaxUID, encapsulated, bytes } = object;
    const fileId = fileIdOf(instance.StudyInstanceUID, instance.SeriesInstanceUID);
    entries.push(directoryEntry(json, { fileId, TransferSyntaxUID }));
    yield { path: fileId.join('/'), bytes: guarded(instance.id, bytes), stored: encapsulated };
    await progress.through();
  }
  const directory = writeDirectory(entries, { id: 'ARCHWIRE', uid: directoryUid });
  yield {
    path: 'DICOMDIR',
    stored: false,
    bytes: (async function* () {
      yield directory;
    })(),
  };
}
