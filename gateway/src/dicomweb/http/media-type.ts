/** A media type with its parameters (RFC 9110 section 8.3.1): type and parameter names in lower case, values as written. */
export interface MediaType {
  /** `type/subtype`, lower case. */
  readonly essence: string;
  readonly parameters: ReadonlyMap<string, string>;
}

const ESSENCE = /^\s*([!#$%&'*+.^_`|~0-9a-z-]+\/[!#$%&'*+.^_`|~0-9a-z-]+)\s*/i;
/** Unquoted values are taken up to the next semicolon: DICOMweb clients send `type=application/dicom` with its slash. */
const PARAMETER = /^;\s*(?:([!#$%&'*+.^_`|~0-9a-z-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;]*)))?\s*/i;

/** `undefined` when the text is not a media type. */
export const parseMediaType = (text: string): MediaType | undefined => {
  const match = ESSENCE.exec(text);
  const essence = match?.[1];
  if (match === null || essence === undefined) return undefined;
  let rest = text.slice(match[0].length);
  const parameters = new Map<string, string>();
  while (rest !== '') {
    const parameter = PARAMETER.exec(rest);
    if (parameter === null) return undefined;
    const [whole, name, quoted, plain] = parameter;
    if (name !== undefined && !parameters.has(name.toLowerCase())) {
      parameters.set(name.toLowerCase(), quoted?.replace(/\\(.)/g, '$1') ?? plain?.trim() ?? '');
    }
    rest = rest.slice(whole.length);
  }
  return { essence: essence.toLowerCase(), parameters };
};

/** Splits a list header at the commas that stand outside quoted strings. */
export const splitList = (text: string): readonly string[] => {
  const items: string[] = [];
  let item = '';
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (quoted && character === '\\') {
      item += character + text.charAt(at + 1);
      at += 1;
      continue;
    }
    if (character === '"') quoted = !quoted;
    if (character === ',' && !quoted) {
      items.push(item);
      item = '';
    } else {
      item += character;
    }
  }
  items.push(item);
  return items.map((each) => each.trim()).filter((each) => each !== '');
};
