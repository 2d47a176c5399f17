import { ErrorState, Skeleton, useText } from '@archwire/ui';
import { AttributeLines } from './attribute-lines.tsx';
import styles from './attribute-list.module.css';
import type { StudyImage } from './study-image.ts';
import { studyMessages } from './study-messages.ts';
import { useAttributes } from './use-attributes.ts';

/** Everything an object says. */
export const AttributeList = ({
  studyInstanceUid,
  image,
}: {
  readonly studyInstanceUid: string;
  readonly image: StudyImage;
}) => {
  const text = useText(studyMessages);
  const { data, error, refetch } = useAttributes(studyInstanceUid, image);
  if (error !== null) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (data === undefined) return <Skeleton lines={12} />;
  return (
    <div className={styles.list}>
      <h3>{text('attributes')}</h3>
      <p>{text('attributesHint')}</p>
      <AttributeLines dataSet={data ?? {}} />
    </div>
  );
};
