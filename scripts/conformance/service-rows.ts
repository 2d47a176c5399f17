import type { DicomService } from '@archwire/contracts';
import type { DimseService } from '../../gateway/src/dimse/dimse-service.ts';
import { serviceOf } from '../../gateway/src/dimse/service-of.ts';
import { SERVICE_SOP_CLASSES } from './service-sop-classes.ts';

/** One SOP class that is no storage class, and the roles that this server plays in it. */
export interface ServiceRow {
  readonly uid: string;
  readonly name: string;
  readonly isScu: boolean;
  readonly isScp: boolean;
  /** What a device must be allowed; `null`: nothing. */
  readonly service: DicomService | null;
  readonly served: readonly DimseService[];
}

/** @throws Error for a SOP class that is served and has no name here. */
export const serviceRows = (
  services: readonly DimseService[],
  scuClasses: readonly string[],
): readonly ServiceRow[] => {
  const uids = new Set([
    ...services.flatMap(({ abstractSyntaxes }) => [...abstractSyntaxes.keys()]),
    ...scuClasses,
  ]);
  return [...uids]
    .toSorted((one, other) => one.localeCompare(other))
    .map((uid) => {
      const name = SERVICE_SOP_CLASSES.get(uid);
      if (name === undefined) throw new Error(`${uid} is served and has no name in service-sop-classes.ts.`);
      const served = services.filter(({ abstractSyntaxes }) => abstractSyntaxes.has(uid));
      return {
        uid,
        name,
        isScu: scuClasses.includes(uid),
        isScp: served.some(({ peerRole }) => peerRole === undefined),
        service: serviceOf(uid),
        served,
      };
    });
};
