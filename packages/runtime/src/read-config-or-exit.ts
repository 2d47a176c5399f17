import { type Config, loadConfig } from './config.ts';
import { ConfigError } from './config-error.ts';

const EX_CONFIG = 78;

/** The configuration of this process. A bad one is explained on stderr, all of it at once, and the process exits 78. */
export const readConfigOrExit = (): Config => {
  try {
    return loadConfig(process.env);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return process.exit(EX_CONFIG);
  }
};
