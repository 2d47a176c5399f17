import { type CommandSource, personName, useCommandSource, useFormat, useText } from '@archwire/ui';
import { studiesApi } from '@archwire/contracts/api/studies';
import { Images } from 'lucide-react';
import { useMemo } from 'react';
import { useNavigate } from 'react-router';
import { call } from '../api/call.ts';
import { useMay } from '../api/use-me.ts';
import { messages } from './messages.ts';
import { safeText } from './safe-text.ts';

const MOST = 6;

/** Lets the palette find studies, from every page. */
export const useStudySource = (): void => {
  const text = useText(messages);
  const format = useFormat();
  const navigate = useNavigate();
  const may = useMay('imaging.study.read');
  useCommandSource(
    useMemo<CommandSource>(
      () => ({
        id: 'studies',
        title: text('palette'),
        search: async (query, signal) => {
          if (!may) return [];
          const { studies } = await call(
            studiesApi.search,
            { body: { text: query.slice(0, 200), limit: MOST } },
            { signal },
          );
          return studies.map((study) => ({
            id: study.studyId,
            label: safeText(personName(study.patientName, 'sorted')) || text('noName'),
            detail: [
              study.studyDate === null ? text('undated') : format.date(study.studyDate),
              study.modalities.map(safeText).join(', '),
              safeText(study.description),
            ]
              .filter((part) => part !== '')
              .join(' · '),
            icon: Images,
            keywords: query,
            run: () => void navigate(`/studies/${study.studyId}`),
          }));
        },
      }),
      [text, format, navigate, may],
    ),
  );
};
