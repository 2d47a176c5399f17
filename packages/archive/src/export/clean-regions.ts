import type { CleanRegion, InstanceHead } from '@archwire/dicom';
import type { Transaction } from '../query/transaction.ts';

interface Row {
  readonly manufacturer: string;
  readonly model: string;
  readonly rows: number;
  readonly columns: number;
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

const same = (said: string | undefined, known: string): boolean =>
  (said ?? '').trim().toLowerCase() === known.trim().toLowerCase();

/** Where each device model of the tenant writes into pictures of one size, as a question that an object answers. */
export const cleanRegions = async (
  trx: Transaction,
): Promise<(head: InstanceHead) => readonly CleanRegion[]> => {
  const { rows }: { rows: Row[] } = await trx.raw(
    `select manufacturer, model, rows, columns, region_left as left, region_top as top, region_width as width,
            region_height as height from clean_region order by id limit 1000`,
  );
  return ({ dataSet }) =>
    rows.filter(
      (row) =>
        same(dataSet.string('x00080070'), row.manufacturer) &&
        same(dataSet.string('x00081090'), row.model) &&
        dataSet.uint16('x00280010') === row.rows &&
        dataSet.uint16('x00280011') === row.columns,
    );
};
