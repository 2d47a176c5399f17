import { AppError } from '@archwire/contracts';
import type { Knex } from 'knex';
import { accessionNumber } from './accession-number.ts';

interface Site {
  readonly accession_site: number;
  readonly accession_last: string | number;
  readonly issuer: string;
}

/** Takes the next accession number of a location. Two bookings at once wait for one another. @throws AppError `invalid`. */
export const bookAccession = async (
  trx: Knex.Transaction,
  locationId: string,
): Promise<{ readonly accessionNo: string; readonly issuer: string }> => {
  for (;;) {
    const { rows }: { rows: Site[] } = await trx.raw(
      `update location set accession_last = accession_last + 1 where id = ?
       returning accession_site, accession_last, issuer`,
      [locationId],
    );
    const [site] = rows;
    if (site === undefined)
      throw new AppError('invalid', 'There is no such location in your group. Choose one of the list.', {
        details: { locationId },
      });
    const accessionNo = accessionNumber(site.accession_site, Number(site.accession_last));
    if (accessionNo !== null) return { accessionNo, issuer: site.issuer };
  }
};
