import type { Migration } from './migration.ts';
import { foundation } from './0001-foundation.ts';
import { accounts } from './0002-accounts.ts';
import { imaging } from './0003-imaging.ts';
import { journal } from './0004-journal.ts';
import { ingest } from './0005-ingest.ts';
import { reconcile } from './0006-reconcile.ts';
import { studySearch } from './0007-study-search.ts';
import { timeline } from './0008-timeline.ts';
import { people } from './0009-people.ts';
import { operations } from './0010-operations.ts';
import { deviceTraffic } from './0011-device-traffic.ts';
import { studyOrder } from './0012-study-order.ts';
import { nodes } from './0013-nodes.ts';
import { imports } from './0014-imports.ts';
import { alerts } from './0015-alerts.ts';
import { deviceServices } from './0016-device-services.ts';
import { imagingOrders } from './0017-imaging-orders.ts';
import { orderLinking } from './0018-order-linking.ts';
import { commitmentRequests } from './0019-commitment-requests.ts';
import { receivedCommitments } from './0020-received-commitments.ts';
import { knownIdentity } from './0021-known-identity.ts';
import { lettersOfAlerts } from './0021-letters-of-alerts.ts';
import { derivativeLive } from './0022-derivative-live.ts';
import { openOrders } from './0023-open-orders.ts';
import { recompression } from './0024-recompression.ts';
import { multiResolution } from './0025-multi-resolution.ts';
import { records } from './0026-records.ts';
import { viewRules } from './0027-view-rules.ts';
import { exportsAndShares } from './0028-exports.ts';
import { nameOrder } from './0029-name-order.ts';
import { studyViews } from './0031-study-views.ts';

/** The one linear history, oldest first. Append only. */
export const migrations: readonly Migration[] = [
  foundation,
  accounts,
  imaging,
  journal,
  ingest,
  reconcile,
  studySearch,
  timeline,
  people,
  operations,
  deviceTraffic,
  studyOrder,
  nodes,
  imports,
  alerts,
  deviceServices,
  imagingOrders,
  orderLinking,
  commitmentRequests,
  receivedCommitments,
  knownIdentity,
  lettersOfAlerts,
  derivativeLive,
  openOrders,
  recompression,
  multiResolution,
  records,
  viewRules,
  exportsAndShares,
  nameOrder,
  studyViews,
];
