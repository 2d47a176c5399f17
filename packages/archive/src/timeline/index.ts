export type { ArrivalState } from './arrival-state.ts';
export { findPatients, type PatientSummary } from './find-patients.ts';
export { createPictureLookup, type PictureLookup, type StoredPicture } from './picture-lookup.ts';
export { type PatientIdentity, readPatient } from './read-patient.ts';
export { readSeriesImages, readStudy, type StudyPage, type StudySeries } from './read-study.ts';
export { readTimeline, type Timeline, type TimelineStudy } from './read-timeline.ts';
export type { Picture, StudyImage } from './study-image.ts';
export { whereStudy, type StudyPlace } from './where-study.ts';
