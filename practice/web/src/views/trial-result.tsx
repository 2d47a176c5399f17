import { Picture, Status, useText, useViewName } from '@archwire/ui';
import { useEffect, useRef } from 'react';
import { session } from '../api/session.ts';
import { messages } from './messages.ts';
import type { RuleTrialResult } from './view-rule.ts';
import styles from './views.module.css';

/** What a rule would change, image by image; those that change come first. */
export const TrialResult = ({
  result,
  isShownBelow = false,
}: {
  readonly result: RuleTrialResult;
  /** It may stand where nobody looks: it is brought into sight. */
  readonly isShownBelow?: boolean;
}) => {
  const here = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (isShownBelow) here.current?.scrollIntoView({ block: 'start' });
  }, [isShownBelow, result]);
  const text = useText(messages);
  const viewName = useViewName();
  const { images, matched, changed } = result;
  const shown = images.toSorted(
    (a, b) => Number(b.changes) - Number(a.changes) || Number(b.matches) - Number(a.matches),
  );
  return (
    <div ref={here} className={styles.trial}>
      <p role="status">{text('tried', { count: images.length, matched, changed })}</p>
      {images.length > 0 && (
        <ul>
          {shown.map((image) => (
            <li key={image.instanceId} data-quiet={!image.changes || undefined}>
              <span className={styles.thumb}>
                <Picture
                  src={
                    image.version === null
                      ? null
                      : `/api/v1/pictures/${image.instanceId}/${image.version}/thumbnail`
                  }
                  alt=""
                  name={viewName(image.before)}
                  recover={session.renew}
                />
              </span>
              <span className={styles.trialWords}>
                <strong>
                  {image.changes
                    ? text('becomes', { before: viewName(image.before), after: viewName(image.after) })
                    : viewName(image.before)}
                </strong>
                <small>
                  {[image.deviceName, image.modality, image.seriesDescription].filter(Boolean).join(' · ')}
                </small>
              </span>
              <Status tone={image.changes ? 'info' : 'idle'} quiet>
                {text(
                  image.changes
                    ? 'changes'
                    : image.before.origin === 'person'
                      ? 'byPerson'
                      : image.matches
                        ? 'same'
                        : 'notFits',
                )}
              </Status>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
};
