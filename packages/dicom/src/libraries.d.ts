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

/** The part of OpenJPH's WebAssembly build that we use. Objects live in its heap until `delete`. */
declare module '@cornerstonejs/codec-openjph/wasmjs' {
  export interface Htj2kFrameInfo {
    readonly width: number;
    readonly height: number;
    readonly bitsPerSample: number;
    readonly componentCount: number;
    readonly isSigned: boolean;
    readonly isUsingColorTransform: boolean;
  }
  export interface Htj2kEncoder {
    getDecodedBuffer(info: Htj2kFrameInfo): Uint8Array;
    getEncodedBuffer(): Uint8Array;
    encode(): void;
    setDecompositions(levels: number): void;
    setQuality(reversible: boolean, quantizationStep: number): void;
    setProgressionOrder(order: number): void;
    setTLMMarker(on: boolean): void;
    setTilePartDivisionsAtResolutions(on: boolean): void;
    delete(): void;
  }
  export interface Htj2kDecoder {
    getEncodedBuffer(length: number): Uint8Array;
    getDecodedBuffer(): Uint8Array;
    decode(): void;
    getFrameInfo(): Htj2kFrameInfo;
    delete(): void;
  }
  export interface OpenJph {
    readonly HTJ2KEncoder: new () => Htj2kEncoder;
    readonly HTJ2KDecoder: new () => Htj2kDecoder;
    readonly HEAPU8: Uint8Array;
  }
  const load: (options?: {
    readonly print?: (text: string) => void;
    readonly printErr?: (text: string) => void;
  }) => Promise<OpenJph>;
  export default load;
}
