import type { ProposedContext } from '../associate-request.ts';

/** What has to be known of an instance to propose contexts for it. */
export interface StorableKind {
  readonly SOPClassUID: string;
  readonly TransferSyntaxUID: string;
}

const IMPLICIT_VR_LITTLE_ENDIAN = '1.2.840.10008.1.2';
const EXPLICIT_VR_LITTLE_ENDIAN = '1.2.840.10008.1.2.1';
/** What every peer that takes a class must take (PS3.5 10.1): the way out when it does not take what is stored. */
const UNCOMPRESSED: readonly string[] = [EXPLICIT_VR_LITTLE_ENDIAN, IMPLICIT_VR_LITTLE_ENDIAN];
/** Ids are odd and one byte long (PS3.8 section 9.3.2.2). */
const MOST_CONTEXTS = 128;

/**
 * Contexts for C-STORE: one for each class and stored syntax, so that what is stored goes as it is, and one for each class
 * with the uncompressed syntaxes. More than 128 are several associations, each with all contexts of its classes; a class
 * with more syntaxes than an association holds keeps its uncompressed context and the first of the others.
 */
export const planStoreContexts = (
  kinds: Iterable<StorableKind>,
): readonly {
  readonly sopClasses: ReadonlySet<string>;
  readonly contexts: readonly ProposedContext[];
}[] => {
  const byClass = new Map<string, Set<string>>();
  for (const { SOPClassUID, TransferSyntaxUID } of kinds) {
    const syntaxes = byClass.get(SOPClassUID) ?? new Set();
    byClass.set(SOPClassUID, syntaxes.add(TransferSyntaxUID));
  }
  const plans: { sopClasses: Set<string>; contexts: ProposedContext[] }[] = [];
  for (const [abstractSyntax, stored] of byClass) {
    const proposals = [UNCOMPRESSED, ...[...stored].map((syntax) => [syntax])].slice(0, MOST_CONTEXTS);
    let plan = plans.at(-1);
    if (plan === undefined || plan.contexts.length + proposals.length > MOST_CONTEXTS) {
      plan = { sopClasses: new Set(), contexts: [] };
      plans.push(plan);
    }
    plan.sopClasses.add(abstractSyntax);
    for (const transferSyntaxes of proposals)
      plan.contexts.push({ id: plan.contexts.length * 2 + 1, abstractSyntax, transferSyntaxes });
  }
  return plans;
};
