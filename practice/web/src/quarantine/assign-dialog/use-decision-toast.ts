import { imagingApi } from '@archwire/contracts/api/imaging';
import { patientsApi } from '@archwire/contracts/api/patients';
import { toasts, useText } from '@archwire/ui';
import { useCallback } from 'react';
import { useAction } from '../../api/use-action.ts';
import { messages } from '../messages.ts';

/** What is old after a decision. */
export const DECISION_CHANGES = [
  imagingApi.quarantine,
  imagingApi.notices,
  patientsApi.study,
  patientsApi.timeline,
] as const;

/** Says what was decided, with a way back for ten seconds. */
export const useDecisionToast = (): ((decisionId: string, said: string) => void) => {
  const text = useText(messages);
  const undo = useAction(imagingApi.undoDecision, { changes: DECISION_CHANGES });
  const { mutateAsync } = undo;
  return useCallback(
    (decisionId, said) => {
      const run = async () => {
        try {
          await mutateAsync({ params: { id: decisionId } });
          toasts.show({ text: text('undone'), tone: 'ok' });
        } catch {
          toasts.show({ text: text('notUndone'), tone: 'danger' });
        }
      };
      toasts.show({ text: said, tone: 'ok', action: { label: text('undo'), run: () => void run() } });
    },
    [mutateAsync, text],
  );
};
