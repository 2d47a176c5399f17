import { createIslands } from '@archwire/ui/island';
import type { Session } from '../session.ts';
import type { Texts } from '../texts.ts';
import { BackToPatient } from './back-to-patient.tsx';
import { whereStudy, type WhereStudy } from './where-study.ts';

/** What OHIF hands to its white-labelling hook of its own React. */
export interface ElementFactory {
  createElement(type: unknown, props: Record<string, unknown> | null, ...children: unknown[]): unknown;
}
export type Logo = (react: ElementFactory, props: unknown) => unknown;

const openStudy = (): string | undefined =>
  new URLSearchParams(window.location.search).get('StudyInstanceUIDs')?.split(',')[0] || undefined;

/**
 * The logo of the page's header with, beside it, whose study is open: an island of ours, in a shadow root and a React of
 * its own, so that no style of either side reaches the other. The study list has the logo alone.
 */
export function patientLogo(
  logo: Logo,
  {
    session,
    texts,
    language,
  }: { readonly session: Session; readonly texts: Texts; readonly language: 'en' | 'fr' | 'es' },
): Logo {
  const Island = createIslands({
    css: new URL('./extension-ortho.css', import.meta.url),
    language,
  })(BackToPatient);
  // One answer for each study, however often OHIF draws its header.
  const asked = new Map<string, () => Promise<WhereStudy | undefined>>();
  const finder = (uid: string): (() => Promise<WhereStudy | undefined>) => {
    let answer: Promise<WhereStudy | undefined> | undefined;
    const find = asked.get(uid) ?? (() => (answer ??= whereStudy(uid, session.authorization())));
    asked.set(uid, find);
    return find;
  };
  return (react, props) => {
    const uid = openStudy();
    const drawn = logo(react, props);
    if (uid === undefined) return drawn;
    return react.createElement(
      'div',
      { style: { display: 'inline-flex', alignItems: 'center', gap: 8 } },
      drawn,
      react.createElement(Island, { key: uid, texts: texts.back, language, find: finder(uid) }),
    );
  };
}
