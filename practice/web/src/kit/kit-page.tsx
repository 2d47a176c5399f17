import {
  Avatar,
  Badge,
  Button,
  Card,
  Checkbox,
  ComboBox,
  ConfirmDialog,
  CopyButton,
  DateField,
  DateRangeField,
  type DateRange,
  DefinitionList,
  Dialog,
  EmptyState,
  ErrorState,
  FileDrop,
  IconButton,
  KeyHint,
  Link,
  Menu,
  NumberField,
  PageHeader,
  PasswordField,
  Popover,
  Progress,
  RadioGroup,
  SearchField,
  SegmentedControl,
  Select,
  Skeleton,
  type Sort,
  Status,
  Stepper,
  Switch,
  Table,
  Tabs,
  TextField,
  toasts,
  VirtualTable,
} from '@archwire/ui';
import { MoreHorizontal, Pencil, Plus, Rows3, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { ApiProblem } from '../api/api-problem.ts';
import { FormSample } from './form-sample.tsx';
import styles from './kit-page.module.css';
import { VIEWS, type Device, DEVICES, LANGUAGES_TAUGHT, PATIENTS } from './sample-data.ts';

const TONES = ['danger', 'warn', 'ok', 'info', 'done', 'idle'] as const;
const MANY = Array.from({ length: 5000 }, (_, at) => ({
  id: String(at),
  name: `Row ${at}`,
  day: '2026-11-20',
}));
const PAGE = 200;

const Buttons = () => (
  <Card title="Buttons and links" meta="one primary on a page">
    <div className={styles.row}>
      <Button tone="primary">
        <Plus size={15} aria-hidden />
        New order
      </Button>
      <Button>Import</Button>
      <Button tone="ghost">Later</Button>
      <Button tone="danger">Remove</Button>
      <Button isDisabled>Not now</Button>
      <Button tone="primary" isPending>
        Saving
      </Button>
      <IconButton icon={MoreHorizontal} label="More" />
      <IconButton icon={Trash2} label="Remove the device" tone="danger" />
      <Link href="/kit">A link in a sentence</Link>
      <Link href="/kit" look="plain">
        A link like a button
      </Link>
      <CopyButton value="1.2.840.10008" />
    </div>
  </Card>
);

const Fields = () => {
  const [view, setView] = useState<(typeof VIEWS)[number]['id'] | null>('pano');
  const [patient, setPatient] = useState<string | null>(null);
  const [day, setDay] = useState<string | null>('2026-11-20');
  const [range, setRange] = useState<DateRange | null>({ from: '2026-11-02', to: '2026-11-20' });
  const [kind, setKind] = useState<'strip' | 'list'>('strip');
  const [chosen, setChosen] = useState<'en' | 'fr' | 'es' | null>('fr');
  return (
    <Card title="Fields">
      <div className={styles.grid}>
        <TextField label="AE title" placeholder="CEPH_1" description="As the device writes it." isRequired />
        <TextField
          label="E-mail"
          defaultValue="not an address"
          error="Write an address like name@clinic.org."
        />
        <PasswordField label="Password" defaultValue="correct horse" autoComplete="off" />
        <NumberField
          label="Port"
          defaultValue={11_112}
          minValue={1}
          maxValue={65_535}
          formatOptions={{ useGrouping: false }}
        />
        <Select label="View" options={VIEWS} value={view} onChange={setView} />
        <ComboBox
          label="Patient"
          options={PATIENTS}
          value={patient}
          onChange={setPatient}
          placeholder="Type a name"
        />
        <DateField label="Taken on" value={day} onChange={setDay} />
        <DateRangeField label="Between" value={range} onChange={setRange} />
        <SearchField label="Search studies" />
        <TextField label="Note" rows={3} />
        <RadioGroup label="Language" options={LANGUAGES_TAUGHT} value={chosen} onChange={setChosen} />
        <div className={styles.column}>
          <Checkbox defaultSelected>Remember this identifier</Checkbox>
          <Checkbox isIndeterminate>All devices</Checkbox>
          <Checkbox isDisabled>Not for you</Checkbox>
          <Switch defaultSelected>Live updates</Switch>
          <SegmentedControl
            label="Shown as"
            options={[
              { id: 'strip', label: 'Strip', icon: Rows3 },
              { id: 'list', label: 'List' },
            ]}
            value={kind}
            onChange={setKind}
          />
        </div>
      </div>
    </Card>
  );
};

const Overlays = () => {
  const [open, setOpen] = useState<'dialog' | 'drawer' | 'confirm' | null>(null);
  const [view, setView] = useState<(typeof VIEWS)[number]['id'] | null>('pano');
  const close = () => setOpen(null);
  return (
    <Card title="Overlays and toasts">
      <div className={styles.row}>
        <Button onPress={() => setOpen('dialog')}>Dialog</Button>
        <Button onPress={() => setOpen('drawer')}>Drawer</Button>
        <Button onPress={() => setOpen('confirm')}>Confirm with a reason</Button>
        <Popover trigger={<Button>Popover</Button>} label="About the device">
          <p>Last heard three minutes ago.</p>
        </Popover>
        <Menu
          label="Device"
          trigger={<Button>Menu</Button>}
          groups={[
            {
              entries: [{ id: 'edit', label: 'Edit', icon: Pencil, description: 'Name, address, AE title' }],
            },
            {
              title: 'Theme',
              entries: [
                { id: 'light', label: 'Light', isSelected: true },
                { id: 'dark', label: 'Dark', isSelected: false },
              ],
            },
            { entries: [{ id: 'remove', label: 'Remove', icon: Trash2, tone: 'danger' }] },
          ]}
        />
        <Button
          onPress={() =>
            toasts.show({ text: 'Study assigned', tone: 'ok', action: { label: 'Undo', run: () => {} } })
          }
        >
          Toast
        </Button>
        <Button onPress={() => toasts.show({ text: 'The device did not answer.', tone: 'danger' })}>
          Toast of a failure
        </Button>
      </div>
      <Dialog
        isOpen={open === 'dialog' || open === 'drawer'}
        kind={open === 'drawer' ? 'drawer' : 'dialog'}
        onClose={close}
        title="Register a device"
        lead="It may send images as soon as it is registered."
        footer={
          <>
            <Button onPress={close}>Cancel</Button>
            <Button tone="primary" onPress={close}>
              Register
            </Button>
          </>
        }
      >
        <TextField label="Name" isRequired />
        <Select label="View" options={VIEWS} value={view} onChange={setView} />
        <DateField label="Since" value="2026-11-20" onChange={() => {}} />
      </Dialog>
      <ConfirmDialog
        isOpen={open === 'confirm'}
        onClose={close}
        title="Reject this study?"
        lead="It leaves the quarantine and is shown to nobody. It can be taken back."
        action="Reject"
        isDangerous
        asksForReason
        onConfirm={async () => {}}
        explain={String}
      />
    </Card>
  );
};

const Tables = () => {
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set(['2']));
  const [sort, setSort] = useState<Sort>({ column: 'name', direction: 'ascending' });
  const [shown, setShown] = useState(PAGE);
  const turn = sort.direction === 'ascending' ? 1 : -1;
  const rows = DEVICES.toSorted((a, b) => turn * a.name.localeCompare(b.name));
  return (
    <>
      <Card title="Table" meta="arrow keys, Space, Enter" flush>
        <Table<Device>
          label="Devices"
          columns={[
            { id: 'name', title: 'Name', isRowHeader: true, isSortable: true, cell: ({ name }) => name },
            { id: 'ae', title: 'AE title', cell: ({ aeTitle }) => <Badge>{aeTitle}</Badge> },
            { id: 'state', title: 'State', cell: ({ tone, state }) => <Status tone={tone}>{state}</Status> },
            { id: 'images', title: 'Images', align: 'end', isWideOnly: true, cell: ({ images }) => images },
          ]}
          rows={rows}
          idOf={({ id }) => id}
          sort={sort}
          onSort={setSort}
          selected={selected}
          onSelect={setSelected}
        />
      </Card>
      <Card title="Virtual table" meta={`${MANY.length} rows, ${shown} loaded`} flush>
        <div className={styles.window}>
          <VirtualTable
            label="Many rows"
            columns={[
              { id: 'name', title: 'Name', isRowHeader: true, cell: ({ name }) => name, width: '2fr' },
              { id: 'day', title: 'Day', cell: ({ day }) => day, isSortable: true },
            ]}
            rows={MANY.slice(0, shown)}
            idOf={({ id }) => id}
            hasMore={shown < MANY.length}
            isLoadingMore={false}
            onMore={() => setShown(Math.min(MANY.length, shown + PAGE))}
            onOpen={({ name }) => toasts.show({ text: `Opened ${name}` })}
            hrefOf={({ id }) => `/kit?row=${id}`}
            sort={{ column: 'day', direction: 'descending' }}
            onSort={() => {}}
          />
        </div>
      </Card>
    </>
  );
};

const States = () => (
  <>
    <Card title="States">
      <div className={styles.row}>
        {TONES.map((tone) => (
          <Status key={tone} tone={tone}>
            {tone}
          </Status>
        ))}
        <Status tone="ok" quiet>
          Delivered to VNA
        </Status>
        <Badge>PX</Badge>
        <Avatar name="Ruiz^Camille" />
        <Avatar name="Camille Ruiz" size="large" />
        <Avatar name="Northside Ortho" shape="group" />
        <KeyHint keys="mod+k" />
      </div>
    </Card>
    <Card title="Waiting">
      <div className={styles.column}>
        <Stepper steps={['Group', 'Locations', 'First device', 'Test image']} current={2} />
        <Progress label="Uploading" value={12} max={40} hint="12 of 40 files" />
        <Progress label="Asking the device" />
        <Skeleton lines={3} />
      </div>
    </Card>
    <Card title="Facts">
      <DefinitionList
        items={[
          { label: 'Upper', value: '.018 NiTi' },
          { label: 'Lower', value: '.016×.022 SS' },
          { label: 'Elastics', value: null },
        ]}
      />
    </Card>
    <Card title="Empty">
      <EmptyState title="No device yet" action={<Button tone="primary">Register a device</Button>}>
        Point a sensor at this server and it appears here by itself.
      </EmptyState>
    </Card>
    <Card title="Failed">
      <ErrorState
        error={new ApiProblem('internal', '', { status: 500, requestId: '0197a4b2-7c1e' })}
        onRetry={() => {}}
      />
    </Card>
    <Card title="Files">
      <FileDrop
        label="Drop DICOM files, folders or a ZIP"
        hint="A DICOMDIR is read when there is one."
        onFiles={(files) => toasts.show({ text: `${files.length} files` })}
      />
    </Card>
  </>
);

/** Every part of the kit, for those who build pages with it. Not in the product. */
export const KitPage = () => (
  <main className={styles.page}>
    <PageHeader
      title="The kit"
      lead="Every component, in every state, in both themes."
      actions={<Button tone="primary">The one thing</Button>}
    />
    <Tabs
      label="Parts"
      items={[
        {
          id: 'controls',
          label: 'Controls',
          content: (
            <div className={styles.column}>
              <Buttons />
              <Fields />
              <FormSample />
              <Overlays />
            </div>
          ),
        },
        {
          id: 'content',
          label: 'Content',
          count: 3,
          content: (
            <div className={styles.column}>
              <Tables />
              <States />
            </div>
          ),
        },
      ]}
    />
  </main>
);
