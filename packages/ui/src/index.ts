export { LanguageProvider, useLanguage } from './i18n/language-provider.tsx';
export { defineMessages, LANGUAGES, type Language, type Messages, type Values } from './i18n/messages.ts';
export { translate } from './i18n/translate.ts';
export { useFormat, type Format } from './i18n/use-format.ts';
export { useText } from './i18n/use-text.ts';
export { Button, type ButtonProps } from './button/button.tsx';
export { classes } from './classes.ts';
export { TextField, type TextFieldProps } from './field/text-field.tsx';
