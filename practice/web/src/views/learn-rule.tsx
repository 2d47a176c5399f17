import { viewsApi } from '@archwire/contracts/api/views';
import { Button, Checkbox, ErrorState, Skeleton, toasts, useText } from '@archwire/ui';
import { useState } from 'react';
import { useAction } from '../api/use-action.ts';
import { useEndpoint } from '../api/use-endpoint.ts';
import { messages } from './messages.ts';
import { TrialResult } from './trial-result.tsx';
import { useRuleWords } from './use-rule-words.ts';
import type { RuleDraft } from './view-rule.ts';
import styles from './views.module.css';

const Trial = ({ rule }: { readonly rule: RuleDraft }) => {
  const { data, error, refetch } = useEndpoint(viewsApi.tryRule, { body: { rule } });
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />;
  return data === undefined ? <Skeleton lines={3} /> : <TrialResult result={data} />;
};

/** Offers a rule made from a corrected image: what it asks for, what it would change, and one button to make it. */
export const LearnRule = ({
  instanceId,
  onClose,
}: {
  readonly instanceId: string;
  readonly onClose: () => void;
}) => {
  const text = useText(messages);
  const words = useRuleWords();
  const [earlier, setEarlier] = useState(true);
  const { data, error, refetch } = useEndpoint(viewsApi.suggestRule, { params: { id: instanceId } });
  const apply = useAction(viewsApi.applyRules, { changes: [viewsApi.runs] });
  const make = useAction(viewsApi.makeRule, {
    changes: [viewsApi.rules],
    onSuccess: ({ id }) => {
      toasts.show({ text: text(earlier ? 'started' : 'learnedToast'), tone: 'ok' });
      if (earlier) apply.mutate({ body: { ruleId: id } });
      onClose();
    },
    onError: () => void toasts.show({ text: text('failed'), tone: 'danger' }),
  });
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (data === undefined) return <Skeleton lines={6} />;
  const { rule, deviceName } = data;
  const { asks, says } = words(rule, deviceName);
  return (
    <div className={styles.learn}>
      <p>
        {text('learnLead', { device: deviceName === null ? '' : text('ofDevice', { name: deviceName }) })}
      </p>
      <dl className={styles.words}>
        <dt>{text('asks')}</dt>
        <dd>{asks.join(' · ')}</dd>
        <dt>{text('says')}</dt>
        <dd>{says.join(' · ')}</dd>
      </dl>
      <Trial rule={rule} />
      <Checkbox isSelected={earlier} onChange={setEarlier}>
        {text('alsoEarlier')}
      </Checkbox>
      <div className={styles.buttons}>
        <Button onPress={onClose}>{text('cancel')}</Button>
        <Button
          tone="primary"
          isPending={make.isPending}
          onPress={() => make.mutate({ body: { rule, learnedFrom: instanceId } })}
        >
          {text('learnMake')}
        </Button>
      </div>
    </div>
  );
};
