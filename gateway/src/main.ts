import { mkdir } from 'node:fs/promises';
import { AppError } from '@archwire/contracts';
import { createLogger, createMetrics, createShutdown, readConfigOrExit } from '@archwire/runtime';
import { compose } from './compose.ts';
import { welcome } from './welcome.ts';

const config = readConfigOrExit();
const log = createLogger({ level: config.logLevel });
for (const warning of config.warnings) process.stderr.write(`${warning}\n`);

const shutdown = createShutdown({ log, timeoutMs: config.shutdownSeconds * 1000 });
shutdown.listen();

try {
  // Not 0700: PostgreSQL run by root drops to its own user, who must be able to pass through.
  await mkdir(config.dataDir, { recursive: true, mode: 0o755 });
  const composed = await compose({ config, log, metrics: createMetrics({ process: true }), shutdown });
  process.stdout.write(
    welcome({ ...composed, host: config.bind, aeTitle: config.aeTitle, publicUrl: config.publicUrl }),
  );
  log.info({ httpPort: composed.httpPort, dimsePort: composed.dimsePort }, 'ready');
} catch (error) {
  // A person reads this in a terminal; the log has the rest.
  if (error instanceof AppError) process.stderr.write(`\nArchwire cannot start: ${error.message}\n\n`);
  log.fatal({ err: error }, 'start failed');
  process.exit(await shutdown.stop('start failed', 1));
}
