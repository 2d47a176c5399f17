import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { signInTexts } from './sign-in-texts.ts';

const page = (name: string) => readFile(path.join(import.meta.dirname, 'pages', name), 'utf8');

it('has every word of the page in every language', async () => {
  const html = await page('sign-in.html');
  const script = await page('sign-in.js');
  const used = new Set(
    [...html.matchAll(/\{\{(\w+)\}\}/g)]
      .map(([, key]) => key)
      .filter((key) => key !== 'language' && key !== 'texts'),
  );
  const spoken = [...script.matchAll(/say\('(\w+)'/g), ...script.matchAll(/^\s+'?[\w-]+'?: '(\w+)',$/gm)].map(
    ([, key]) => key,
  );
  const keys = Object.keys(signInTexts.en);
  expect([...used, ...spoken].filter((key) => key === undefined || !keys.includes(key))).toEqual([]);
  for (const texts of Object.values(signInTexts)) {
    expect(Object.keys(texts)).toEqual(keys);
    expect(Object.entries(texts).filter(([, text]) => text.trim() === '')).toEqual([]);
    expect([texts.locked, texts.stepOf].every((text) => text.includes('{n}'))).toBe(true);
  }
});
