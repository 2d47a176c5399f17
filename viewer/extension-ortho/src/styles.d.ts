/** The bundler takes style sheets out into a file of their own. */
declare module '*.css';
