export { readWorklistQuery, type WorklistQuery } from './read-worklist-query.ts';
export { searchWorklist, type WorklistRow, type WorklistSearch } from './search-worklist.ts';
export type { WorklistAsker } from './worklist-asker.ts';
export { worklistItem } from './worklist-item.ts';
export { worklistModalities } from './worklist-modalities.ts';
