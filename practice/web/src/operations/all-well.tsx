import { Link, useText } from '@archwire/ui';
import { useNotices } from '../quarantine/use-notices.ts';
import { messages } from './messages.ts';

/** That nothing is broken; and what waits for a person all the same, with the way there. */
export const AllWell = ({ onGo }: { readonly onGo?: () => void }) => {
  const text = useText(messages);
  const notices = useNotices();
  const waiting = (
    [
      ['waitingStudies', notices?.quarantinedStudies, '/quarantine'],
      ['waitingConflicts', notices?.openConflicts, '/quarantine/conflicts'],
      ['waitingDevices', notices?.refusedDevices, '/devices'],
    ] as const
  ).flatMap(([what, count, href]) =>
    count === undefined || count === null || count === 0 ? [] : [{ what, count, href }],
  );
  if (waiting.length === 0) return text('allWellHint');
  return (
    <>
      {text('allWellBut')}{' '}
      {waiting.map(({ what, count, href }, at) => (
        <span key={what}>
          {at > 0 && ' · '}
          <Link href={href} {...(onGo === undefined ? {} : { onPress: onGo })}>
            {text(what, { count })}
          </Link>
        </span>
      ))}
    </>
  );
};
