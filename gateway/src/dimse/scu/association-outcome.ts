import type { AssociationFinding } from '@archwire/practice-server';
import dimse from 'dcmjs-dimse';
import type { AssociationFailure } from './association-error.ts';

const { RejectReason, RejectSource } = dimse.constants;

type Outcome = Pick<AssociationFinding, 'outcome' | 'rejection'>;

const rejectionOf = (source: number, reason: number): Outcome['rejection'] => {
  if (source !== RejectSource.ServiceUser) return 'busy';
  if (reason === RejectReason.CalledAeNotRecognized) return 'called-ae';
  if (reason === RejectReason.CallingAeNotRecognized) return 'calling-ae';
  return reason === RejectReason.ApplicationContextNotSupported ? 'application-context' : 'other';
};

/** An association that came to nothing, in the words of the app. */
export const associationOutcome = (failure: AssociationFailure): Outcome => {
  switch (failure.at) {
    case 'rejected':
      return { outcome: 'rejected', rejection: rejectionOf(failure.source, failure.reason) };
    case 'busy':
      return { outcome: 'rejected', rejection: 'busy' };
    case 'answer-timeout':
      return { outcome: 'association-timeout', rejection: null };
    case 'protocol':
      return { outcome: 'not-dicom', rejection: null };
    default:
      return { outcome: failure.at, rejection: null };
  }
};
