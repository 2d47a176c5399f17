import { spawn } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { endProcess, freePort, waitFor, type Peer } from '@archwire/test-data/processes';

/** Debian's nginx with `sendfile`, one worker, giving the files of a folder. */
export const startNginx = async (folder: string, files: string): Promise<Peer & { readonly url: string }> => {
  const port = await freePort();
  const home = join(folder, 'nginx');
  await mkdir(home, { recursive: true });
  const configuration = join(home, 'nginx.conf');
  await writeFile(
    configuration,
    `user root; daemon off; worker_processes 1; pid ${home}/pid; error_log ${home}/error.log;
events { worker_connections 256; }
http { access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000;
  client_body_temp_path ${home}/body; proxy_temp_path ${home}/proxy; fastcgi_temp_path ${home}/fastcgi;
  uwsgi_temp_path ${home}/uwsgi; scgi_temp_path ${home}/scgi;
  server { listen 127.0.0.1:${port}; root ${files}; } }`,
  );
  const child = spawn('/usr/sbin/nginx', ['-c', configuration, '-p', home], { stdio: 'inherit' });
  const url = `http://127.0.0.1:${port}`;
  await waitFor('nginx', async () => (await fetch(url)).status > 0);
  return {
    name: 'nginx',
    pid: child.pid ?? 0,
    dimsePort: 0,
    calledAe: '',
    url,
    stop: () => endProcess(child),
  };
};
