import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { signInTexts } from './sign-in-texts.ts';
import type { AppMiddleware } from './state.ts';
import { openStaticFiles } from './static-files.ts';

const FOLDER = path.join(import.meta.dirname, 'pages');
const ASSETS = '/assets/';
const PATH = '/setup';

const escapeHtml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

/** The page in one language: `{{key}}` in the template is a text, `{{texts}}` all of them for the script. */
const render = (template: string, language: string, texts: Readonly<Record<string, string>>): string =>
  template.replaceAll(/\{\{(\w+)\}\}/g, (_whole, key: string) => {
    if (key === 'language') return language;
    if (key === 'texts') return JSON.stringify(texts).replaceAll('<', '\\u003c');
    return escapeHtml(texts[key] ?? '');
  });

/** `/setup` and its assets: an own password and an authenticator, in the language of the browser. */
export const signInPage = async (): Promise<AppMiddleware> => {
  const template = await readFile(path.join(FOLDER, 'sign-in.html'), 'utf8');
  const files = await openStaticFiles(FOLDER);
  const pages = new Map(
    Object.entries(signInTexts).map(([language, texts]) => [language, render(template, language, texts)]),
  );
  return async (ctx, next) => {
    if (ctx.method !== 'GET' && ctx.method !== 'HEAD') {
      await next();
      return;
    }
    if (ctx.path === PATH) {
      ctx.state.route = PATH;
      const language = ctx.acceptsLanguages([...pages.keys()]);
      ctx.vary('Accept-Language');
      ctx.set('Cache-Control', 'no-cache');
      ctx.type = 'html';
      ctx.body = pages.get(language === false ? 'en' : language) ?? pages.get('en');
      return;
    }
    const name = ctx.path.startsWith(ASSETS) ? ctx.path.slice(ASSETS.length) : '';
    if (name !== '' && !name.endsWith('.html') && files.send(ctx, name)) {
      ctx.state.route = ASSETS;
      return;
    }
    await next();
  };
};
