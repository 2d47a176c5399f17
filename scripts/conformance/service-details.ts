import { queryTables, worklistTables } from './queries.ts';
import {
  commitmentStatuses,
  findStatuses,
  mppsStatuses,
  otherStatuses,
  retrieveStatuses,
  statusTable,
  storeStatuses,
} from './statuses.ts';

/** Section 3.2.4: what each service does beyond what its SOP class says. */
export const serviceDetails = (): string => `#### 3.2.4 Storage as SCP

Level 2 (full): all attributes are kept, private ones too; the stored object is the received one, byte for byte. Nothing is
coerced on the way in.

${statusTable(storeStatuses())}

#### 3.2.5 Query as SCP

Patient Root at all levels, Study Root at all levels but PATIENT. Extended negotiation (PS3.4 C.5.1.1): relational queries,
combined date and time matching, and fuzzy matching of names are granted when proposed; what follows is not. Answers are in
the character set of the question when it can write them, otherwise in UTF-8 (ISO_IR 192). Retrieve AE Title (0008,0054) and
Instance Availability (0008,0056, ONLINE) stand in every answer. C-CANCEL is obeyed.

${queryTables()}

The counters NumberOfPatientRelatedStudies, NumberOfPatientRelatedSeries and NumberOfPatientRelatedInstances are returned.
Keys that are not here are returned empty.

${statusTable(findStatuses())}

#### 3.2.6 Retrieve as SCP

C-GET sends over the association that asks, C-MOVE to a registered device that has a host and a port. What the receiver did
not accept in the stored transfer syntax is sent uncompressed where it can be decoded. C-MOVE sub-operations name the
originator. C-CANCEL is obeyed. Studies go out with the identity of the patient that the practice
knows.

${statusTable(retrieveStatuses())}

#### 3.2.7 Modality worklist as SCP

A device is told of the steps of its location that are checked in, whose modality its kind of equipment makes, and that name
no other station. A step for every station names the one that asks. Character sets and statuses are those of a query.

${worklistTables()}

Every other attribute of PS3.4 table K.6-1 that is asked for is returned, empty where nothing is known.

#### 3.2.8 Modality performed procedure step as SCP

N-CREATE begins, N-SET changes until COMPLETED or DISCONTINUED; then nothing changes any more. The order that the step names
follows. A step without an order is kept.

${statusTable(mppsStatuses())}

#### 3.2.9 Storage commitment as SCP

N-ACTION is answered when the request is kept. An instance is committed when it is in the index with its SOP class and its
bytes lie where the index says. N-EVENT-REPORT comes on the same association while that is open, otherwise on one to the host
and port of the device, on which Archwire proposes to be SCP.

${statusTable(commitmentStatuses())}

#### 3.2.10 Instance availability notification as SCU

N-CREATE when a study has settled, to the devices for which this is switched on; tried again until it was taken.

#### 3.2.11 Requests that no service takes

${statusTable(otherStatuses())}
`;
