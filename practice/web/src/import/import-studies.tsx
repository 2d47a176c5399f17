import { Card, classes, personName, Picture, Status, useFormat, useText } from '@archwire/ui';
import type { EndpointResponse } from '@archwire/contracts/api';
import { importsApi } from '@archwire/contracts/api/imports';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { Link } from 'react-router';
import { endpointKey, useEndpoint } from '../api/use-endpoint.ts';
import { useLiveEvents } from '../live/use-live-events.ts';
import { useSoon } from '../patients/use-soon.ts';
import styles from './import-page.module.css';
import { messages } from './messages.ts';

type Study = EndpointResponse<typeof importsApi.studies>['studies'][number];

const StudyTile = ({ study }: { readonly study: Study }) => {
  const text = useText(messages);
  const format = useFormat();
  const name = personName(study.patientName) ?? text('noName');
  const src =
    study.picture === null
      ? null
      : `/api/v1/pictures/${study.picture.instanceId}/${study.picture.version}/thumbnail`;
  return (
    <Link
      to={study.quarantined ? '/quarantine' : `/studies/${study.studyId}`}
      className={classes(styles.study)}
      aria-label={text('openStudy', { name })}
    >
      <span className={styles.picture}>
        <Picture src={src} alt="" name={study.modalities.join(', ')} />
      </span>
      <span className={styles.words}>
        <b>{name}</b>
        <span>
          {[
            study.studyDate === null ? null : format.date(study.studyDate),
            study.description ?? study.modalities.join(', '),
          ]
            .filter((word) => word !== null && word !== '')
            .join(' · ')}
        </span>
        <small>{text('images', { count: study.files })}</small>
        {study.quarantined && (
          <Status tone="warn" quiet>
            {text('inQuarantine')}
          </Status>
        )}
      </span>
    </Link>
  );
};

/** The studies that came, as they come. */
export const ImportStudies = ({
  importId,
  isRunning,
}: {
  readonly importId: string;
  readonly isRunning: boolean;
}) => {
  const text = useText(messages);
  const format = useFormat();
  const { data } = useEndpoint(
    importsApi.studies,
    { params: { id: importId } },
    // Pictures are made in the seconds after.
    {
      refetchInterval: ({ state }) =>
        isRunning || state.data?.studies.some(({ picture }) => picture === null) === true ? 1500 : false,
    },
  );
  const client = useQueryClient();
  const refresh = useSoon(
    () =>
      void client.invalidateQueries({
        queryKey: endpointKey(importsApi.studies, { params: { id: importId } }),
      }),
  );
  // The last images are indexed, and pictures made, after the import itself has ended.
  useEffect(refresh, [isRunning, refresh]);
  useLiveEvents(['study.changed', 'derivative.made', 'quarantine.changed'], refresh);
  const studies = data?.studies ?? [];
  return (
    <Card title={text('studies')} meta={studies.length === 0 ? undefined : format.number(studies.length)}>
      {studies.length === 0 ? (
        <p className={styles.quiet}>{text(isRunning ? 'studiesNone' : 'studiesNothing')}</p>
      ) : (
        <div className={styles.studies}>
          {studies.map((study) => (
            <StudyTile key={study.studyId} study={study} />
          ))}
        </div>
      )}
    </Card>
  );
};
