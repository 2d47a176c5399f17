import { z } from 'zod';
import { imageViews, VIEW_ORIGINS } from '../image-view.ts';
import { Laterality, RuleConditions, RuleResult, Teeth, ViewRuleDraft } from '../view-rule.ts';
import { fullEndpoint } from './endpoint.ts';

const WRITE = 'imaging.view.write';
const RULES = 'imaging.rule.write';
const text = z.string().nullable();
const Instant = z.iso.datetime();
const View = z.enum(imageViews).catch('other');

export const ImageParams = z.strictObject({ id: z.string().regex(/^\d{1,18}$/) });
export const IdParams = z.strictObject({ id: z.uuid() });

/** What a person says that an image shows. */
export const Correction = z.strictObject({
  view: z.enum(imageViews),
  teeth: Teeth,
  laterality: Laterality.nullable(),
});
/** What an image shows, and how that is known. */
export const Classification = z.object({
  view: View,
  teeth: z.array(z.string()).readonly(),
  laterality: Laterality.nullable().catch(null),
  origin: z.enum(VIEW_ORIGINS).nullable().catch(null),
  ruleName: text,
});
export const Corrected = z.object({ before: Classification, after: Classification });

export const ViewRule = z.object({
  id: z.uuid(),
  name: z.string(),
  active: z.boolean(),
  /** `shipped` with the product, written by a `person`, or `learned` from a correction. */
  source: z.enum(['shipped', 'person', 'learned']).catch('person'),
  /** Shipped, and nobody has tried it on that equipment. */
  unverified: z.boolean(),
  conditions: z.object(RuleConditions.shape),
  result: z.object(RuleResult.shape),
  deviceName: text,
  changedAt: Instant.nullable(),
});
export const ViewRules = z.object({ rules: z.array(ViewRule).readonly() });
export const RuleOrder = z.strictObject({ ids: z.array(z.uuid()).max(500) });

export const RuleTrial = z.strictObject({
  rule: ViewRuleDraft,
  /** The rule that it takes the place of; without it the new rule stands first. */
  replaces: z.uuid().optional(),
});
export const RuleTrialResult = z.object({
  /** The last images of the device, or of devices like that, newest first: what they show now and what they would. */
  images: z
    .array(
      z.object({
        instanceId: z.string(),
        studyId: z.uuid(),
        arrivedAt: Instant,
        modality: text,
        seriesDescription: text,
        rows: z.int().nullable(),
        columns: z.int().nullable(),
        deviceName: text,
        version: text,
        matches: z.boolean(),
        changes: z.boolean(),
        before: Classification,
        after: Classification,
      }),
    )
    .readonly(),
  matched: z.int(),
  changed: z.int(),
});

export const RuleSuggestion = z.object({
  rule: ViewRule.pick({ name: true, active: true, conditions: true, result: true }),
  deviceName: text,
});
export const NewRun = z.strictObject({ ruleId: z.uuid().nullable().default(null) });
export const RuleRun = z.object({
  runId: z.uuid(),
  state: z.enum(['queued', 'running', 'done']).catch('running'),
  looked: z.int(),
  changed: z.int(),
  startedAt: Instant,
  endedAt: Instant.nullable(),
});
export const RuleRuns = z.object({ runs: z.array(RuleRun).readonly() });
const Made = z.object({ id: z.uuid() });

/** What images show: people's corrections, and the rules of a group about what its devices send. */
export const viewsApi = {
  correct: fullEndpoint({
    method: 'put',
    path: '/images/:id/view',
    summary: 'Say what an image shows. It holds whatever its codes and the rules say.',
    permission: WRITE,
    params: ImageParams,
    body: Correction,
    response: Corrected,
  }),
  restore: fullEndpoint({
    method: 'delete',
    path: '/images/:id/view',
    summary: 'Take a correction back: the image shows what its codes and the rules say.',
    permission: WRITE,
    params: ImageParams,
    response: Corrected,
  }),
  suggestRule: fullEndpoint({
    method: 'get',
    path: '/images/:id/rule-suggestion',
    summary: 'A rule for images like this one from its device, made from what tells them apart.',
    permission: RULES,
    params: ImageParams,
    response: RuleSuggestion,
  }),
  rules: fullEndpoint({
    method: 'get',
    path: '/view-rules',
    summary:
      'The rules about what devices send, in the order in which they are asked: the first that fits decides.',
    permission: RULES,
    response: ViewRules,
  }),
  makeRule: fullEndpoint({
    method: 'post',
    path: '/view-rules',
    summary: 'Add a rule, before all others.',
    permission: RULES,
    status: 201,
    body: z.strictObject({ rule: ViewRuleDraft, learnedFrom: ImageParams.shape.id.optional() }),
    response: Made,
  }),
  changeRule: fullEndpoint({
    method: 'put',
    path: '/view-rules/:id',
    summary: 'Change a rule. A shipped rule becomes one of the group.',
    permission: RULES,
    params: IdParams,
    body: ViewRuleDraft,
    response: Made,
  }),
  removeRule: fullEndpoint({
    method: 'delete',
    path: '/view-rules/:id',
    summary:
      'Remove a rule; a shipped one comes back as it was shipped. Images keep what it said until the rules are applied to them.',
    permission: RULES,
    params: IdParams,
  }),
  orderRules: fullEndpoint({
    method: 'put',
    path: '/view-rules/order',
    summary: 'Say in which order the rules are asked.',
    permission: RULES,
    body: RuleOrder,
  }),
  tryRule: fullEndpoint({
    method: 'post',
    path: '/view-rules/try',
    summary: 'What a rule would change among the last fifty images of its device. Nothing is written.',
    permission: RULES,
    body: RuleTrial,
    response: RuleTrialResult,
  }),
  applyRules: fullEndpoint({
    method: 'post',
    path: '/view-rules/runs',
    summary: 'Apply the rules to images that are here already: those of one rule’s device, or all.',
    permission: RULES,
    status: 201,
    body: NewRun,
    response: RuleRun,
  }),
  runs: fullEndpoint({
    method: 'get',
    path: '/view-rules/runs',
    summary: 'How far applying rules to earlier images is; the newest first.',
    permission: RULES,
    response: RuleRuns,
  }),
} as const;
