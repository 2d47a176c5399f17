export type { Ingest, ObjectSink, Receipt, StoreCommand } from './ingest/ingest.ts';
export type { Condition, ImagingQuery } from './query/imaging-query.ts';
export type { Matcher } from './query/matcher.ts';
export { parseMatcher, type MatchingOptions } from './query/parse-matcher.ts';
export {
  isWithin,
  queryAttribute,
  type MatchingKind,
  type QueryAttribute,
  type QueryLevel,
} from './query/query-attributes.ts';
export { searchImaging, type SearchPage, type SearchRow } from './query/search-imaging.ts';
export { searchImagingPatients } from './query/search-imaging-patients.ts';
export { rowElement, searchRowJson, type Presentation } from './query/search-row-json.ts';
export type { Transaction } from './query/transaction.ts';
export * from './classify/index.ts';
export * from './derive/index.ts';
export type { FirstLookIndex } from './first-look/build-first-look.ts';
export { createFirstLooks, type FirstLook, type FirstLooks } from './first-look/create-first-looks.ts';
export * from './study-list/index.ts';
export * from './import/index.ts';
export { createWatcher } from './watch/create-watcher.ts';
export { storeRecordFile, type ShownByFile } from './record/store-record-file.ts';
export { findBulkData, type BulkData } from './retrieve/find-bulk-data.ts';
export type { ResourcePath } from './retrieve/find-instances.ts';
export { findRetrievable, type RetrieveKeys } from './retrieve/find-retrievable.ts';
export { createInstanceLookup, type InstanceLookup } from './retrieve/instance-lookup.ts';
export { instanceMetadata, type BulkDataUri } from './retrieve/instance-metadata.ts';
export { createInstanceReader, type InstanceReader } from './retrieve/instance-reader.ts';
export type { KnownIdentity } from './retrieve/known-identity.ts';
export { openOutgoing, type OutgoingInstance } from './retrieve/open-outgoing.ts';
export { outgoingBytes } from './retrieve/outgoing-bytes.ts';
export { createOpenFrames, type OpenFrames, type OpenInstanceFrames } from './retrieve/open-frames.ts';
export {
  createSeriesMetadata,
  type SeriesMetadata,
  type SeriesMetadataEntry,
} from './retrieve/series-metadata.ts';
export type { StoredInstance } from './retrieve/stored-instance.ts';
export { createTranscodeCache, type TranscodeCache } from './retrieve/transcode-cache.ts';
export { transcodeInstance } from './retrieve/transcode-instance.ts';
export { createIngest } from './ingest/create-ingest.ts';
export { createIndexer, type IndexedBatch, type Indexer, type IndexRequest } from './ingest/indexer.ts';
export { replayJournal, type ReplayReport } from './ingest/replay-journal.ts';
export { createJournal, type Journal, type JournalLog, type JournalOptions } from './journal/journal.ts';
export type { JournalIo } from './journal/journal-io.ts';
export type { ObjectReader } from './journal/journal-reader.ts';
export { createSettler, type Settler, type SettleResult, type TenantStore } from './settle/create-settler.ts';
export {
  createStores,
  storeReader,
  type InnerRange,
  type LocatedReader,
  type Stores,
} from './stores/create-stores.ts';
export type { JournalShare } from './nodes/journal-share.ts';
export { openArchive, type Archive, type ArchiveOptions } from './stores/open-archive.ts';
export { readLocation, streamLocation, withLocation } from './stores/read-location.ts';
export { compareConflict, type ConflictComparison } from './reconcile/compare-conflict.ts';
export { assignStudies, type AssignStudies, rejectStudies } from './reconcile/decide-studies.ts';
export { listConflicts, type InstanceConflict } from './reconcile/list-conflicts.ts';
export { listMerges, type PatientMerge } from './reconcile/list-merges.ts';
export { listQuarantine, type QuarantinedStudy, type QuarantinePage } from './reconcile/list-quarantine.ts';
export { mergePatients, undoMerge } from './reconcile/merge-patients.ts';
export { resolveConflict, type ResolveConflict } from './reconcile/resolve-conflict.ts';
export { registerPatient, type NewPatient } from './reconcile/register-patient.ts';
export { undoDecision } from './reconcile/undo-decision.ts';
export { searchPatients, type FoundPatient, type PatientSearch } from './reconcile/search-patients.ts';
export { planRepack } from './recompress/plan-repack.ts';
export { readRecompression, readStudyRecompression } from './recompress/read-recompression.ts';
export * from './performed-steps/index.ts';
export {
  createCommitmentRequests,
  type CommitmentReference,
  type CommitmentRequests,
  type CommitmentResult,
  type CommitmentState,
} from './commitment-request/commitment-requests.ts';
export * from './timeline/index.ts';
export * from './worklist/index.ts';
export {
  createCommitments,
  type CommitmentReport,
  type AskedCommitment,
  type Commitments,
} from './commitment/create-commitments.ts';
export { noteAvailability } from './availability/note-availability.ts';
export { readAvailability, type StudyAvailability } from './availability/read-availability.ts';
export * from './export/index.ts';
