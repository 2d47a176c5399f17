import dicomParser, { type ByteArrayParser, type DataSet, type Element } from 'dicom-parser';

declare module 'dicom-parser' {
  /** The library exports the class at run time; its types name only the interface. */
  const library: {
    readonly DataSet: new (
      parser: ByteArrayParser,
      bytes: Uint8Array,
      elements: Record<string, Element>,
    ) => DataSet;
    readonly littleEndianByteArrayParser: ByteArrayParser;
    readonly bigEndianByteArrayParser: ByteArrayParser;
  };
  export default library;
}

/** An empty dicom-parser data set over `bytes`; its accessors (`uint16`, `string`, …) read with the byte order given. */
export const parserDataSet = (bytes: Buffer, littleEndian: boolean): DataSet =>
  new dicomParser.DataSet(
    littleEndian ? dicomParser.littleEndianByteArrayParser : dicomParser.bigEndianByteArrayParser,
    bytes,
    {},
  );
