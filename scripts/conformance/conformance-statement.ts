import { storageSopClasses } from '@archwire/dicom';
import { SERVICE_CLASSES } from '../../gateway/src/dimse/scu/capability-table.ts';
import { createPresentationPolicy } from '../../gateway/src/dimse/presentation-policy.ts';
import { annexes } from './annexes.ts';
import { closingSections } from './closing-sections.ts';
import { associations } from './networking.ts';
import { overview } from './overview.ts';
import { servedClasses } from './served-classes.ts';
import { servedServices } from './served-services.ts';
import { serviceDetails } from './service-details.ts';
import { serviceRows } from './service-rows.ts';

/** What a function of the product asks of peers; the rest of `gateway/src/dimse/scu` waits for one that does. */
const INVOKED = [SERVICE_CLASSES.verification, SERVICE_CLASSES.availability];

/** The DICOM conformance statement (PS3.2), as Markdown. */
export const conformanceStatement = (): string => {
  const services = servedServices();
  const policy = createPresentationPolicy({ acceptPrivateSopClasses: true, services });
  const rows = serviceRows(services, INVOKED);
  const storageCount = storageSopClasses.filter(({ uid }) => policy.acceptsAbstractSyntax(uid)).length;
  const sends = services.some(({ name }) => name === 'C-MOVE');
  return [
    overview(rows, storageCount, sends),
    associations(),
    servedClasses(rows),
    serviceDetails(),
    closingSections(),
    annexes(policy),
  ].join('\n');
};
