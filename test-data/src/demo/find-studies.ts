import { z } from 'zod';

const attribute = <T extends z.ZodType>(value: T) => z.object({ Value: z.tuple([value]) });
const Study = z.object({
  '0020000D': attribute(z.string()),
  '00201208': attribute(z.coerce.number()),
  '00080020': attribute(z.string()).optional(),
});

/** What the archive holds of a study. */
export interface StoredStudy {
  readonly instances: number;
  /** DICOM DA. */
  readonly date: string;
}

const CHUNK = 40;

/** Asks QIDO-RS which of the studies are there, by UID. */
export const findStudies = async (
  url: string,
  authorization: string,
  uids: readonly string[],
): Promise<ReadonlyMap<string, StoredStudy>> => {
  const found = new Map<string, StoredStudy>();
  for (let from = 0; from < uids.length; from += CHUNK) {
    const query = new URLSearchParams({
      StudyInstanceUID: uids.slice(from, from + CHUNK).join(','),
      limit: String(CHUNK),
    });
    const answer = await fetch(`${url}/dicomweb/studies?${query.toString()}`, {
      headers: { Authorization: authorization, Accept: 'application/dicom+json' },
    });
    if (!answer.ok) throw new Error(`The archive answered ${answer.status} to a search for studies.`);
    const text = await answer.text();
    for (const study of z.array(Study).parse(text === '' ? [] : JSON.parse(text))) {
      found.set(study['0020000D'].Value[0], {
        instances: study['00201208'].Value[0],
        date: study['00080020']?.Value[0] ?? '',
      });
    }
  }
  return found;
};
