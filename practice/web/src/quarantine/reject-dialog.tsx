import { imagingApi } from '@archwire/contracts/api/imaging';
import { Button, Checkbox, Dialog, personName, useText } from '@archwire/ui';
import { useState } from 'react';
import { useAction } from '../api/use-action.ts';
import { useOneAtATime } from '../api/use-one-at-a-time.ts';
import type { AssignableStudy } from './assign-dialog/assign-dialog.tsx';
import styles from './assign-dialog/assign-dialog.module.css';
import { ReasonField, REJECT_REASONS } from './assign-dialog/reason-field.tsx';
import { DECISION_CHANGES, useDecisionToast } from './assign-dialog/use-decision-toast.ts';
import { messages } from './messages.ts';

/** Says, with a reason, that a study belongs to nobody here. */
export const RejectDialog = ({
  study,
  onClose,
}: {
  readonly study: AssignableStudy;
  readonly onClose: () => void;
}) => {
  const text = useText(messages);
  const [reason, setReason] = useState('');
  const [takesAlike, setTakesAlike] = useState(false);
  const say = useDecisionToast();
  const reject = useAction(imagingApi.rejectStudies, { changes: DECISION_CHANGES });
  const alike = study.alike ?? [];
  const submit = async () => {
    const done = await reject.mutateAsync({
      body: { studyIds: [study.studyId, ...(takesAlike ? alike : [])], reason: reason.trim() },
    });
    if (done !== undefined) say(done.decisionId, text('rejectedToast'));
    onClose();
  };
  const once = useOneAtATime();
  const run = () => {
    if (reason.trim() !== '') once(submit);
  };
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={text('rejectStudy')}
      lead={text('rejectLead', { name: personName(study.received.name) ?? text('noName') })}
      isBusy={reject.isPending}
      footer={
        <>
          <Button onPress={onClose}>{text('cancel')}</Button>
          <Button tone="danger" isPending={reject.isPending} isDisabled={reason.trim() === ''} onPress={run}>
            {text('reject')}
          </Button>
        </>
      }
    >
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          run();
        }}
      >
        <ReasonField value={reason} onChange={setReason} usual={REJECT_REASONS.map((key) => text(key))} />
        {alike.length > 0 && (
          <Checkbox isSelected={takesAlike} onChange={setTakesAlike}>
            {text('alsoAlike', { count: alike.length })}
          </Checkbox>
        )}
        {reject.error !== null && (
          <p role="alert" className={styles.wrong}>
            {text('failed')}
          </p>
        )}
      </form>
    </Dialog>
  );
};
