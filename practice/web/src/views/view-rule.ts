import type { EndpointResponse } from '@archwire/contracts/api';
import type { viewsApi } from '@archwire/contracts/api/views';

export type ViewRule = EndpointResponse<typeof viewsApi.rules>['rules'][number];
export type RuleTrialResult = EndpointResponse<typeof viewsApi.tryRule>;
export type RuleConditions = ViewRule['conditions'];
export type RuleResult = ViewRule['result'];
export type RuleDraft = Pick<ViewRule, 'name' | 'active' | 'conditions' | 'result'>;

export const EMPTY_RULE: RuleDraft = {
  name: '',
  active: true,
  conditions: {
    deviceId: null,
    manufacturer: null,
    modelName: null,
    stationName: null,
    sopClassUid: null,
    modality: null,
    minRows: null,
    maxRows: null,
    minColumns: null,
    maxColumns: null,
    seriesDescription: null,
    protocolName: null,
    readView: null,
  },
  result: { view: null, teeth: null, teethFromWords: null, laterality: null, overridesCodes: false },
};

/** What keeps a draft from being a rule, by the key of its message. */
export const faultOf = ({ name, conditions, result }: RuleDraft) => {
  if (name.trim() === '') return 'needsName';
  if (Object.values(conditions).every((value) => value === null)) return 'needsCondition';
  const says = [result.view, result.teeth, result.teethFromWords, result.laterality];
  return says.every((value) => value === null) ? 'needsResult' : undefined;
};
