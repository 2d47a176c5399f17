/** Whom the test image shows: nobody, and everyone can see it. */
export const TEST_PATIENT = { PatientName: 'Archwire^Test', PatientID: 'ARCHWIRE-TEST' } as const;
