import { type QueryLevel, searchImaging, searchRowJson } from '@archwire/archive';
import { requirePermission } from '@archwire/contracts';
import type { RouterContext } from '@koa/router';
import type { DicomwebParts } from '../dicomweb-parts.ts';
import { negotiatedJson, pathUid, principalOf, queryOf, serviceUrl, warn } from '../http/request.ts';
import { seesRejected } from '../wado/resource.ts';
import { parseQidoQuery } from './parse-qido-query.ts';

/** QIDO-RS (PS3.18 section 10.6): studies, series or instances, below the study and series of the path if it names them. */
export const createSearchHandler =
  ({ withTenant, audit }: Pick<DicomwebParts, 'withTenant' | 'audit'>, level: QueryLevel) =>
  async (ctx: RouterContext): Promise<void> => {
    const principal = principalOf(ctx);
    requirePermission(principal, 'imaging.study.read');
    const contentType = negotiatedJson(ctx);
    const { study, series } = ctx.params;
    const fixed = {
      ...(study === undefined ? {} : { StudyInstanceUID: pathUid(study, 'The study') }),
      ...(series === undefined ? {} : { SeriesInstanceUID: pathUid(series, 'The series') }),
    };
    const { query, include, warnings } = parseQidoQuery(level, queryOf(ctx), fixed);
    const { rows, more } = await withTenant(
      principal.tenantId,
      async (trx) => await searchImaging(trx, query, seesRejected(principal)),
    );
    for (const text of warnings) warn(ctx, text);
    if (more)
      warn(ctx, 'There are more results than returned. Ask for the next with offset, or narrow the query.');
    audit.note(principal, { action: 'imaging.study.queried', studyUid: study ?? null });
    const levels: readonly QueryLevel[] = series === undefined ? ['study'] : ['study', 'series'];
    const presentation = {
      level,
      include,
      fixed: new Set<QueryLevel>(study === undefined ? [] : levels),
      base: serviceUrl(ctx),
    };
    ctx.set('Content-Type', contentType);
    ctx.set('Cache-Control', 'private, no-cache');
    ctx.body = JSON.stringify(rows.map((row) => searchRowJson(row, presentation)));
  };
