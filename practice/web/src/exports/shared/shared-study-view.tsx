import { isImageView } from '@archwire/contracts/image-view';
import type { SharedStudy } from '@archwire/contracts/api/shares';
import {
  IconButton,
  ImageStage,
  LANGUAGES,
  Lightbox,
  Picture,
  useFormat,
  useText,
  useViewName,
} from '@archwire/ui';
import { ChevronLeft, ChevronRight, Download } from 'lucide-react';
import { useEffect, useState } from 'react';
import { languageChoice } from '../../i18n/language.ts';
import { Mark } from '../../sign-in/mark.tsx';
import { messages } from './messages.ts';
import styles from './shared.module.css';

type Image = SharedStudy['series'][number]['images'][number];
type Kind = 'thumbnail' | 'preview' | 'display';

const PREPARING_MS = 4000;
/** Side of the square that the archive fits a preview into. */
const PREVIEW = 800;

const NAMES = { en: 'English', fr: 'Français', es: 'Español' } as const;

/** The pictures of a shared study: to look at, to look into, and to take along where that is allowed. */
export const SharedStudyView = ({
  study,
  refresh,
}: {
  readonly study: SharedStudy;
  /** Asks again, which renews what opens the pictures. */
  readonly refresh: () => Promise<void>;
}) => {
  const text = useText(messages);
  const format = useFormat();
  const viewName = useViewName();
  const language = languageChoice.use();
  const [shown, setShown] = useState<string>();
  const { download, series, shareId } = study;
  const images = series.flatMap((each) => each.images);
  const isPreparing = download !== null && ['queued', 'running'].includes(download.state);
  const isPending = images.some(({ version }) => version === null);

  useEffect(() => {
    document.title = `${text('title')} · Archwire`;
  }, [text]);
  useEffect(() => {
    if (!isPreparing && !isPending) return undefined;
    const timer = setTimeout(() => void refresh(), PREPARING_MS);
    return () => clearTimeout(timer);
  }, [isPreparing, isPending, refresh, study]);

  const nameOf = ({ view }: Image): string => viewName({ view: isImageView(view) ? view : 'other' });
  const addressOf = ({ instanceId, version }: Image, kind: Kind): string | null =>
    version === null ? null : `/api/v1/shared/${shareId}/pictures/${instanceId}/${version}/${kind}`;
  const at = images.findIndex(({ instanceId }) => instanceId === shown);
  const image = images[at];
  const step = (by: -1 | 1): void => {
    const next = images[at + by];
    if (next !== undefined) setShown(next.instanceId);
  };
  const sourcesOf = (of: Image) => {
    const [preview, display] = [addressOf(of, 'preview'), addressOf(of, 'display')];
    const width = of.width ?? PREVIEW;
    const height = of.height ?? PREVIEW;
    if (preview === null || display === null) return [];
    const shrunk = Math.min(1, PREVIEW / Math.max(width, height));
    return [
      { src: preview, width: Math.round(width * shrunk), height: Math.round(height * shrunk) },
      { src: display, width, height },
    ];
  };

  return (
    <div className={styles.page}>
      <header className={styles.bar}>
        <span className={styles.brand}>
          <Mark />
          {study.groupName}
        </span>
        <span className={styles.languages}>
          {LANGUAGES.map((id) => (
            <button
              key={id}
              type="button"
              lang={id}
              aria-pressed={id === language}
              onClick={() => languageChoice.set(id)}
            >
              {NAMES[id]}
            </button>
          ))}
        </span>
      </header>
      <main className={styles.main}>
        <div className={styles.head}>
          <div>
            <h1>
              {study.studyDate === null
                ? text('title')
                : text('taken', { date: format.date(study.studyDate) })}
            </h1>
            <p>
              {text('lead', { clinic: study.locationName })} ·{' '}
              {text('until', { when: format.dateTime(study.expiresAt) })}
            </p>
          </div>
          {download?.state === 'done' && (
            <a className={styles.download} href={`/api/v1/shared/${shareId}/file`} download>
              <Download size={16} aria-hidden />
              {text('download', { size: format.bytes(download.bytes) })}
            </a>
          )}
          {isPreparing && <p role="status">{text('preparing')}</p>}
        </div>
        {images.length === 0 && <p>{text('empty')}</p>}
        {series
          .filter((each) => each.images.length > 0)
          .map((each) => (
            <section key={each.seriesId} aria-label={each.modality ?? text('title')}>
              <p className={styles.quiet}>
                {each.images.length < each.instanceCount
                  ? text('some', { shown: each.images.length, count: each.instanceCount })
                  : text('count', { count: each.instanceCount })}
              </p>
              <ul className={styles.grid}>
                {each.images.map((one, index) => (
                  <li key={one.instanceId}>
                    <button type="button" onClick={() => setShown(one.instanceId)}>
                      <span className={styles.picture}>
                        <Picture
                          src={addressOf(one, 'preview')}
                          alt=""
                          name={nameOf(one)}
                          fit="contain"
                          isFirst={index < 4}
                          recover={refresh}
                        />
                      </span>
                      <span>{nameOf(one)}</span>
                    </button>
                  </li>
                ))}
              </ul>
            </section>
          ))}
        <p className={styles.quiet}>{text('private')}</p>
      </main>
      {image !== undefined && (
        <Lightbox
          isOpen
          onClose={() => setShown(undefined)}
          title={nameOf(image)}
          meta={text('image', { view: nameOf(image), at: at + 1, count: images.length })}
          actions={
            <>
              <IconButton
                icon={ChevronLeft}
                label={text('previous')}
                isDisabled={at === 0}
                onPress={() => step(-1)}
              />
              <IconButton
                icon={ChevronRight}
                label={text('next')}
                isDisabled={at === images.length - 1}
                onPress={() => step(1)}
              />
            </>
          }
        >
          <ImageStage
            key={image.instanceId}
            label={nameOf(image)}
            name={nameOf(image)}
            alt={nameOf(image)}
            sources={sourcesOf(image)}
            onStep={step}
            recover={refresh}
            takesFocus
          />
        </Lightbox>
      )}
    </div>
  );
};
