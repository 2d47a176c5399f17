import dicomParser, { type DataSet } from 'dicom-parser';

/** An empty dicom-parser data set over `bytes`; its accessors (`uint16`, `string`, …) read with the byte order given. */
export const parserDataSet = (bytes: Buffer, littleEndian: boolean): DataSet =>
  new dicomParser.DataSet(
    littleEndian ? dicomParser.littleEndianByteArrayParser : dicomParser.bigEndianByteArrayParser,
    bytes,
    {},
  );
