/** PDU types of the DICOM Upper Layer (PS3.8 section 9.3). */
export const PduType = {
  AssociateRequest: 0x01,
  AssociateAccept: 0x02,
  AssociateReject: 0x03,
  Data: 0x04,
  ReleaseRequest: 0x05,
  ReleaseResponse: 0x06,
  Abort: 0x07,
} as const;

/** PDU type, a reserved byte and a 32-bit length stand before every PDU. */
export const PDU_HEADER_LENGTH = 6;
/** A 32-bit item length, the context id and the message control header stand before every fragment (PS3.8 E.2). */
export const PDV_HEADER_LENGTH = 6;
