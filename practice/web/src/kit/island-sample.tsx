import { Button, Dialog, Menu, Select, Status, toasts, ToastRegion } from '@archwire/ui';
import { createIslands } from '@archwire/ui/island';
import { useState } from 'react';
import { VIEWS } from './sample-data.ts';

const Panel = ({ title }: { readonly title: string }) => {
  const [isOpen, setOpen] = useState(false);
  const [view, setView] = useState<(typeof VIEWS)[number]['id'] | null>('pano');
  return (
    <div>
      <h2>{title}</h2>
      <Status tone="danger">Latex allergy</Status>
      <Button tone="primary" onPress={() => setOpen(true)}>
        New order
      </Button>
      <Menu
        label="More"
        trigger={<Button>More</Button>}
        groups={[{ entries: [{ id: 'a', label: 'Say so', onAction: () => toasts.show({ text: 'Said' }) }] }]}
      />
      <Dialog isOpen={isOpen} onClose={() => setOpen(false)} title="New order">
        <Select label="View" options={VIEWS} value={view} onChange={setView} />
      </Dialog>
      <ToastRegion />
    </div>
  );
};

/** What a page of others mounts: a function that returns a React 18 element. */
export const SamplePanel = createIslands({
  css: new URL('ui.css', location.origin),
  language: 'en',
})(Panel);
