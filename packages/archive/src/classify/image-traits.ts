import type { ImageLaterality, ImageView, ViewOrigin } from '@archwire/contracts';

/** What an object itself says that it shows. */
export interface ReadView {
  readonly view: ImageView;
  readonly teeth: readonly string[];
  readonly laterality: ImageLaterality | null;
  readonly viewKey: string | null;
  readonly origin: Extract<ViewOrigin, 'codes' | 'class' | 'words'>;
}

/** What rules look at, beside what the object says that it shows. */
export interface ImageTraits {
  readonly deviceId: string | null;
  readonly manufacturer: string | null;
  readonly modelName: string | null;
  readonly stationName: string | null;
  readonly sopClassUid: string;
  readonly modality: string | null;
  readonly rows: number | null;
  readonly columns: number | null;
  readonly seriesDescription: string | null;
  readonly protocolName: string | null;
}
