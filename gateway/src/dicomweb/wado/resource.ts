import type { ResourcePath, StoredInstance } from '@archwire/archive';
import { AppError, type Principal, requirePermission } from '@archwire/contracts';
import type { RouterContext } from '@koa/router';
import type { DicomwebParts } from '../dicomweb-parts.ts';
import { DICOMWEB_PATH, pathUid, principalOf } from '../http/request.ts';
import type { ReadAuditEntry } from '../read-audit.ts';

/** The study, series or instance that the path names. @throws AppError `invalid` for what is not a UID. */
export const resourcePath = (ctx: RouterContext): ResourcePath => {
  const { study, series, instance } = ctx.params;
  return {
    study: pathUid(study, 'The study'),
    ...(series === undefined ? {} : { series: pathUid(series, 'The series') }),
    ...(instance === undefined ? {} : { instance: pathUid(instance, 'The instance') }),
  };
};

/** @throws AppError `not-found`, the same for what does not exist and what belongs to another group. */
export const notFound = (): AppError =>
  new AppError('not-found', 'There is no such study, series or instance in your group.');

/** Checks the right to read and notes the reading of a study. */
export const reading = (
  ctx: RouterContext,
  { audit }: Pick<DicomwebParts, 'audit'>,
  action: ReadAuditEntry['action'],
): Principal => {
  const principal = principalOf(ctx);
  requirePermission(principal, 'imaging.study.read');
  const { study } = resourcePath(ctx);
  audit.note(principal, { action, studyUid: study });
  return principal;
};

/** Who may decide about a rejected study may look at it, by its UID; to everybody else it is not there. */
export const seesRejected = ({ permissions }: Principal): boolean =>
  permissions.has('imaging.reconcile.write');

/** The instances of the path, at least one. */
export const resourceInstances = async (
  ctx: RouterContext,
  { lookup }: Pick<DicomwebParts, 'lookup'>,
  principal: Principal,
): Promise<readonly [StoredInstance, ...StoredInstance[]]> => {
  const path = resourcePath(ctx);
  const [first, ...rest] = await lookup.find(principal.tenantId, path, seesRejected(principal));
  if (first === undefined) throw notFound();
  return [first, ...rest];
};

/** Root-relative, so that it resolves on any host and behind any proxy that keeps the path. */
export const instanceUrl = (instance: StoredInstance): string =>
  `${DICOMWEB_PATH}/studies/${instance.StudyInstanceUID}/series/${instance.SeriesInstanceUID}/instances/${instance.SOPInstanceUID}`;
