import { classView, indexedView } from '@archwire/dicom';
import type { ImageTraits, ReadView } from './image-traits.ts';

/** What the index alone knows of an image whose head nobody has read. */
export const indexedRead = ({ sopClassUid, modality, seriesDescription }: ImageTraits): ReadView => {
  const words = { SOPClassUID: sopClassUid, Modality: modality };
  const view = indexedView({ ...words, SeriesDescription: seriesDescription });
  return {
    view,
    teeth: [],
    laterality: null,
    viewKey: null,
    origin: view === classView(words).view ? 'class' : 'words',
  };
};
