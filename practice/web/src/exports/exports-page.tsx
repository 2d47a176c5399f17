import { PageHeader, useText } from '@archwire/ui';
import { useMay } from '../api/use-me.ts';
import { ExportList } from './export-list.tsx';
import styles from './exports.module.css';
import { messages } from './messages.ts';
import { ShareList } from './share-list.tsx';

/** Everything that left or can leave the house by hand: one's own, and all of the group for an administrator. */
export const ExportsPage = () => {
  const text = useText(messages);
  const mayShare = useMay('imaging.share.write');
  return (
    <>
      <PageHeader title={text('title')} />
      <div className={styles.page}>
        <ExportList isFirst />
        {mayShare && <ShareList isFirst />}
      </div>
    </>
  );
};
