import { patientsApi } from '@archwire/contracts/api/patients';
import { Badge, Button, Card, ErrorState, Picture, useFormat, useText, useViewName } from '@archwire/ui';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { call } from '../api/call.ts';
import { endpointKey } from '../api/use-endpoint.ts';
import { pictureOf } from './pictures.ts';
import type { Study, StudyImage } from './study-image.ts';
import { studyMessages } from './study-messages.ts';
import styles from './study-series.module.css';

/** So few images need no row of their own. */
const FEW = 3;

type Series = Study['series'][number];

/** The images of one series; a large one comes page by page. */
export const StudySeries = ({
  studyId,
  series,
  isFirst,
  onShow,
  onLoaded,
}: {
  readonly studyId: string;
  readonly series: Series;
  readonly isFirst: boolean;
  readonly onShow: (image: StudyImage) => void;
  /** Images beyond those that came with the study. */
  readonly onLoaded: (seriesId: string, images: readonly StudyImage[]) => void;
}) => {
  const text = useText(studyMessages);
  const format = useFormat();
  const viewName = useViewName();
  const { seriesId } = series;
  const rest = useInfiniteQuery({
    queryKey: endpointKey(patientsApi.seriesImages, { studyId, seriesId, first: series.next }),
    queryFn: async ({ pageParam, signal }) =>
      await call(
        patientsApi.seriesImages,
        { params: { id: studyId, seriesId }, query: { after: pageParam } },
        { signal },
      ),
    initialPageParam: series.next ?? '',
    getNextPageParam: ({ next }) => next,
    enabled: false,
  });
  const more = rest.data?.pages.flatMap(({ images }) => images) ?? [];
  const count = more.length;
  useEffect(() => {
    if (count > 0) onLoaded(seriesId, rest.data?.pages.flatMap(({ images }) => images) ?? []);
  }, [count, onLoaded, rest.data, seriesId]);
  const hasMore = rest.data === undefined ? series.next !== null : rest.hasNextPage;
  const images = [...series.images, ...more];
  const title =
    series.description?.trim() ||
    (series.seriesNumber === null ? text('series') : text('seriesNumber', { number: series.seriesNumber }));
  return (
    <div className={styles.series} data-few={series.instanceCount < FEW || undefined}>
      <Card
        title={title}
        meta={
          <span className={styles.meta}>
            {series.modality !== null && <Badge>{series.modality}</Badge>}
            {text('images', { count: series.instanceCount })}
            {[series.stationName, series.manufacturer].map(
              (word) => word !== null && <span key={word}>{word}</span>,
            )}
            <span>{format.bytes(series.byteCount)}</span>
          </span>
        }
      >
        <ul className={styles.grid}>
          {images.map((image, at) => {
            const name = viewName(image);
            const label =
              image.instanceNumber === null
                ? name
                : text('image', { view: name, number: image.instanceNumber });
            return (
              <li key={image.instanceId}>
                <button type="button" aria-label={label} onClick={() => onShow(image)}>
                  <span className={styles.picture}>
                    <Picture
                      {...pictureOf(image, 'preview')}
                      alt=""
                      name={name}
                      fit="contain"
                      isFirst={isFirst && at < 8}
                    />
                    {(image.frames ?? 1) > 1 && (
                      <span className={styles.frames}>
                        {text('frames', { count: format.number(image.frames ?? 1) })}
                      </span>
                    )}
                    {image.conflicted && <span className={styles.conflict}>{text('conflicted')}</span>}
                  </span>
                  <span className={styles.name}>{name}</span>
                </button>
              </li>
            );
          })}
        </ul>
        {rest.isError && <ErrorState error={rest.error} onRetry={() => void rest.fetchNextPage()} />}
        {hasMore && (
          <div className={styles.more}>
            <Button
              isPending={rest.isFetching}
              onPress={() => void (rest.data === undefined ? rest.refetch() : rest.fetchNextPage())}
            >
              {text('more', { count: format.number(series.instanceCount - images.length) })}
            </Button>
          </div>
        )}
      </Card>
    </div>
  );
};
