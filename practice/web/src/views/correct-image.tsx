import { patientsApi } from '@archwire/contracts/api/patients';
import { viewsApi } from '@archwire/contracts/api/views';
import { Button, ComboBox, toasts, ToothPicker, useText, useViewName } from '@archwire/ui';
import { useQueryClient } from '@tanstack/react-query';
import { Wand2 } from 'lucide-react';
import { useState } from 'react';
import { endpointKey } from '../api/use-endpoint.ts';
import { useAction } from '../api/use-action.ts';
import { useMay } from '../api/use-me.ts';
import type { StudyImage } from '../patients/study-image.ts';
import { LearnRule } from './learn-rule.tsx';
import { messages } from './messages.ts';
import { SideChoice } from './side-choice.tsx';
import { useOriginWords } from './use-origin-words.ts';
import { showsTeeth, useViewOptions } from './use-view-options.ts';
import styles from './views.module.css';

/** What one image shows and how that is known, for a person to correct; and from a correction, a rule for its device. */
export const CorrectImage = ({ image }: { readonly image: StudyImage }) => {
  const text = useText(messages);
  const viewName = useViewName();
  const originWords = useOriginWords();
  const options = useViewOptions();
  const client = useQueryClient();
  const mayCorrect = useMay('imaging.view.write');
  const mayTeach = useMay('imaging.rule.write');
  const [view, setView] = useState(image.view);
  const [teeth, setTeeth] = useState(image.teeth);
  const [laterality, setLaterality] = useState(image.laterality);
  const [teaches, setTeaches] = useState(false);
  const { instanceId } = image;
  const params = { id: instanceId };

  /** Further pages of a series ask nobody by themselves. */
  const again = () => void client.refetchQueries({ queryKey: endpointKey(patientsApi.seriesImages) });
  const failed = () => void toasts.show({ text: text('failed'), tone: 'danger' });
  const changes = [patientsApi.study, patientsApi.timeline];
  const restore = useAction(viewsApi.restore, {
    changes,
    onError: failed,
    onSuccess: ({ after }) => {
      again();
      setView(after.view);
      setTeeth(after.teeth);
      setLaterality(after.laterality);
      toasts.show({ text: text('restored', { name: viewName(after) }), tone: 'ok' });
    },
  });
  const correct = useAction(viewsApi.correct, {
    changes,
    onError: failed,
    onSuccess: ({ before, after }) => {
      again();
      toasts.show({
        text: text('corrected', { name: viewName(after) }),
        tone: 'ok',
        action: {
          label: text('undo'),
          run: () => {
            if (before.origin === 'person')
              correct.mutate({
                params,
                body: { view: before.view, teeth: [...before.teeth], laterality: before.laterality },
              });
            else restore.mutate({ params });
          },
        },
      });
    },
  });
  const isChanged =
    view !== image.view || laterality !== image.laterality || teeth.join() !== image.teeth.join();
  const isCorrected = image.origin === 'person';
  return (
    <section className={styles.correct} aria-label={text('whatShows')}>
      <h3>{text('whatShows')}</h3>
      <p className={styles.known}>
        <strong>{viewName(image)}</strong>
        <span>{originWords(image)}</span>
        {image.viewKey !== null && <span>{text('photoKey', { key: image.viewKey })}</span>}
      </p>
      {mayCorrect && (
        <>
          <ComboBox
            label={text('view')}
            options={options}
            value={view}
            onChange={(next) => setView(next ?? image.view)}
          />
          <SideChoice value={laterality} onChange={setLaterality} />
          {showsTeeth(view) && <ToothPicker label={text('teeth')} value={teeth} onChange={setTeeth} />}
          <div className={styles.buttons}>
            {isCorrected && (
              <Button isPending={restore.isPending} onPress={() => restore.mutate({ params })}>
                {text('restore')}
              </Button>
            )}
            <Button
              tone="primary"
              isPending={correct.isPending}
              isDisabled={!isChanged && isCorrected}
              onPress={() =>
                correct.mutate({
                  params,
                  body: { view, teeth: showsTeeth(view) ? [...teeth] : [], laterality },
                })
              }
            >
              {text('correct')}
            </Button>
          </div>
          {mayTeach && isCorrected && !teaches && (
            <Button wide onPress={() => setTeaches(true)}>
              <Wand2 size={15} aria-hidden />
              {text('learn')}
            </Button>
          )}
          {teaches && <LearnRule instanceId={instanceId} onClose={() => setTeaches(false)} />}
        </>
      )}
    </section>
  );
};
