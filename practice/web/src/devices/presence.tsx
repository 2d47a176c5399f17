import { Status, useFormat, useText } from '@archwire/ui';
import type { Device } from './device.ts';
import { messages } from './messages.ts';

/** A practice is closed at the weekend; who is silent for longer is worth a look, until its own days say better. */
const SILENT_HOURS = 48;
const HOUR = 3_600_000;

/** Whether and when a device was there last, as word, shape and colour. */
export const Presence = ({ device, now }: { readonly device: Device; readonly now: Date }) => {
  const text = useText(messages);
  const format = useFormat();
  const { active, lastRefusedAt, lastSeenAt, silentAfterHours } = device;
  if (!active) return <Status tone="idle">{text('inactive')}</Status>;
  if (lastRefusedAt !== null && (lastSeenAt === null || lastRefusedAt > lastSeenAt))
    return <Status tone="danger">{text('refused', { ago: format.relative(lastRefusedAt, now) })}</Status>;
  if (lastSeenAt === null) return <Status tone="info">{text('never')}</Status>;
  if (now.getTime() - Date.parse(lastSeenAt) > (silentAfterHours ?? SILENT_HOURS) * HOUR)
    return <Status tone="warn">{text('silent', { day: format.date(lastSeenAt) })}</Status>;
  return <Status tone="ok">{text('seen', { ago: format.relative(lastSeenAt, now) })}</Status>;
};
