import { VIEWER_BASE } from './paths.ts';

/** One change to OHIF's published text; `times` is how often it must be found over all files. */
interface Patch {
  what: string;
  find: RegExp;
  replace: string;
  times: number;
}

/**
 * What we change in the published bundle of @ohif/app 3.13.2, as few and as literal as can be.
 * The counts are asserted by the assembly, so another version of OHIF fails loudly instead of half-working.
 *
 * @param assets address of the folder that holds the bundles, with a slash at its end
 */
export function ohifPatches(assets: string): Patch[] {
  return [
    {
      what: 'public path of chunks and workers',
      find: /__webpack_require__\.p = "\/";/g,
      replace: `__webpack_require__.p = "${assets}";`,
      times: 8,
    },
    {
      what: 'modes that OHIF adds by itself (segmentation, PET, microscopy, …): ours are named in app-config',
      find: /pluginImports_modes\.push\("[^"]+"\);/g,
      replace: '',
      times: 7,
    },
    {
      what: 'lung ultrasound extension that OHIF always registers',
      find: /pluginImports_extensions\.push\("@ohif\/extension-ultrasound-pleura-bline"\);/g,
      replace: '',
      times: 1,
    },
    {
      what: 'languages offered and detected: those that Archwire speaks',
      find: /const src_locales = \(\{[^}]+\}\);/g,
      replace: 'const src_locales = ({ ...en_US, ...locales_es, ...fr });',
      times: 1,
    },
    {
      what: 'font address in the style sheets',
      find: /url\(\/(?=[0-9a-f]{16}\.woff2\))/g,
      replace: `url(${assets}`,
      times: 5,
    },
    {
      what: 'microscopy viewer, which is left out',
      find: /'\/dicom-microscopy-viewer\//g,
      replace: `'${VIEWER_BASE}dicom-microscopy-viewer/`,
      times: 1,
    },
  ];
}

/** Applies the patches to one file's text and counts in `found` how often each matched. */
export function patchText(text: string, patches: readonly Patch[], found: Map<string, number>): string {
  let result = text;
  for (const { what, find, replace } of patches) {
    const matches = result.match(find)?.length ?? 0;
    if (matches === 0) continue;
    found.set(what, (found.get(what) ?? 0) + matches);
    result = result.replace(find, () => replace);
  }
  return result;
}

/** Throws, naming every patch that did not match as often as it must. */
export function assertPatched(patches: readonly Patch[], found: ReadonlyMap<string, number>): void {
  const wrong = patches.filter(({ what, times }) => found.get(what) !== times);
  if (wrong.length === 0) return;
  const lines = wrong.map(({ what, times }) => `${what}: found ${found.get(what) ?? 0}, expected ${times}`);
  throw new Error(`This is not the OHIF build that the assembly knows.\n${lines.join('\n')}`);
}
