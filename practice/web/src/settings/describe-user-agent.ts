/** What a browser says it is, in words that a person recognises. `null` where it says nothing that we know. */
export interface UserAgent {
  readonly browser: string | null;
  readonly system: string | null;
  readonly kind: 'desk' | 'phone' | 'tablet';
}

/** The order counts: Edge says Chrome too, Chrome says Safari too, and all of them say Mozilla. */
const BROWSERS = [
  [/Edg(?:e|A|iOS)?\//, 'Edge'],
  [/OPR\/|Opera/, 'Opera'],
  [/SamsungBrowser\//, 'Samsung Internet'],
  [/Firefox\/|FxiOS\//, 'Firefox'],
  [/Chrome\/|CriOS\/|HeadlessChrome\//, 'Chrome'],
  [/Safari\//, 'Safari'],
  [/curl\//, 'curl'],
] as const;
const SYSTEMS = [
  [/Windows/, 'Windows'],
  [/iPhone/, 'iPhone'],
  [/iPad/, 'iPad'],
  [/Android/, 'Android'],
  [/CrOS/, 'ChromeOS'],
  [/Mac OS X|Macintosh/, 'macOS'],
  [/Linux/, 'Linux'],
] as const;

const first = (table: readonly (readonly [RegExp, string])[], text: string): string | null =>
  table.find(([pattern]) => pattern.test(text))?.[1] ?? null;

export const describeUserAgent = (text: string | null): UserAgent => {
  const agent = text ?? '';
  const tablet = /iPad|Android(?!.*Mobile)/.test(agent);
  return {
    browser: first(BROWSERS, agent),
    system: first(SYSTEMS, agent),
    kind: tablet ? 'tablet' : /Mobile|iPhone/.test(agent) ? 'phone' : 'desk',
  };
};
