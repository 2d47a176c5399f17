import type { Texts } from './texts.ts';

/** The parts of a Cornerstone viewport that tell what it shows or tries to show. */
export interface ViewportParts {
  type: string;
  element: HTMLElement;
  getImageIds?(): string[];
  /** Volume viewports only; while it is empty their getImageIds throws. */
  getAllVolumeIds?(): string[];
  getCurrentImageIdIndex?(): number;
  getTargetImageIdIndex?(): number;
}

/**
 * What to say over a viewport, or '' when everything it shows has arrived.
 *
 * A stack viewport that cannot load the next image goes on showing the one before: both the shown and the wanted one
 * count. A volume is drawn from all of its images: a missing one is a black or interpolated gap.
 */
export function failureText(
  viewport: Omit<ViewportParts, 'element'>,
  failed: ReadonlySet<string>,
  texts: Texts,
): string {
  if (viewport.getAllVolumeIds?.().length === 0) return '';
  const ids = viewport.getImageIds?.() ?? [];
  if (viewport.type === 'stack') {
    const indexes = [viewport.getTargetImageIdIndex?.(), viewport.getCurrentImageIdIndex?.()];
    const missing = indexes.some((index) => index !== undefined && failed.has(ids[index] ?? ''));
    return missing ? texts.imageMissing : '';
  }
  const missing = ids.filter((id) => failed.has(id)).length;
  return missing === 0 ? '' : texts.volumeGaps(missing, ids.length);
}
