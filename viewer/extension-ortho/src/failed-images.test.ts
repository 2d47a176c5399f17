// No viewport is real here: the shapes are those that Cornerstone 5.6 gives; the browser test drives the real ones.
import { describe, expect, it } from 'vitest';
import { textsFor } from './texts.ts';
import { failureText, type ViewportParts } from './failed-images.ts';

const texts = textsFor('en');
const NOT_THE_IMAGE = 'This image could not be shown. What you see is NOT the image.';
const ids = ['wadors:a', 'wadors:b', 'wadors:c'];

type Shape = Omit<ViewportParts, 'element'>;
const stack = (current: number, target: number): Shape => ({
  type: 'stack',
  getImageIds: () => ids,
  getCurrentImageIdIndex: () => current,
  getTargetImageIdIndex: () => target,
});

describe('failureText', () => {
  it('is silent while everything that is shown has arrived', () => {
    expect(failureText(stack(0, 0), new Set(['wadors:b']), texts)).toBe('');
  });

  it('speaks when the wanted image failed although the one before is still on the screen', () => {
    expect(failureText(stack(0, 1), new Set(['wadors:b']), texts)).toBe(NOT_THE_IMAGE);
  });

  it('speaks when the very first image failed', () => {
    expect(failureText(stack(0, 0), new Set(['wadors:a']), texts)).toBe(NOT_THE_IMAGE);
  });

  it('counts what is missing from a volume', () => {
    const volume: Shape = {
      type: 'orthographic',
      getAllVolumeIds: () => ['volume'],
      getImageIds: () => ids,
    };
    expect(failureText(volume, new Set(['wadors:a', 'wadors:c', 'wadors:other']), texts)).toBe(
      '2 of 3 images of this volume could not be shown.',
    );
  });

  it('does not ask a volume viewport for images before it has a volume: Cornerstone throws then', () => {
    const empty: Shape = {
      type: 'orthographic',
      getAllVolumeIds: () => [],
      getImageIds: () => {
        throw new Error('No actor found for the given volumeId: undefined');
      },
    };
    expect(failureText(empty, new Set(['wadors:a']), texts)).toBe('');
  });
});
