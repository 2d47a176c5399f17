/** dcmjs ships no types; this is the part that the generators use. */
declare module 'dcmjs' {
  interface DicomDict {
    dict: object;
    write(options?: { fragmentMultiframe?: boolean; allowInvalidVRLength?: boolean }): ArrayBuffer;
  }
  const dcmjs: {
    data: {
      DicomDict: new (meta: object) => DicomDict;
      DicomMetaDictionary: { denaturalizeDataset(dataset: object): object };
    };
  };
  export default dcmjs;
}
