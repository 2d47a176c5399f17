/** dcmjs ships no types; this is the part of its dictionary that we read. */
declare module 'dcmjs/dictionary' {
  export interface DictionaryEntry {
    readonly tag: string;
    /** A VR of PS3.5, or `ox`, `xs`, `lt` where the data set decides, `up` for UL, `na` for none. */
    readonly vr: string;
    readonly name: string;
    readonly vm: string;
    readonly version: string;
  }
  const dictionary: Readonly<Record<string, DictionaryEntry>>;
  export default dictionary;
}

/** dicom-parser's types name the class only as an interface, and not its default export. */
declare module 'dicom-parser' {
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
