import type { Permission } from '@archwire/contracts';
import {
  Activity,
  Braces,
  ClipboardList,
  Images,
  Import,
  type LucideIcon,
  PackageOpen,
  ScanLine,
  ScrollText,
  Settings,
  ShieldQuestion,
  Users,
} from 'lucide-react';
import { useOpenAlerts } from '../operations/use-open-alerts.ts';
import { useDoorCount } from '../devices/use-door-count.ts';
import { useQuarantineCount } from '../quarantine/use-quarantine-count.ts';
import type { messages } from './messages.ts';

/** One line of the side bar. */
export interface NavigationEntry {
  readonly to: string;
  /** Key of `shell/messages.ts`. */
  readonly text: keyof (typeof messages)['en'];
  readonly icon: LucideIcon;
  /** Pressed one after the other: `g s`. */
  readonly keys?: string;
  /** Among the few at the bottom of a telephone, where there is room for four. */
  readonly onPhone?: true;
  /** Shown only to those who may. */
  readonly permission?: Permission;
  /** How many things wait there; a hook, so that it may ask the API. */
  readonly useCount?: () => number | undefined;
}

/** What the side bar shows, from top to bottom. */
export const navigation: readonly NavigationEntry[] = [
  { to: '/', text: 'studies', icon: Images, keys: 'g s', onPhone: true, permission: 'imaging.study.read' },
  {
    to: '/patients',
    text: 'patients',
    icon: Users,
    keys: 'g p',
    onPhone: true,
    permission: 'imaging.study.read',
  },
  {
    to: '/worklist',
    text: 'worklist',
    icon: ClipboardList,
    keys: 'g w',
    permission: 'orders.order.read',
  },
  {
    to: '/import',
    text: 'import',
    icon: Import,
    keys: 'g i',
    onPhone: true,
    permission: 'imaging.study.store',
  },
  { to: '/exports', text: 'exports', icon: PackageOpen, keys: 'g x', permission: 'imaging.export.write' },
  {
    to: '/quarantine',
    text: 'quarantine',
    icon: ShieldQuestion,
    keys: 'g q',
    onPhone: true,
    permission: 'imaging.reconcile.write',
    useCount: useQuarantineCount,
  },
  {
    to: '/devices',
    text: 'devices',
    icon: ScanLine,
    keys: 'g d',
    permission: 'devices.device.read',
    useCount: useDoorCount,
  },
  {
    to: '/operations',
    text: 'operations',
    icon: Activity,
    keys: 'g o',
    permission: 'operations.health.read',
    useCount: useOpenAlerts,
  },
  { to: '/developer', text: 'developer', icon: Braces, permission: 'accounts.apikey.write' },
  { to: '/audit', text: 'audit', icon: ScrollText, keys: 'g a', permission: 'audit.log.read' },
  { to: '/settings', text: 'settings', icon: Settings, keys: 'g e' },
];
