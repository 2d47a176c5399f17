import { classes, personName, Picture, Status, useFormat, useText } from '@archwire/ui';
import { session } from '../api/session.ts';
import { messages } from './messages.ts';
import { safeText } from './safe-text.ts';
import styles from './study-grid.module.css';
import type { ListedStudy } from './study-window.ts';
import { useStudyWords } from './use-study-words.ts';

const Thumbnail = ({ study }: { readonly study: ListedStudy }) => {
  const [modality = ''] = study.modalities;
  if (study.thumbnail === null)
    return <span className={styles.noPicture}>{safeText(modality).slice(0, 4)}</span>;
  const { instanceId, version } = study.thumbnail;
  return (
    <Picture
      src={`/api/v1/pictures/${instanceId}/${version}/thumbnail`}
      alt=""
      name={safeText(modality)}
      recover={session.renew}
    />
  );
};

const StateOf = ({ study }: { readonly study: ListedStudy }) => {
  const text = useText(messages);
  if (study.matchState === 'suggested') return <Status tone="warn">{text('suggested')}</Status>;
  if (study.matchState === 'quarantined') return <Status tone="warn">{text('quarantined')}</Status>;
  if (study.matchState === 'rejected') return <Status tone="danger">{text('rejected')}</Status>;
  return study.receiving ? <Status tone="info">{text('receiving')}</Status> : null;
};

/** Whatever a device wrote, in its own direction, and no wider than its place. */
const Words = ({
  children,
  className,
}: {
  readonly children: string;
  readonly className?: string | undefined;
}) => (
  <bdi className={classes(styles.words, className)} title={children.length > 24 ? children : undefined}>
    {children}
  </bdi>
);

/** The cells of one study: a line of the table, or a card on a telephone. */
export const StudyCells = ({ study, href }: { readonly study: ListedStudy; readonly href: string }) => {
  const text = useText(messages);
  const format = useFormat();
  const words = useStudyWords();
  const name = safeText(personName(study.patientName, 'sorted')) || text('noName');
  const identity = [
    words.age(study),
    words.sex(study.sex),
    safeText(study.recordNumber ?? study.receivedPatientId),
  ].filter((word) => word !== undefined && word !== '');
  const [day, time] = words.moment(study);
  const devices = study.deviceNames.map(safeText).join(', ');
  const state = <StateOf study={study} />;
  return (
    <>
      <div role="gridcell" className={styles.picture}>
        <Thumbnail study={study} />
      </div>
      <div role="rowheader" className={styles.patient}>
        <a href={href} tabIndex={-1}>
          <Words>{name}</Words>
        </a>
        <Words className={styles.quiet}>{identity.join(' · ')}</Words>
      </div>
      <div role="gridcell" className={styles.date}>
        <span>{day}</span>
        <span className={styles.quiet}>{time}</span>
      </div>
      <div role="gridcell" className={styles.modality}>
        {study.modalities.slice(0, 3).map((modality) => (
          <span key={modality} className={styles.code}>
            {safeText(modality).slice(0, 8)}
          </span>
        ))}
        {study.modalities.length > 3 && <span className={styles.quiet}>+{study.modalities.length - 3}</span>}
      </div>
      <div role="gridcell" className={styles.description}>
        <Words>{safeText(study.description) || '—'}</Words>
        <Words className={styles.quiet}>{safeText(study.accessionNumber)}</Words>
      </div>
      <div role="gridcell" className={styles.images}>
        <span>
          {text('imageCount', { count: study.instanceCount, shown: format.number(study.instanceCount) })}
        </span>
        <span className={styles.quiet}>{text('series', { count: study.seriesCount })}</span>
      </div>
      <div role="gridcell" className={styles.place}>
        <Words>{safeText(study.locationName)}</Words>
        <Words className={styles.quiet}>{devices}</Words>
      </div>
      <div role="gridcell" className={styles.received}>
        {study.receiving || !['auto', 'matched'].includes(study.matchState) ? (
          state
        ) : (
          <time dateTime={study.firstArrivalAt} title={format.dateTime(study.firstArrivalAt)}>
            {format.relative(study.firstArrivalAt)}
          </time>
        )}
      </div>
    </>
  );
};
