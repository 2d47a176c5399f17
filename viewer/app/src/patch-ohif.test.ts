import { describe, expect, it } from 'vitest';
import { assertPatched, ohifPatches, patchText } from './patch-ohif.ts';

const patches = ohifPatches('/viewer/0123456789abcdef/');

describe('patchText', () => {
  it('moves chunks and fonts under the folder of this build, and counts', () => {
    const found = new Map<string, number>();
    const text = '__webpack_require__.p = "/"; a{src:url(/a34f9d1faa5f3315.woff2)}';
    expect(patchText(text, patches, found)).toBe(
      '__webpack_require__.p = "/viewer/0123456789abcdef/"; a{src:url(/viewer/0123456789abcdef/a34f9d1faa5f3315.woff2)}',
    );
    expect([...found.values()]).toEqual([1, 1]);
  });
});

describe('assertPatched', () => {
  it('refuses a build that it does not know, and says in what it differs', () => {
    const found = new Map(patches.map(({ what, times }) => [what, times]));
    expect(() => assertPatched(patches, found)).not.toThrow();
    found.set('font address in the style sheets', 4);
    expect(() => assertPatched(patches, found)).toThrow(
      'This is not the OHIF build that the assembly knows.\nfont address in the style sheets: found 4, expected 5',
    );
  });
});
