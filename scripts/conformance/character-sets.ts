import { characterSet, decodeText } from '@archwire/dicom';
import { textEncoding } from '../../packages/dicom/src/encode-text.ts';

/** Defined terms of PS3.3 tables C.12-2 to C.12-5 with a word that only they, or few others, can write. */
const TERMS: readonly (readonly [term: string, repertoire: string, word: string])[] = [
  ['ISO_IR 100', 'Latin alphabet No. 1', 'Núñez'],
  ['ISO_IR 101', 'Latin alphabet No. 2', 'Dvořák'],
  ['ISO_IR 109', 'Latin alphabet No. 3', 'Ĝan'],
  ['ISO_IR 110', 'Latin alphabet No. 4', 'Ķēniņš'],
  ['ISO_IR 144', 'Cyrillic', 'Люкceмбypг'],
  ['ISO_IR 127', 'Arabic', 'قباني'],
  ['ISO_IR 126', 'Greek', 'Διονυσιος'],
  ['ISO_IR 138', 'Hebrew', 'שרון'],
  ['ISO_IR 148', 'Latin alphabet No. 5', 'Çavuşoğlu'],
  ['ISO_IR 203', 'Latin alphabet No. 9', 'Œuvrard'],
  ['ISO_IR 13', 'Japanese, JIS X 0201 katakana', 'ﾔﾏﾀﾞ'],
  ['ISO_IR 166', 'Thai', 'สมชาย'],
  ['\\ISO 2022 IR 87', 'Japanese, JIS X 0208', '山田'],
  ['\\ISO 2022 IR 159', 'Japanese, JIS X 0212', '丂'],
  ['\\ISO 2022 IR 149', 'Korean, KS X 1001', '김희중'],
  ['\\ISO 2022 IR 58', 'Simplified Chinese, GB 2312', '张三'],
  ['ISO_IR 192', 'Unicode in UTF-8', 'Núñez 山田 Люкс'],
  ['GB18030', 'Chinese, GB 18030', '张三'],
  ['GBK', 'Chinese, GBK', '张三'],
];

/** What Specific Character Set (0008,0005) may say: proven by writing and reading a word of each. */
export const characterSets = (): readonly (readonly string[])[] =>
  TERMS.map(([term, repertoire, word]) => {
    const bytes = textEncoding(term)(word, 'LO');
    const isWritten = bytes !== undefined;
    const isRead = isWritten && decodeText(bytes, characterSet(term), 'LO') === word;
    return [term.replace('\\', ''), repertoire, isRead ? 'yes' : 'no', isWritten ? 'yes' : 'no'];
  });
