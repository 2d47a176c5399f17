import { failureText, type ViewportParts } from './failed-images.ts';
import type { Texts } from './texts.ts';

/** The parts of `@cornerstonejs/core` that the marker needs. */
export interface CornerstoneParts {
  eventTarget: EventTarget;
  EVENTS: Record<
    | 'ELEMENT_ENABLED'
    | 'IMAGE_LOADED'
    | 'IMAGE_LOAD_ERROR'
    | 'IMAGE_LOAD_FAILED'
    | 'STACK_NEW_IMAGE'
    | 'STACK_VIEWPORT_SCROLL'
    | 'VOLUME_NEW_IMAGE'
    | 'VOLUME_VIEWPORT_NEW_VOLUME',
    string
  >;
  getEnabledElements(): { viewport: ViewportParts }[];
}

function imageIdOf(event: Event): string | undefined {
  const detail: unknown = event instanceof CustomEvent ? event.detail : undefined;
  if (typeof detail !== 'object' || detail === null) return undefined;
  if ('imageId' in detail && typeof detail.imageId === 'string') return detail.imageId;
  const image: unknown = 'image' in detail ? detail.image : undefined;
  if (typeof image !== 'object' || image === null || !('imageId' in image)) return undefined;
  return typeof image.imageId === 'string' ? image.imageId : undefined;
}

function show(element: HTMLElement, text: string): void {
  const present = element.querySelector<HTMLElement>('[data-archwire-failed]');
  if (text === '') {
    present?.remove();
    return;
  }
  const marker = present ?? document.createElement('div');
  marker.dataset['archwireFailed'] = 'true';
  marker.setAttribute('role', 'alert');
  marker.textContent = text;
  Object.assign(marker.style, {
    position: 'absolute',
    inset: '40% 10% auto',
    zIndex: '10',
    padding: '12px 16px',
    border: '1px solid #f56a6d',
    borderRadius: '8px',
    background: '#121518',
    color: '#f56a6d',
    textAlign: 'center',
    pointerEvents: 'none',
  });
  if (present === null) element.append(marker);
}

/**
 * Keeps a message over every viewport whose image did not arrive, for as long as it is so: a notification goes away,
 * and a black viewport that stays may be read as a picture.
 */
export function markFailedImages(cornerstone: CornerstoneParts, texts: Texts): void {
  const { EVENTS, eventTarget } = cornerstone;
  const failed = new Set<string>();

  function update(): void {
    for (const { viewport } of cornerstone.getEnabledElements()) {
      show(viewport.element, failureText(viewport, failed, texts));
    }
  }
  function onFailed(event: Event): void {
    const id = imageIdOf(event);
    if (id === undefined) return;
    failed.add(id);
    update();
  }
  function onLoaded(event: Event): void {
    const id = imageIdOf(event);
    if (id !== undefined && failed.delete(id)) update();
  }
  function onEnabled(event: Event): void {
    const detail: unknown = event instanceof CustomEvent ? event.detail : undefined;
    if (typeof detail !== 'object' || detail === null || !('element' in detail)) return;
    const { element } = detail;
    if (!(element instanceof HTMLElement)) return;
    for (const name of [
      EVENTS.STACK_NEW_IMAGE,
      EVENTS.STACK_VIEWPORT_SCROLL,
      EVENTS.VOLUME_NEW_IMAGE,
      EVENTS.VOLUME_VIEWPORT_NEW_VOLUME,
    ]) {
      element.addEventListener(name, update);
    }
  }

  eventTarget.addEventListener(EVENTS.IMAGE_LOAD_ERROR, onFailed);
  eventTarget.addEventListener(EVENTS.IMAGE_LOAD_FAILED, onFailed);
  eventTarget.addEventListener(EVENTS.IMAGE_LOADED, onLoaded);
  eventTarget.addEventListener(EVENTS.ELEMENT_ENABLED, onEnabled);
}
