import type { Language } from '@archwire/contracts';
import { type LetterName, LETTERS } from './letters.ts';
import type { Mail } from './mailer.ts';

const escapeHtml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
/** A name of a person must not be able to write a header, nor to look like a second paragraph. */
const oneLine = (text: string): string => text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim();

/** A letter as plain text and as HTML that needs no picture and no style sheet from anywhere. */
export const renderLetter = (letter: {
  readonly name: LetterName;
  readonly language: Language;
  readonly to: string;
  readonly words: { readonly name: string; readonly group: string; readonly until: string };
  /** Behind those of the letter itself. */
  readonly lines?: readonly string[];
  readonly address: string;
}): Mail => {
  const texts = LETTERS[letter.language][letter.name];
  const words = new Map(Object.entries(letter.words).map(([key, value]) => [key, oneLine(value)]));
  const fill = (text: string): string =>
    text.replaceAll(/\{(\w+)\}/g, (_all, key: string) => words.get(key) ?? '');
  const lines = [...texts.lines.map(fill), ...(letter.lines ?? []).map(oneLine)];
  const after = fill(texts.after);
  const text = [fill(texts.greeting), ...lines, `${texts.button}:\n${letter.address}`, after]
    .filter((part) => part !== '')
    .join('\n\n');
  const paragraph = (words: string, colour = '#14171a') =>
    `<p style="margin:0 0 16px;color:${colour}">${escapeHtml(words)}</p>`;
  const html = `<!doctype html><html lang="${letter.language}"><body style="margin:0;padding:32px 16px;background:#f6f7f8;font:15px/1.5 system-ui,sans-serif">
<div style="max-width:480px;margin:0 auto;padding:32px;background:#fff;border:1px solid #e2e5e9;border-radius:12px">
<p style="margin:0 0 24px;font-weight:600;color:#0b6a75">Archwire</p>
${[fill(texts.greeting), ...lines].map((line) => paragraph(line)).join('\n')}
<p style="margin:24px 0"><a href="${escapeHtml(letter.address)}" style="display:inline-block;padding:10px 18px;border-radius:8px;background:#0b6a75;color:#fff;text-decoration:none">${escapeHtml(texts.button)}</a></p>
${after === '' ? '' : paragraph(after, '#535b65')}
</div></body></html>`;
  return { to: letter.to, subject: fill(texts.subject), text: `${text}\n`, html };
};
