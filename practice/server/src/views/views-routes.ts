import {
  changeViewRule,
  correctImage,
  listRuleRuns,
  listViewRules,
  makeViewRule,
  orderViewRules,
  removeViewRule,
  restoreImage,
  startRuleRun,
  suggestRule,
  tryRule,
} from '@archwire/archive';
import type { EnqueueJob } from '@archwire/contracts';
import { viewsApi } from '@archwire/contracts/api/views';
import type { WithTenant } from '@archwire/database';
import { fullRoute, type Route } from '../api/route.ts';

/** What images show: people's corrections, and the rules of a group about what its devices send. */
export const viewsRoutes = (deps: {
  readonly withTenant: WithTenant;
  readonly enqueue: EnqueueJob;
}): readonly Route[] => {
  const { withTenant } = deps;
  return [
    fullRoute(viewsApi.correct, async ({ principal, params, body }) => ({
      body: await correctImage(withTenant, principal, { instanceId: params.id, ...body }),
    })),
    fullRoute(viewsApi.restore, async ({ principal, params }) => ({
      body: await restoreImage(withTenant, principal, params.id),
    })),
    fullRoute(viewsApi.suggestRule, async ({ principal, params }) => ({
      body: await suggestRule(withTenant, principal, params.id),
    })),
    fullRoute(viewsApi.rules, async ({ principal }) => ({
      body: { rules: await listViewRules(withTenant, principal) },
    })),
    fullRoute(viewsApi.makeRule, async ({ principal, body }) => ({
      body: await makeViewRule(withTenant, principal, body.rule, body.learnedFrom),
    })),
    // Before the rule of an id: `order` is none.
    fullRoute(viewsApi.orderRules, async ({ principal, body }) => {
      await orderViewRules(withTenant, principal, body.ids);
      return {};
    }),
    fullRoute(viewsApi.changeRule, async ({ principal, params, body }) => ({
      body: await changeViewRule(withTenant, principal, params.id, body),
    })),
    fullRoute(viewsApi.removeRule, async ({ principal, params }) => {
      await removeViewRule(withTenant, principal, params.id);
      return {};
    }),
    fullRoute(viewsApi.tryRule, async ({ principal, body }) => ({
      body: await tryRule(withTenant, principal, body),
    })),
    fullRoute(viewsApi.applyRules, async ({ principal, body }) => ({
      body: await startRuleRun(deps, principal, body.ruleId),
    })),
    fullRoute(viewsApi.runs, async ({ principal }) => ({
      body: { runs: await listRuleRuns(withTenant, principal) },
    })),
  ];
};
