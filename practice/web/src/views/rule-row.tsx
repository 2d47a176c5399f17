import { viewsApi } from '@archwire/contracts/api/views';
import { Badge, Button, ConfirmDialog, IconButton, Status, Switch, toasts, useText } from '@archwire/ui';
import { ArrowDown, ArrowUp, Pencil, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useAction } from '../api/use-action.ts';
import { messages } from './messages.ts';
import { useRuleName } from './use-rule-name.ts';
import { useRuleWords } from './use-rule-words.ts';
import type { ViewRule } from './view-rule.ts';
import styles from './views.module.css';

/** One rule of the list: what it asks for, what it says, and where it comes from. */
export const RuleRow = ({
  rule,
  onEdit,
  onMove,
}: {
  readonly rule: ViewRule;
  readonly onEdit: () => void;
  /** Left out where it cannot go. */
  readonly onMove: { readonly up?: () => void; readonly down?: () => void };
}) => {
  const text = useText(messages);
  const words = useRuleWords();
  const [isAsked, setAsked] = useState(false);
  const { id, source } = rule;
  const name = useRuleName()(rule.name);
  const { asks, says } = words(rule, rule.deviceName);
  const changes = [viewsApi.rules];
  const remove = useAction(viewsApi.removeRule, {
    changes,
    onSuccess: () => void toasts.show({ text: text('removed'), tone: 'ok' }),
  });
  const change = useAction(viewsApi.changeRule, {
    changes,
    onError: () => void toasts.show({ text: text('failed'), tone: 'danger' }),
  });
  const setActive = (active: boolean): void =>
    change.mutate({
      params: { id },
      body: { name: rule.name, active, conditions: rule.conditions, result: rule.result },
    });
  return (
    <li className={styles.rule} data-off={!rule.active || undefined}>
      <div className={styles.ruleHead}>
        <h2>{name}</h2>
        {source === 'shipped' && <Badge>{text('shipped')}</Badge>}
        {source === 'learned' && <Badge>{text('learned')}</Badge>}
        {rule.result.overridesCodes && <Badge>{text('overrides')}</Badge>}
        {rule.unverified && (
          <span title={text('unverifiedHint')}>
            <Status tone="warn" quiet>
              {text('unverified')}
            </Status>
          </span>
        )}
      </div>
      <dl className={styles.words}>
        <dt>{text('asks')}</dt>
        <dd>{asks.length === 0 ? text('anyImage') : asks.join(' · ')}</dd>
        <dt>{text('says')}</dt>
        <dd>{says.join(' · ')}</dd>
      </dl>
      <div className={styles.ruleFoot}>
        <Switch isSelected={rule.active} onChange={setActive} aria-label={`${text('active')}: ${name}`}>
          {text(rule.active ? 'active' : 'off')}
        </Switch>
        <span className={styles.spread} />
        {source !== 'shipped' && (
          <>
            <IconButton
              icon={ArrowUp}
              label={text('up', { name })}
              isDisabled={onMove.up === undefined}
              onPress={() => onMove.up?.()}
            />
            <IconButton
              icon={ArrowDown}
              label={text('down', { name })}
              isDisabled={onMove.down === undefined}
              onPress={() => onMove.down?.()}
            />
            <IconButton icon={Trash2} label={text('remove')} onPress={() => setAsked(true)} />
          </>
        )}
        <Button onPress={onEdit} aria-label={text('editOf', { name })}>
          <Pencil size={14} aria-hidden />
          {text('edit')}
        </Button>
      </div>
      <ConfirmDialog
        isOpen={isAsked}
        onClose={() => setAsked(false)}
        title={name}
        lead={text('removeLead')}
        action={text('remove')}
        isDangerous
        onConfirm={() => remove.mutateAsync({ params: { id } })}
        explain={() => text('failed')}
      />
    </li>
  );
};
