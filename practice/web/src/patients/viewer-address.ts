/** Where the viewer shows one study, or two: the later one first, which it takes for the current one. */
export const viewerAddress = (
  ...studies: readonly ({ readonly studyInstanceUid: string; readonly onDate?: string } | undefined)[]
): string => {
  const uids = studies
    .filter((study) => study !== undefined)
    .toSorted((one, other) => (other.onDate ?? '').localeCompare(one.onDate ?? ''))
    .map(({ studyInstanceUid }) => studyInstanceUid);
  return `/viewer/ortho?StudyInstanceUIDs=${uids.map(encodeURIComponent).join(',')}`;
};
