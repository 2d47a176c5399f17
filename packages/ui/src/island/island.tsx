import '../tokens.css';
import { type ComponentType, createElement, type ReactNode } from 'react';
import { createRoot, type Root } from 'react-dom/client';
import { UNSAFE_PortalProvider as PortalProvider } from 'react-aria/PortalProvider';
import { enableShadowDOM } from 'react-stately/private/flags/flags';
import { LanguageProvider } from '../i18n/language-provider.tsx';
import type { Language } from '../i18n/messages.ts';

export interface IslandOptions {
  /** Address of the one style sheet that the build made of the kit's. */
  readonly css: URL;
  /** Address of Inter's variable font; without it the system's font is taken. */
  readonly font?: URL;
  readonly language: Language;
  /** OHIF is dark. */
  readonly theme?: 'light' | 'dark';
}

interface Mounted {
  readonly root: Root;
  readonly draw: (panel: ReactNode) => void;
  alive: boolean;
}

const OVERLAYS = 'position:absolute;top:0;left:0;width:0;height:0';

const rootIn = (shadow: ShadowRoot): HTMLElement => {
  const root = shadow.appendChild(document.createElement('div'));
  root.dataset.archwireRoot = '';
  return root;
};

const loadSheet = async (address: URL): Promise<CSSStyleSheet> => {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${address.pathname} answered ${answer.status}`);
  return await new CSSStyleSheet().replace(await answer.text());
};

/**
 * Panels of ours inside a page of others (OHIF): each in a shadow root, so that neither side's styles reach the other,
 * and in a React of our own, whatever version the page has. What opens over a panel stands in one shadow root below
 * `body`, because a panel of the page would clip and displace it.
 *
 * The returned function makes, of a component of ours, one that a React 18 page can draw: it returns a plain element,
 * whose `ref` does the rest.
 */
export const createIslands = ({ css, font, language, theme = 'dark' }: IslandOptions) => {
  enableShadowDOM();
  const sheet = loadSheet(css);
  if (font !== undefined) {
    // `@font-face` is ignored in a shadow root.
    document.fonts.add(new FontFace('Inter Variable', `url(${font.href})`, { weight: '100 900' }));
  }
  const overlays = sheet.then((loaded) => {
    const host = document.body.appendChild(document.createElement('div'));
    host.dataset.theme = theme;
    host.dataset.archwireOverlays = '';
    // React Aria would make a popover over a dialog inert inside a shadow root; hosts marked so are left alone.
    host.dataset.reactAriaTopLayer = '';
    host.style.cssText = OVERLAYS;
    const shadow = host.attachShadow({ mode: 'open' });
    shadow.adoptedStyleSheets = [loaded];
    return rootIn(shadow);
  });
  const mounted = new WeakMap<Element, Mounted>();

  const mount = (host: HTMLElement): Mounted => {
    host.dataset.theme = theme;
    // A panel that was away for a while comes back with the root that it had.
    const shadow = host.shadowRoot ?? host.attachShadow({ mode: 'open' });
    shadow.replaceChildren();
    const root = createRoot(rootIn(shadow));
    const draw = (panel: ReactNode): void => {
      void Promise.all([sheet, overlays]).then(([loaded, layer]) => {
        shadow.adoptedStyleSheets = [loaded];
        root.render(
          <LanguageProvider language={language}>
            <PortalProvider getContainer={() => layer}>{panel}</PortalProvider>
          </LanguageProvider>,
        );
      });
    };
    return { root, draw, alive: true };
  };

  return <Props extends object>(Panel: ComponentType<Props>) =>
    (props: Props): unknown => {
      let host: HTMLElement | null = null;
      const ref = (element: HTMLElement | null): void => {
        if (element === null) {
          const left = host === null ? undefined : mounted.get(host);
          if (left === undefined || host === null) return;
          const gone = host;
          left.alive = false;
          // The page gives the element back at once when it only draws again.
          setTimeout(() => {
            if (left.alive) return;
            mounted.delete(gone);
            left.root.unmount();
          });
          return;
        }
        host = element;
        const here = mounted.get(element) ?? mount(element);
        mounted.set(element, here);
        here.alive = true;
        here.draw(createElement(Panel, props));
      };
      return {
        $$typeof: Symbol.for('react.element'),
        type: 'div',
        key: null,
        ref,
        props: { style: { height: '100%', overflow: 'auto' } },
        _owner: null,
      };
    };
};
