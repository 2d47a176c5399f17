/** Command Field (0000,0100) of the requests that are spoken here (PS3.7 table E.1-1). */
export const CommandField = {
  CStore: 0x0001,
  CGet: 0x0010,
  CFind: 0x0020,
  CMove: 0x0021,
  CEcho: 0x0030,
  NEventReport: 0x0100,
  NGet: 0x0110,
  NSet: 0x0120,
  NAction: 0x0130,
  NCreate: 0x0140,
  NDelete: 0x0150,
  CCancel: 0x0fff,
} as const;

/** A response is its request with this bit set. */
export const RESPONSE = 0x8000;
