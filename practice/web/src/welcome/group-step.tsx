import { Button, Skeleton, useText } from '@archwire/ui';
import { useMe } from '../api/use-me.ts';
import { GroupNameForm } from '../settings/group-name-form.tsx';
import { messages } from './messages.ts';
import { StepFrame } from './step-frame.tsx';

/** What the group made by the first start is called until somebody names it. */
const UNNAMED = 'Archwire';

export const GroupStep = ({ onDone }: { readonly onDone: () => void }) => {
  const text = useText(messages);
  const me = useMe();
  return (
    <StepFrame
      title={text('groupTitle')}
      lead={text('groupLead')}
      foot={<Button onPress={onDone}>{text('later')}</Button>}
    >
      {me === undefined ? (
        <Skeleton lines={2} />
      ) : (
        <GroupNameForm
          name={me.groupName === UNNAMED ? '' : me.groupName}
          submit={text('next')}
          onSaved={onDone}
        />
      )}
    </StepFrame>
  );
};
