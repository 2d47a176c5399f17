import type { DroppedFile } from '@archwire/ui';

const readBatch = (reader: FileSystemDirectoryReader): Promise<FileSystemEntry[]> =>
  new Promise((resolve, reject) => reader.readEntries(resolve, reject));
const fileOf = (entry: FileSystemFileEntry): Promise<File> =>
  new Promise((resolve, reject) => entry.file(resolve, reject));

const isFile = (entry: FileSystemEntry): entry is FileSystemFileEntry => entry.isFile;
const isFolder = (entry: FileSystemEntry): entry is FileSystemDirectoryEntry => entry.isDirectory;

async function* filesOf(entry: FileSystemEntry, folder: string): AsyncGenerator<DroppedFile> {
  const path = folder + entry.name;
  if (isFile(entry)) {
    yield { file: await fileOf(entry), path };
  } else if (isFolder(entry)) {
    const reader = entry.createReader();
    // A browser gives a hundred at a time.
    for (let batch = await readBatch(reader); batch.length > 0; batch = await readBatch(reader)) {
      for (const inner of batch) yield* filesOf(inner, `${path}/`);
    }
  }
}

/** All files of what was dropped, folders opened to their ground. Call it in the event itself: afterwards it is empty. */
export const droppedFiles = async (transfer: DataTransfer): Promise<DroppedFile[]> => {
  const entries = [...transfer.items].flatMap((item) => item.webkitGetAsEntry() ?? []);
  const files: DroppedFile[] = [];
  for (const entry of entries) {
    for await (const file of filesOf(entry, '')) files.push(file);
  }
  return files;
};
