import { Socket } from 'node:net';
import { IMPLEMENTATION_CLASS_UID, IMPLEMENTATION_VERSION_NAME } from '@archwire/dicom';
import dimse from 'dcmjs-dimse';
import type { AssociateRequest } from './associate-request.ts';
import type { NegotiatedContext } from './negotiate-contexts.ts';

/** Writes the association PDUs (PS3.8 section 9.3) that this listener sends, headers included. */
export interface AssociationPdus {
  accept(
    request: Pick<AssociateRequest, 'calledAe' | 'callingAe'>,
    contexts: readonly NegotiatedContext[],
  ): Buffer;
  reject(result: number, source: number, reason: number): Buffer;
  releaseResponse(): Buffer;
  abort(source: number, reason: number): Buffer;
}

/**
 * The library's service provider, cut off from any socket: it writes PDUs and does nothing else. `_wrapSocket`, `_sendPdu`
 * and `association` are private to it; a contract test proves that the pinned version has them.
 */
class PduScribe extends dimse.Scp {
  declare association: InstanceType<typeof dimse.association.Association>;
  declare written: Buffer;

  /** Called by the library's constructor: it would attach its own reader and a timer that nobody clears. */
  _wrapSocket(): void {}

  _sendPdu(pdu: { writePdu(): Buffer }): void {
    this.written = pdu.writePdu();
  }
}

/** `maxPduLength` is what we offer to receive; the library caps it by a process-wide value, which is set here. */
export const createAssociationPdus = (options: { readonly maxPduLength: number }): AssociationPdus => {
  const { Association, PresentationContext } = dimse.association;
  // The library prints to the console, request by request; our own log says the same in one line.
  dimse.log.setLevel('silent');
  dimse.Implementation.setImplementationClassUid(IMPLEMENTATION_CLASS_UID);
  dimse.Implementation.setImplementationVersion(IMPLEMENTATION_VERSION_NAME);
  dimse.Implementation.setMaxPduLength(options.maxPduLength);
  const scribe = new PduScribe(new Socket());
  scribe.association = new Association('', '');

  return {
    accept({ calledAe, callingAe }, contexts) {
      const association = new Association(callingAe, calledAe);
      association.setMaxPduLength(options.maxPduLength);
      // `addPresentationContext` renumbers ids that do not ascend; the list itself takes them as they are.
      const list = association.getPresentationContexts();
      for (const { id, abstractSyntax, transferSyntax, result, roles } of contexts) {
        const context = new PresentationContext(
          id,
          abstractSyntax,
          transferSyntax,
          undefined,
          roles?.scu,
          roles?.scp,
        );
        context.setResult(result, transferSyntax);
        list.push({ id, context });
      }
      scribe.association = association;
      scribe.sendAssociationAccept();
      return scribe.written;
    },
    reject(result, source, reason) {
      scribe.sendAssociationReject(result, source, reason);
      return scribe.written;
    },
    releaseResponse() {
      scribe.sendAssociationReleaseResponse();
      return scribe.written;
    },
    abort(source, reason) {
      scribe.sendAbort(source, reason);
      return scribe.written;
    },
  };
};
