import { classes, personName, Picture, Status, useFormat, useText, useViewName } from '@archwire/ui';
import { Button } from 'react-aria-components';
import { session } from '../api/session.ts';
import { messages } from './messages.ts';
import { pictureAddress } from './picture-address.ts';
import styles from './quarantine.module.css';
import type { QuarantinedStudy } from './quarantined-study.ts';
import { reasonText } from './reason-text.ts';

/** A study of the worklist: its first picture, who it says it is of, and why it waits. */
export const StudyRow = ({
  study,
  isOpen,
  onOpen,
}: {
  readonly study: QuarantinedStudy;
  readonly isOpen: boolean;
  readonly onOpen: () => void;
}) => {
  const text = useText(messages);
  const format = useFormat();
  const viewName = useViewName();
  const [image] = study.images;
  const { birthDate, description, firstAt, instanceCount, modalities, patientName, rejection } = study;
  return (
    <Button
      className={classes(styles.row)}
      onPress={onOpen}
      aria-current={isOpen}
      id={`study-${study.studyId}`}
    >
      <span className={styles.rowPicture}>
        {image !== undefined && (
          <Picture
            src={pictureAddress(image, 'thumbnail')}
            alt=""
            name={viewName(image)}
            reason={image.picture?.placeholderReason ?? null}
            recover={session.renew}
          />
        )}
      </span>
      <span className={styles.rowText}>
        <strong>{personName(patientName, 'sorted') ?? text('noName')}</strong>
        <span>
          {birthDate === null ? text('unknown') : format.date(birthDate)} · {study.patientId ?? text('noId')}
        </span>
        <span>
          {[description, ...modalities].filter((part) => part !== null && part !== '').join(' · ')}
          {' · '}
          {text('images', { count: instanceCount })}
        </span>
        {rejection === null ? (
          <Status tone="warn" quiet>
            {text(reasonText(study.reason))}
          </Status>
        ) : (
          <span>
            {rejection.decidedBy === null
              ? text('rejectedOn', { ago: format.relative(rejection.decidedAt) })
              : text('rejectedBy', { ago: format.relative(rejection.decidedAt), who: rejection.decidedBy })}
          </span>
        )}
        <span className={styles.rowMeta}>
          {study.locationName} · {text('arrived', { ago: format.relative(firstAt) })}
        </span>
      </span>
    </Button>
  );
};
