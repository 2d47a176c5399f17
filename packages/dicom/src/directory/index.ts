export { directoryEntry, type DirectoryEntry } from './directory-entry.ts';
export { writeDirectory } from './write-directory.ts';
