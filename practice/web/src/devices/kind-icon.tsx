import type { DeviceKind } from '@archwire/contracts/api/devices';
import {
  Archive,
  Box,
  Camera,
  CircleHelp,
  Monitor,
  type LucideIcon,
  PanelTop,
  ScanFace,
  ScanLine,
  Waypoints,
} from 'lucide-react';

/** The picture of each kind of device. */
export const KIND_ICONS: Readonly<Record<DeviceKind, LucideIcon>> = {
  panoramic: PanelTop,
  cbct: Box,
  ceph: ScanFace,
  'intraoral-sensor': ScanLine,
  'intraoral-scanner': Waypoints,
  camera: Camera,
  archive: Archive,
  workstation: Monitor,
  other: CircleHelp,
};
