import { useQuery } from '@tanstack/react-query';
import { sendSignedIn } from '../api/call.ts';
import { DataSets } from './dicom-json.ts';
import type { StudyImage } from './study-image.ts';

export const instanceAddress = (studyInstanceUid: string, image: StudyImage): string =>
  `/dicomweb/studies/${studyInstanceUid}/series/${image.seriesInstanceUid}/instances/${image.sopInstanceUid}`;

/** What the object itself says, by DICOMweb. */
export const useAttributes = (studyInstanceUid: string, image: StudyImage) => {
  const address = instanceAddress(studyInstanceUid, image);
  return useQuery({
    queryKey: ['attributes', address],
    queryFn: async ({ signal }) => {
      const answer = await sendSignedIn(`${address}/metadata?identity=received`, {
        headers: { accept: 'application/dicom+json' },
        signal,
      });
      return DataSets.parse(await answer.json())[0] ?? null;
    },
    staleTime: Infinity,
  });
};
