import type { RouteObject } from 'react-router';

export const patientsRoutes: RouteObject[] = [
  {
    path: 'patients',
    lazy: async () => ({ Component: (await import('./patients-page.tsx')).PatientsPage }),
  },
  {
    path: 'patients/:patientId',
    lazy: async () => ({ Component: (await import('./patient-page.tsx')).PatientPage }),
  },
  {
    path: 'patients/:patientId/photos',
    lazy: async () => ({ Component: (await import('../photos/add-photos-page.tsx')).AddPhotosPage }),
  },
  {
    path: 'studies/:studyId',
    lazy: async () => ({ Component: (await import('./study-page.tsx')).StudyPage }),
  },
];
