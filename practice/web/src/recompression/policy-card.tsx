import { recompressionApi } from '@archwire/contracts/api/recompression';
import { Button, Card, Checkbox, RadioGroup, Status, toasts, useText } from '@archwire/ui';
import { useState } from 'react';
import { useAction } from '../api/use-action.ts';
import { useMay } from '../api/use-me.ts';
import { messages } from './messages.ts';
import styles from './recompression-page.module.css';
import type { Report } from './recompression.ts';

const POLICIES = ['off', 'idle', 'ingest'] as const;

/** When originals are recompressed; those who may not change it see what is chosen. */
export const PolicyCard = ({ report }: { readonly report: Report }) => {
  const text = useText(messages);
  const may = useMay('operations.health.write');
  const change = useAction(recompressionApi.change, { changes: [recompressionApi.report] });
  const [policy, setPolicy] = useState(report.policy);
  const [includeStored, setIncludeStored] = useState(false);
  const isChanged = policy !== report.policy || includeStored;
  return (
    <Card title={text('card')}>
      <form
        className={styles.policy}
        onSubmit={(event) => {
          event.preventDefault();
          change.mutate(
            { body: { policy, includeStored } },
            {
              onSuccess: () => {
                setIncludeStored(false);
                toasts.show({ tone: 'ok', text: text('saved') });
              },
              onError: () => void toasts.show({ tone: 'danger', text: text('notSaved') }),
            },
          );
        }}
      >
        <p className={styles.quiet}>{text('policyLead')}</p>
        <RadioGroup
          label={text('policy')}
          options={POLICIES.map((id) => ({
            id,
            label: text(`policy-${id}`),
            description: text(`policy-${id}-hint`),
          }))}
          value={policy}
          onChange={(chosen) => {
            setPolicy(chosen);
            if (chosen === 'off') setIncludeStored(false);
          }}
          isDisabled={!may}
        />
        {may && policy !== 'off' && (
          <div>
            <Checkbox isSelected={includeStored} onChange={setIncludeStored}>
              {text('includeStored')}
            </Checkbox>
            <p className={styles.hint}>{text('includeStoredHint')}</p>
          </div>
        )}
        {may && isChanged && (
          <div>
            <Button type="submit" tone="primary" isPending={change.isPending}>
              {text('save')}
            </Button>
          </div>
        )}
        {report.waiting > 0 && (
          <Status tone="info" quiet>
            {text('waiting', { count: report.waiting })}
          </Status>
        )}
      </form>
    </Card>
  );
};
