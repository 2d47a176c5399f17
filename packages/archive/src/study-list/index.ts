export { countStudies, type StudyCount } from './count-studies.ts';
export type { ListedStudy } from './listed-study.ts';
export { searchStudies, type StudyListPage, type StudySearch } from './search-studies.ts';
export { readStudyFacets, type StudyFacets } from './study-facets.ts';
export type { MatchState, StudyFilter, StudySort } from './study-filter.ts';
