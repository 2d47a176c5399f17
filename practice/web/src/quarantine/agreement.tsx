import { Status, useText } from '@archwire/ui';
import type { Agreement } from './compare-identity.ts';
import { messages } from './messages.ts';

const TONES = { same: 'ok', similar: 'warn', different: 'danger', missing: 'idle' } as const;

/** Whether two facts agree: a word, a shape and a colour. */
export const AgreementMark = ({ agreement }: { readonly agreement: Agreement }) => {
  const text = useText(messages);
  return (
    <Status tone={TONES[agreement]} quiet>
      {text(agreement)}
    </Status>
  );
};
