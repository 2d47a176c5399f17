import { patientsApi } from '@archwire/contracts/api/patients';
import {
  BeforeAfter,
  type CompareSide,
  EmptyState,
  ErrorState,
  Hint,
  ImageStage,
  Link,
  Picture,
  SegmentedControl,
  Skeleton,
  useText,
  useViewName,
} from '@archwire/ui';
import { ArrowRight, Columns2, FileText, ScanEye, SeparatorVertical, Tag } from 'lucide-react';
import { useState } from 'react';
import { useEndpoint } from '../api/use-endpoint.ts';
import { createChoice } from '../i18n/create-choice.ts';
import styles from './compare-card.module.css';
import { messages } from './messages.ts';
import { firstPair, pairViews, type ViewPair } from './pair-views.ts';
import { pictureOf, stageSources } from './pictures.ts';
import type { StudyImage, TimelineStudy } from './study-image.ts';
import { useStudyWords } from './use-study-words.ts';
import { messages as viewMessages } from '../views/messages.ts';
import { viewerAddress } from './viewer-address.ts';

type Mode = 'slider' | 'side';
const modeChoice = createChoice<Mode>(
  'archwire-compare',
  (word): word is Mode => word === 'slider' || word === 'side',
  () => 'slider',
);

const useImages = (study: TimelineStudy | undefined) => {
  const query = useEndpoint(
    patientsApi.study,
    { params: { id: study?.studyId ?? '' } },
    { enabled: study !== undefined, staleTime: 30_000 },
  );
  const loaded = query.data?.studyId === study?.studyId ? query.data : undefined;
  // The slice that stands for a volume is the timeline's to choose: it knows the whole volume.
  const slices = study?.thumbnails.filter(({ view }) => view === 'cbct') ?? [];
  const images = (loaded?.series ?? [])
    .flatMap(({ images: all }) => all)
    .filter(({ view }) => view !== 'cbct');
  return {
    isReady: study === undefined || loaded !== undefined,
    error: study === undefined ? null : query.error,
    retry: () => void query.refetch(),
    images: [...images, ...slices],
  };
};

/** The same view of two studies, laid over or beside one another; of one study alone, its images. */
export const CompareCard = ({
  a,
  b,
  armed,
  onArm,
}: {
  readonly a: TimelineStudy | undefined;
  readonly b: TimelineStudy;
  /** The side that the next chosen study is for. */
  readonly armed: 'A' | 'B';
  readonly onArm: (slot: 'A' | 'B') => void;
}) => {
  const text = useText(messages);
  const viewName = useViewName();
  const viewText = useText(viewMessages);
  const words = useStudyWords();
  const mode = modeChoice.use();
  const [before, after] = [useImages(a), useImages(b)];
  const pairs = pairViews(before.images, after.images);
  const [chosen, setChosen] = useState<{ readonly view: string; readonly key: string }>();
  // Another study has other images: stay at the view, not at the image.
  const pair =
    pairs.find(({ key }) => key === chosen?.key) ??
    pairs.find(({ view }) => view === chosen?.view) ??
    firstPair(pairs);

  const error = before.error ?? after.error;
  const isReady = before.isReady && after.isReady;
  const label = (study: TimelineStudy): string =>
    [words.title(study), words.day(study)].filter((word) => word !== undefined).join(' · ');
  const side = (image: StudyImage | undefined, study: TimelineStudy, name: string): CompareSide => ({
    label: label(study),
    sources: image === undefined ? [] : stageSources(image),
    reason: image === undefined ? 'no-picture' : pictureOf(image).reason,
    name: image === undefined ? text('missingSide') : name,
    alt: `${name}, ${label(study)}`,
    recover: image === undefined ? undefined : pictureOf(image).recover,
  });
  const chip = (study: TimelineStudy, slot: 'A' | 'B', image: StudyImage | undefined) => (
    <span className={styles.chip}>
      <button
        type="button"
        className={styles.slot}
        aria-label={text(slot === 'A' ? 'chooseA' : 'chooseB')}
        aria-pressed={a !== undefined && armed === slot}
        data-armed={slot === 'A' && armed === 'A' ? true : undefined}
        title={text(slot === 'A' ? 'chooseA' : 'chooseB')}
        onClick={() => onArm(slot)}
      >
        {slot}
      </button>
      <Link look="quiet" href={`/studies/${study.studyId}`}>
        {words.title(study)}
      </Link>
      <span className={styles.quiet}>{words.date(study)}</span>
      {image !== undefined && (
        <Hint text={viewText('whatShows')}>
          <Link
            look="ghost"
            aria-label={`${viewText('whatShows')}: ${viewName(image)}, ${slot}`}
            href={`/studies/${study.studyId}?image=${image.instanceId}&beside=view`}
          >
            <Tag size={14} aria-hidden />
          </Link>
        </Hint>
      )}
    </span>
  );

  return (
    <section className={styles.card} aria-labelledby="compare">
      <header className={styles.head}>
        <h2 id="compare">{text(a === undefined ? 'oneStudy' : 'compare')}</h2>
        {a !== undefined && chip(a, 'A', pair?.a)}
        {a !== undefined && <ArrowRight size={14} className={styles.arrow} aria-hidden />}
        {chip(b, 'B', pair?.b)}
        <span className={styles.grow} />
        {a !== undefined && (
          <SegmentedControl
            label={text('mode')}
            value={mode}
            onChange={modeChoice.set}
            options={[
              { id: 'slider', label: text('slider'), icon: SeparatorVertical },
              { id: 'side', label: text('side'), icon: Columns2 },
            ]}
          />
        )}
        <Link look="plain" href={viewerAddress(a, b)}>
          <ScanEye size={15} aria-hidden />
          <span className={styles.words}>{text(a === undefined ? 'openViewer' : 'openBoth')}</span>
        </Link>
      </header>
      {error !== null && pair === undefined ? (
        <ErrorState error={error} onRetry={before.error === null ? after.retry : before.retry} />
      ) : pair === undefined ? (
        isReady ? (
          <EmptyState icon={FileText} title={text('nothingToShow')}>
            {text('nothingToShowHint')}
          </EmptyState>
        ) : (
          <div className={styles.stage}>
            <Skeleton height={320} />
          </div>
        )
      ) : (
        <div className={styles.body}>
          <div className={styles.stage}>
            {a === undefined ? (
              pair.b !== undefined && (
                <ImageStage
                  key={pair.key}
                  wheel="ctrl"
                  {...side(pair.b, b, viewName(pair))}
                  label={text('looking', { view: viewName(pair), study: label(b) })}
                />
              )
            ) : (
              <BeforeAfter
                key={pair.key}
                mode={mode}
                label={text('comparing', { view: viewName(pair), before: label(a), after: label(b) })}
                before={side(pair.a, a, viewName(pair))}
                after={side(pair.b, b, viewName(pair))}
              />
            )}
          </div>
          <ViewStrip
            pairs={pairs}
            chosen={pair}
            isPaired={a !== undefined}
            onChoose={({ view, key }) => setChosen({ view, key })}
          />
          {pair.isGuess && <p className={styles.guess}>{text('byOrder')}</p>}
        </div>
      )}
    </section>
  );
};

const ViewStrip = ({
  pairs,
  chosen,
  isPaired,
  onChoose,
}: {
  readonly pairs: readonly ViewPair[];
  readonly chosen: ViewPair;
  readonly isPaired: boolean;
  readonly onChoose: (pair: ViewPair) => void;
}) => {
  const text = useText(messages);
  const viewName = useViewName();
  return (
    <div className={styles.views} role="group" aria-label={text('views')}>
      {pairs.map((pair) => {
        const image = pair.b ?? pair.a;
        const lonely = isPaired && (pair.a === undefined || pair.b === undefined);
        return (
          image !== undefined && (
            <button
              key={pair.key}
              type="button"
              aria-pressed={pair.key === chosen.key}
              onClick={() => onChoose(pair)}
            >
              <span className={styles.thumb}>
                <Picture {...pictureOf(image)} alt="" name={viewName(pair)} />
              </span>
              <span className={styles.name}>{viewName(pair)}</span>
              {lonely && (
                <span className={styles.lonely}>
                  {text('onlyIn', { slot: pair.b === undefined ? 'A' : 'B' })}
                </span>
              )}
            </button>
          )
        );
      })}
    </div>
  );
};
