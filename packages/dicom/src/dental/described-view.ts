import type { ImageView } from '@archwire/contracts';

const UPPER = 'maxill|upper|super|sup[eé]r|oberkiefer';
const LOWER = 'mandib|lower|infer|inf[eé]r|unterkiefer';

const DESCRIBED: readonly (readonly [pattern: RegExp, view: ImageView])[] = [
  [/\bpano?\b|panor|\bopg\b|\bopt\b|orthopanto/, 'panoramic'],
  [
    /(?:frontal|\bpa\b|postero).*(?:ceph|t[eé]l[eé]r)|(?:ceph|t[eé]l[eé]r).*(?:frontal|\bpa\b|postero)/,
    'ceph-frontal',
  ],
  [/ceph|cef|t[eé]l[eé]r|\bfrs\b/, 'ceph-lateral'],
  [/(?:bite ?-?wing|retrocoronaire|aleta de mordida).*pr[eé]-?mol/, 'bitewing-premolar'],
  [/(?:bite ?-?wing|retrocoronaire|aleta de mordida).*mol/, 'bitewing-molar'],
  [/bite ?-?wing|r[eé]trocoronaire|aleta de mordida|\bbw\d?\b/, 'bitewing'],
  [/periapical|r[eé]tro-?alv|\bpa\d\b/, 'periapical'],
  [new RegExp(`occlusal.*(?:${UPPER})|(?:${UPPER}).*occlusal`), 'occlusal-radiograph-upper'],
  [new RegExp(`occlusal.*(?:${LOWER})|(?:${LOWER}).*occlusal`), 'occlusal-radiograph-lower'],
  [/occlusal|oclusal/, 'occlusal-radiograph'],
];

/** The radiograph that a text names; a text longer than any description is cut. */
export const describedView = (description: string | null): ImageView | undefined => {
  const text = (description ?? '').slice(0, 256).toLowerCase();
  return DESCRIBED.find(([pattern]) => pattern.test(text))?.[1];
};
