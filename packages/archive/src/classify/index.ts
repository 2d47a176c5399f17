export type { Classification } from './classify-image.ts';
export { correctImage, restoreImage, type CorrectImage, type SaidView } from './correct-image.ts';
export { createRuleRunner, listRuleRuns, startRuleRun, type RuleRun } from './rule-runs.ts';
export { suggestRule } from './suggest-rule.ts';
export { tryRule, type TriedImage } from './try-rule.ts';
export type { ViewRule } from './view-rule.ts';
export {
  changeViewRule,
  listViewRules,
  makeViewRule,
  orderViewRules,
  removeViewRule,
} from './view-rule-service.ts';
export { writeClassifications, type ReadImage } from './write-classifications.ts';
