import { viewsApi } from '@archwire/contracts/api/views';
import { Button, EmptyState, ErrorState, PageHeader, Skeleton, toasts, useText } from '@archwire/ui';
import { History, Plus, Tags } from 'lucide-react';
import { useState } from 'react';
import { useAction } from '../api/use-action.ts';
import { useEndpoint } from '../api/use-endpoint.ts';
import { messages } from './messages.ts';
import { RuleEditor } from './rule-editor.tsx';
import { RuleRow } from './rule-row.tsx';
import { RunStatus } from './run-status.tsx';
import { EMPTY_RULE, type RuleDraft, type ViewRule } from './view-rule.ts';
import styles from './views.module.css';

const draftOf = ({ name, active, conditions, result }: ViewRule): RuleDraft => ({
  name,
  active,
  conditions,
  result,
});

/** The rules about what devices send, in the order in which they are asked. */
export const ViewRulesPage = () => {
  const text = useText(messages);
  const [edited, setEdited] = useState<{ readonly id: string | null; readonly rule: RuleDraft }>();
  const { data, error, refetch } = useEndpoint(viewsApi.rules, {});
  const onError = () => void toasts.show({ text: text('failed'), tone: 'danger' });
  const order = useAction(viewsApi.orderRules, { changes: [viewsApi.rules], onError });
  const apply = useAction(viewsApi.applyRules, {
    changes: [viewsApi.runs],
    onError,
    onSuccess: () => void toasts.show({ text: text('started'), tone: 'ok' }),
  });
  const rules = data?.rules ?? [];
  const own = rules.filter(({ source }) => source !== 'shipped');
  const move = (at: number, by: -1 | 1): (() => void) | undefined => {
    const [moved, other] = [own[at], own[at + by]];
    if (moved === undefined || other === undefined) return undefined;
    return () => {
      const ids = own.map(({ id }) => id);
      ids[at] = other.id;
      ids[at + by] = moved.id;
      order.mutate({ body: { ids } });
    };
  };
  const add = () => setEdited({ id: null, rule: EMPTY_RULE });
  const row = (rule: ViewRule) => {
    const at = own.indexOf(rule);
    const [up, down] = [move(at, -1), move(at, 1)];
    return (
      <RuleRow
        key={rule.id}
        rule={rule}
        onEdit={() => setEdited({ id: rule.id, rule: draftOf(rule) })}
        onMove={{ ...(up === undefined ? {} : { up }), ...(down === undefined ? {} : { down }) }}
      />
    );
  };
  const list = () => {
    if (error) return <ErrorState error={error} onRetry={() => void refetch()} />;
    if (data === undefined) return <Skeleton height={220} />;
    return (
      <>
        {own.length === 0 && (
          <EmptyState icon={Tags} title={text('empty')}>
            {text('emptyHint')}
          </EmptyState>
        )}
        <ol className={styles.rules} aria-label={text('title')}>
          {rules.map(row)}
        </ol>
      </>
    );
  };
  return (
    <>
      <PageHeader
        title={text('title')}
        lead={text('lead')}
        actions={
          <>
            <Button isPending={apply.isPending} onPress={() => apply.mutate({ body: { ruleId: null } })}>
              <History size={15} aria-hidden />
              {text('apply')}
            </Button>
            <Button tone="primary" onPress={add}>
              <Plus size={15} aria-hidden />
              {text('add')}
            </Button>
          </>
        }
      >
        <RunStatus />
      </PageHeader>
      <div className={styles.page}>{list()}</div>
      {edited !== undefined && (
        <RuleEditor
          key={edited.id ?? 'new'}
          id={edited.id}
          rule={edited.rule}
          onClose={() => setEdited(undefined)}
        />
      )}
    </>
  );
};
