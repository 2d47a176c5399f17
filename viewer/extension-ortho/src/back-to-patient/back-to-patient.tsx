import './back-to-patient.css';
import { type KeyboardEvent, type MouseEvent, useEffect, useState } from 'react';
import type { Texts } from '../texts.ts';
import type { WhereStudy } from './where-study.ts';

/** "Doe^Jane^M" as people say it. */
const spoken = (name: string | null): string =>
  (name ?? '')
    .split('=')[0]
    ?.split('^')
    .slice(0, 2)
    .toReversed()
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .join(' ') ?? '';

export interface BackToPatientProps {
  readonly texts: Texts['back'];
  readonly language: string;
  readonly find: () => Promise<WhereStudy | undefined>;
}

/** Whose study is open, which progress it is, and the ways back to both pages of it. Nothing until that is known. */
export const BackToPatient = ({ texts, language, find }: BackToPatientProps) => {
  const [where, setWhere] = useState<WhereStudy>();
  useEffect(() => {
    let isGone = false;
    void find().then((found) => {
      if (!isGone) setWhere(found);
    });
    return () => {
      isGone = true;
    };
  }, [find]);
  if (where === undefined) return null;
  const { dayOffset, description, patientId, patientName, studyDate, studyId } = where;
  // OHIF takes a press anywhere around its logo for the way to its own list.
  const stay = (event: MouseEvent): void => event.stopPropagation();
  // And Enter anywhere for its own key, which keeps links from taking it.
  const keep = (event: KeyboardEvent): void => {
    if (event.key === 'Enter') event.stopPropagation();
  };
  const facts = [
    studyDate === null
      ? ''
      : new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeZone: 'UTC' }).format(
          new Date(`${studyDate}T00:00:00Z`),
        ),
    dayOffset === null ? '' : texts.day(dayOffset),
  ].filter((fact) => fact !== '');
  return (
    <nav className="back" aria-label={texts.label}>
      {patientId !== null && (
        <a
          className="timeline"
          href={`/patients/${patientId}?b=${studyId}`}
          onClick={stay}
          onKeyDown={keep}
          aria-label={texts.timeline(spoken(patientName))}
        >
          <svg viewBox="0 0 16 16" width="14" height="14" aria-hidden="true">
            <path
              d="M10 3 5 8l5 5"
              fill="none"
              stroke="currentColor"
              strokeWidth="1.8"
              strokeLinecap="round"
              strokeLinejoin="round"
            />
          </svg>
          <span>{spoken(patientName) || texts.noName}</span>
        </a>
      )}
      <a className="study" href={`/studies/${studyId}`} onClick={stay} onKeyDown={keep} title={texts.study}>
        <span>{[description?.trim() || texts.untitled, ...facts].join(' · ')}</span>
      </a>
    </nav>
  );
};
