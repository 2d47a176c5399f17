import type { EndpointResponse } from '@archwire/contracts/api';
import type { patientsApi } from '@archwire/contracts/api/patients';

export type Study = EndpointResponse<typeof patientsApi.study>;
export type TimelineStudy = EndpointResponse<typeof patientsApi.timeline>['studies'][number];
export type StudyImage = Study['series'][number]['images'][number];

/** Whether there is anything to look at; reports and documents have no pixels. */
export const hasPixels = ({ frames }: StudyImage): boolean => frames !== null;
