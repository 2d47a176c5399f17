import { networkInterfaces } from 'node:os';
import dcmjsDimse from 'dcmjs-dimse';
import { echo, exchange, type DimseTarget } from './send-over-dimse.ts';

const { requests } = dcmjsDimse;
const BASIC_FILM_SESSION = '1.2.840.10008.5.1.1.1';

/**
 * Lets a device that nobody registered knock. From another address of this machine, where the server listens there, it is
 * refused by its AE title; a server that only this machine reaches admits every title, so there it asks for printing.
 */
export const knockUnregistered = async (target: DimseTarget): Promise<void> => {
  const outside = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .find(({ family, internal }) => family === 'IPv4' && !internal)?.address;
  const refused = (work: Promise<void>): Promise<boolean> =>
    work.then(
      () => false,
      (error: unknown) => error instanceof Error && error.message.includes('rejected'),
    );
  const old = { ...target, callingAe: 'OLD_PAN' };
  if (outside !== undefined && (await refused(echo({ ...old, host: outside })))) return;
  await refused(exchange(old, [new requests.NCreateRequest(BASIC_FILM_SESSION, '2.25.1')]));
};
