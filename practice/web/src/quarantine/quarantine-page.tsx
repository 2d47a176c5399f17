import { PageHeader, Tabs, useText } from '@archwire/ui';
import { useNavigate, useParams } from 'react-router';
import { useMay } from '../api/use-me.ts';
import { ConflictList } from './conflict-list.tsx';
import { MergeList } from './merge-list.tsx';
import { messages } from './messages.ts';
import { useNotices } from './use-notices.ts';
import { Worklist } from './worklist.tsx';

const TABS = ['waiting', 'rejected', 'conflicts', 'merges'] as const;
type Tab = (typeof TABS)[number];

/** Everything about images that a person must decide. */
export const QuarantinePage = () => {
  const text = useText(messages);
  const navigate = useNavigate();
  const { tab } = useParams();
  const notices = useNotices();
  const seesConflicts = useMay('imaging.conflict.read');
  const selected = TABS.find((known) => known === tab) ?? 'waiting';
  const contents = {
    waiting: <Worklist key="waiting" state="quarantined" />,
    rejected: <Worklist key="rejected" state="rejected" />,
    conflicts: <ConflictList />,
    merges: <MergeList />,
  };
  const counts: Partial<Record<Tab, number | undefined>> = {
    waiting: notices?.quarantinedStudies ?? undefined,
    conflicts: notices?.openConflicts ?? undefined,
  };
  return (
    <>
      <PageHeader title={text('title')} lead={text('lead')} />
      <Tabs<Tab>
        label={text('title')}
        selected={selected}
        onSelect={(id) => void navigate(id === 'waiting' ? '/quarantine' : `/quarantine/${id}`)}
        items={TABS.filter((id) => id !== 'conflicts' || seesConflicts).map((id) => ({
          id,
          label: text(id),
          count: counts[id],
          content: contents[id],
        }))}
      />
    </>
  );
};
