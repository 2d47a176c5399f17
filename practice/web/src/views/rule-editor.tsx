import { devicesApi } from '@archwire/contracts/api/devices';
import { viewsApi } from '@archwire/contracts/api/views';
import {
  Button,
  Checkbox,
  ComboBox,
  Dialog,
  NumberField,
  Select,
  TextField,
  toasts,
  ToothPicker,
  useText,
} from '@archwire/ui';
import { useState } from 'react';
import { call } from '../api/call.ts';
import { useAction } from '../api/use-action.ts';
import { useEndpoint } from '../api/use-endpoint.ts';
import { messages } from './messages.ts';
import { SideChoice } from './side-choice.tsx';
import { TrialResult } from './trial-result.tsx';
import { useViewOptions } from './use-view-options.ts';
import {
  faultOf,
  type RuleConditions,
  type RuleDraft,
  type RuleResult,
  type RuleTrialResult,
} from './view-rule.ts';
import styles from './views.module.css';

const PATTERNS = ['manufacturer', 'modelName', 'stationName', 'seriesDescription', 'protocolName'] as const;
const SIZES = ['minRows', 'maxRows', 'minColumns', 'maxColumns'] as const;
const NOTATIONS = ['none', 'iso', 'universal'] as const;

/** A rule as a form, to be tried on what the device sent last before it is saved. */
export const RuleEditor = ({
  id,
  rule,
  onClose,
}: {
  /** `null`: a new one. */
  readonly id: string | null;
  readonly rule: RuleDraft;
  readonly onClose: () => void;
}) => {
  const text = useText(messages);
  const views = useViewOptions();
  const [draft, setDraft] = useState(rule);
  const [wasTried, setTried] = useState(false);
  const [trial, setTrial] = useState<RuleTrialResult>();
  const [isTrying, setTrying] = useState(false);
  const { data } = useEndpoint(devicesApi.list, {});
  const { conditions, result } = draft;
  const fault = faultOf(draft);
  const when = (change: Partial<RuleConditions>): void => {
    setTrial(undefined);
    setDraft({ ...draft, conditions: { ...conditions, ...change } });
  };
  const says = (change: Partial<RuleResult>): void => {
    setTrial(undefined);
    setDraft({ ...draft, result: { ...result, ...change } });
  };
  const onSuccess = (): void => {
    toasts.show({ text: text('saved'), tone: 'ok' });
    onClose();
  };
  const make = useAction(viewsApi.makeRule, { changes: [viewsApi.rules], onSuccess });
  const change = useAction(viewsApi.changeRule, { changes: [viewsApi.rules], onSuccess });
  const error = make.error ?? change.error;
  const isBusy = make.isPending || change.isPending;
  const save = (): void => {
    setTried(true);
    if (fault !== undefined) return;
    const body = { ...draft, name: draft.name.trim() };
    if (id === null) make.mutate({ body: { rule: body } });
    else change.mutate({ params: { id }, body });
  };
  const tryIt = async (): Promise<void> => {
    setTried(true);
    if (fault !== undefined) return;
    setTrying(true);
    try {
      setTrial(
        await call(viewsApi.tryRule, { body: { rule: draft, ...(id === null ? {} : { replaces: id }) } }),
      );
    } catch {
      toasts.show({ text: text('failed'), tone: 'danger' });
    } finally {
      setTrying(false);
    }
  };
  return (
    <Dialog
      isOpen
      onClose={onClose}
      size="wide"
      title={id === null ? text('add') : text('editOf', { name: rule.name })}
      isBusy={isBusy}
      footer={
        <>
          <Button onPress={onClose}>{text('cancel')}</Button>
          <Button isPending={isTrying} onPress={() => void tryIt()}>
            {text('tryIt')}
          </Button>
          <Button tone="primary" isPending={isBusy} onPress={save}>
            {text('save')}
          </Button>
        </>
      }
    >
      <div className={styles.form}>
        <TextField
          label={text('name')}
          description={text('nameHint')}
          value={draft.name}
          maxLength={120}
          isRequired
          onChange={(name) => setDraft({ ...draft, name })}
          {...(wasTried && fault === 'needsName' ? { error: text('needsName') } : {})}
        />
        <fieldset>
          <legend>{text('conditions')}</legend>
          <p className={styles.hint}>{text('patternHint')}</p>
          <div className={styles.fields}>
            <Select
              label={text('device')}
              options={[
                { id: 'any', label: text('anyDevice') },
                ...(data?.devices ?? []).map(({ id: device, name }) => ({ id: device, label: name })),
              ]}
              value={conditions.deviceId ?? 'any'}
              onChange={(device) => when({ deviceId: device === 'any' ? null : device })}
            />
            <TextField
              label={text('modality')}
              value={conditions.modality ?? ''}
              maxLength={16}
              onChange={(value) => when({ modality: value.trim() === '' ? null : value.toUpperCase() })}
            />
            {PATTERNS.map((key) => (
              <TextField
                key={key}
                label={text(key)}
                value={conditions[key] ?? ''}
                maxLength={100}
                onChange={(value) => when({ [key]: value === '' ? null : value })}
              />
            ))}
            <ComboBox
              label={text('readView')}
              placeholder={text('anything')}
              options={views}
              value={conditions.readView}
              onChange={(readView) => when({ readView })}
            />
            {SIZES.map((key) => (
              <NumberField
                key={key}
                label={text(key)}
                value={conditions[key] ?? Number.NaN}
                minValue={1}
                maxValue={65_535}
                onChange={(value) => when({ [key]: Number.isNaN(value) ? null : value })}
              />
            ))}
            <TextField
              label={text('sopClassUid')}
              value={conditions.sopClassUid ?? ''}
              maxLength={64}
              onChange={(value) => when({ sopClassUid: value.trim() === '' ? null : value.trim() })}
            />
          </div>
        </fieldset>
        <fieldset>
          <legend>{text('result')}</legend>
          <div className={styles.fields}>
            <ComboBox
              label={text('view')}
              placeholder={text('keepView')}
              options={views}
              value={result.view}
              onChange={(view) => says({ view })}
            />
            <Select
              label={text('teethFromWords')}
              options={NOTATIONS.map((notation) => ({
                id: notation,
                label: text(notation === 'none' ? 'noWords' : notation),
              }))}
              value={result.teethFromWords ?? 'none'}
              onChange={(notation) => says({ teethFromWords: notation === 'none' ? null : notation })}
            />
          </div>
          <SideChoice value={result.laterality} onChange={(laterality) => says({ laterality })} />
          <ToothPicker
            label={text('teeth')}
            value={result.teeth ?? []}
            onChange={(teeth) => says({ teeth: teeth.length === 0 ? null : [...teeth] })}
          />
          <Checkbox
            isSelected={result.overridesCodes}
            onChange={(overridesCodes) => says({ overridesCodes })}
          >
            {text('overridesCodes')}
          </Checkbox>
          <p className={styles.hint}>{text('overridesHint')}</p>
        </fieldset>
        {wasTried && fault !== undefined && fault !== 'needsName' && (
          <p role="alert" className={styles.wrong}>
            {text(fault)}
          </p>
        )}
        {error !== null && (
          <p role="alert" className={styles.wrong}>
            {text('failed')}
          </p>
        )}
        {trial !== undefined && <TrialResult result={trial} isShownBelow />}
      </div>
    </Dialog>
  );
};
