/** Our mark: an archwire with three brackets, on a 24 x 24 grid. Stroked with the text colour around it. */
const ARCH = 'M3 19C3 9 7 4 12 4s9 5 9 15';
const BRACKETS = ['M1.5 13.5h4v3h-4z', 'M10 2.5h4v3h-4z', 'M18.5 13.5h4v3h-4z'];

/** The part of React that OHIF hands to its white-labelling hook. */
export interface ElementFactory {
  createElement(type: string, props: Record<string, unknown> | null, ...children: unknown[]): unknown;
}

/** The logo as an element of OHIF's own React, for its header and study list. */
export function logoElement(react: ElementFactory): unknown {
  const line = { fill: 'none', stroke: 'currentColor', strokeWidth: 1.6, strokeLinecap: 'round' };
  return react.createElement(
    'span',
    {
      'data-testid': 'archwire-logo',
      style: { display: 'inline-flex', alignItems: 'center', gap: 8, color: '#eceef0', fontWeight: 600 },
    },
    react.createElement(
      'svg',
      { viewBox: '0 0 24 24', width: 22, height: 22, 'aria-hidden': true },
      react.createElement('path', { ...line, d: ARCH }),
      ...BRACKETS.map((d) => react.createElement('path', { key: d, d, fill: '#56c7d3' })),
    ),
    'Archwire',
  );
}

/** The same mark as a stand-alone file, for the browser's tab. */
export const LOGO_SVG = [
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24">',
  `<path fill="none" stroke="#7d848e" stroke-width="1.6" stroke-linecap="round" d="${ARCH}"/>`,
  ...BRACKETS.map((d) => `<path fill="#0b6a75" d="${d}"/>`),
  '</svg>',
].join('');
