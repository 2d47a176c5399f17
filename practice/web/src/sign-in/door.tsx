import { LANGUAGES, useText } from '@archwire/ui';
import { type ReactNode, useEffect } from 'react';
import { languageChoice } from '../i18n/language.ts';
import { ArchArt } from './arch-art.tsx';
import styles from './door.module.css';
import { Mark } from './mark.tsx';
import { messages } from './messages.ts';

const NAMES = { en: 'English', fr: 'Français', es: 'Español' } as const;

/** The frame of every page before somebody is signed in. */
export const Door = ({
  title,
  lead,
  step,
  children,
}: {
  readonly title: string;
  readonly lead?: ReactNode;
  /** "Step 1 of 3". */
  readonly step?: string | undefined;
  readonly children: ReactNode;
}) => {
  const text = useText(messages);
  const language = languageChoice.use();
  useEffect(() => {
    document.title = `${title} · Archwire`;
  }, [title]);
  return (
    <div className={styles.page}>
      <div className={styles.art} aria-hidden>
        <div className={styles.brand}>
          <Mark />
          Archwire
        </div>
        <ArchArt />
        <div className={styles.claim}>{text('lead')}</div>
      </div>
      <div className={styles.side}>
        <main className={styles.content}>
          <div className={`${styles.brand} ${styles.small}`} aria-hidden>
            <Mark />
            Archwire
          </div>
          <header className={styles.head}>
            {step !== undefined && <p className={styles.steps}>{step}</p>}
            <h1>{title}</h1>
            {lead !== undefined && <p>{lead}</p>}
          </header>
          {children}
        </main>
        <footer className={styles.foot}>
          {LANGUAGES.map((id) => (
            <button
              key={id}
              type="button"
              lang={id}
              className={styles.language}
              aria-pressed={id === language}
              onClick={() => languageChoice.set(id)}
            >
              {NAMES[id]}
            </button>
          ))}
        </footer>
      </div>
    </div>
  );
};
