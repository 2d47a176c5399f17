import { AppError, createUid, type Principal, requirePermission } from '@archwire/contracts';
import type {
  ImagingOrder,
  ImagingOrderChange,
  ImagingOrderQuery,
  NewImagingOrder,
} from '@archwire/contracts/api/orders';
import type { WithTenant } from '@archwire/database';
import type { Knex } from 'knex';
import { auditOrder } from './audit-order.ts';
import { bookAccession } from './book-accession.ts';
import { ensurePatientId } from './ensure-patient-id.ts';
import { assertOrderAllows, type OrderVerb } from './order-policy.ts';
import { writeSteps } from './order-steps.ts';
import { readOrder, readOrders } from './order-view.ts';

/** Imaging orders of a group. Every method throws AppError `forbidden` without its permission. */
export interface OrderService {
  list(
    principal: Principal,
    query: ImagingOrderQuery,
  ): Promise<{ readonly orders: ImagingOrder[]; readonly next: string | null }>;
  /** @throws AppError `not-found` */
  get(principal: Principal, id: string): Promise<ImagingOrder>;
  /** @throws AppError `not-found` for the patient, `conflict` for a merged one, `invalid` for the location. */
  create(principal: Principal, order: NewImagingOrder): Promise<ImagingOrder>;
  /** What is left out stays. Another day takes it off the worklist until check-in. @throws AppError `not-found`, `conflict`. */
  change(principal: Principal, id: string, change: ImagingOrderChange): Promise<ImagingOrder>;
  /** @throws AppError `not-found`, `conflict` */
  checkIn(principal: Principal, id: string): Promise<ImagingOrder>;
  /** @throws AppError `not-found`, `conflict` */
  complete(principal: Principal, id: string, partial: boolean): Promise<ImagingOrder>;
  /** @throws AppError `not-found`, `conflict` */
  discontinue(
    principal: Principal,
    id: string,
    reason: {
      readonly reason: string;
      readonly code?: string | undefined;
      readonly scheme?: string | undefined;
    },
  ): Promise<ImagingOrder>;
}

const COLUMNS = {
  description: 'description',
  priority: 'priority',
  requestingPhysician: 'requesting_name',
  medicalAlerts: 'medical_alerts',
  allergies: 'allergies',
  date: 'start_date',
  locationId: 'location_id',
} as const satisfies Partial<Record<keyof ImagingOrderChange, string>>;

/** As index and worklist compare it. */
const wholeTime = (time: string): string => (time.length === 5 ? `${time}:00` : time);

const columnsOf = ({ time, ...change }: ImagingOrderChange): Record<string, unknown> => ({
  ...Object.fromEntries(
    Object.entries(COLUMNS).flatMap(([name, column]) => {
      const value: unknown = Object.entries(change).find(([key]) => key === name)?.[1];
      return value === undefined ? [] : [[column, value]];
    }),
  ),
  ...(time === undefined ? {} : { start_time: wholeTime(time) }),
});

const defaultLocation = async (trx: Knex.Transaction): Promise<string> => {
  const location = await trx<{ id: string; is_default: boolean }>('location')
    .where({ is_default: true })
    .first('id');
  if (location === undefined)
    throw new AppError('invalid', 'Your group has no default location. Name one of the list.');
  return location.id;
};

const isForeignKey = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === '23503';

export const createOrderService = ({ withTenant }: { readonly withTenant: WithTenant }): OrderService => {
  /** Locks an order, changes it when its state allows that, audits, and says what it is now. */
  const act = async (
    principal: Principal,
    id: string,
    verb: OrderVerb,
    work: (trx: Knex.Transaction, order: ImagingOrder) => Promise<Readonly<Record<string, unknown>>>,
  ): Promise<ImagingOrder> => {
    requirePermission(principal, 'orders.order.write');
    return await withTenant(principal.tenantId, async (trx) => {
      await trx('imaging_order').where({ id }).forNoKeyUpdate().select('id');
      const before = await readOrder(trx, id);
      assertOrderAllows(verb, before.state);
      const columns = await work(trx, before);
      await trx('imaging_order')
        .where({ id })
        .update({ ...columns, updated_at: trx.fn.now() });
      const order = await readOrder(trx, id);
      await auditOrder(trx, principal, `order.${verb}`, order, { fields: Object.keys(columns).join(', ') });
      return order;
    });
  };

  return {
    list: async (principal, query) => {
      requirePermission(principal, 'orders.order.read');
      return await withTenant(principal.tenantId, async (trx) => await readOrders(trx, query));
    },

    get: async (principal, id) => {
      requirePermission(principal, 'orders.order.read');
      return await withTenant(principal.tenantId, async (trx) => await readOrder(trx, id));
    },

    create: async (principal, { patientId, steps, checkedIn = false, ...given }) => {
      requirePermission(principal, 'orders.order.write');
      return await withTenant(principal.tenantId, async (trx) => {
        const locationId = given.locationId ?? (await defaultLocation(trx));
        const { accessionNo, issuer } = await bookAccession(trx, locationId);
        await ensurePatientId(trx, patientId, locationId, accessionNo);
        const rows: { id: string }[] = await trx('imaging_order')
          .insert({
            tenant_id: principal.tenantId,
            ...columnsOf(given),
            location_id: locationId,
            patient_id: patientId,
            accession_no: accessionNo,
            accession_issuer: issuer,
            requested_procedure_id: accessionNo,
            study_uid: createUid(),
            created_by: principal.kind === 'user' ? principal.id : null,
            state: checkedIn ? 'scheduled' : 'planned',
            checked_in_at: checkedIn ? trx.fn.now() : null,
          })
          .returning('id');
        const [made] = rows;
        if (made === undefined) throw new AppError('internal', 'The order was not made.');
        await writeSteps(trx, principal.tenantId, { id: made.id, accessionNo }, steps);
        const order = await readOrder(trx, made.id);
        await auditOrder(trx, principal, 'order.create', order);
        return order;
      });
    },

    change: async (principal, id, { steps, ...change }) => {
      try {
        return await act(principal, id, 'change', async (trx, order) => {
          if (steps !== undefined)
            await writeSteps(trx, principal.tenantId, { id, accessionNo: order.accessionNumber }, steps);
          if (change.locationId !== undefined)
            await ensurePatientId(trx, order.patient.id, change.locationId, order.accessionNumber);
          const moved = change.date !== undefined && change.date !== order.date;
          return { ...columnsOf(change), ...(moved ? { state: 'planned', checked_in_at: null } : {}) };
        });
      } catch (error) {
        if (!isForeignKey(error)) throw error;
        throw new AppError('invalid', 'There is no such location in your group. Choose one of the list.');
      }
    },

    checkIn: async (principal, id) =>
      await act(principal, id, 'check-in', async (trx) => ({
        state: 'scheduled',
        checked_in_at: trx.fn.now(),
      })),

    complete: async (principal, id, partial) =>
      await act(principal, id, 'complete', async (trx) => {
        if (partial) return { state: 'partial' };
        await trx('imaging_order_step')
          .where({ order_id: id })
          .whereIn('state', ['scheduled', 'in_progress'])
          .update({ state: 'completed' });
        return { state: 'completed', ended_at: trx.fn.now() };
      }),

    discontinue: async (principal, id, { reason, code, scheme }) =>
      await act(principal, id, 'discontinue', async (trx) => {
        await trx('imaging_order_step')
          .where({ order_id: id })
          .whereIn('state', ['scheduled', 'in_progress'])
          .update({ state: 'discontinued' });
        return {
          state: 'discontinued',
          ended_at: trx.fn.now(),
          reason_meaning: reason,
          reason_code: code ?? null,
          reason_scheme: scheme ?? null,
        };
      }),
  };
};
