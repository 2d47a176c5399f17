import { spawn } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from './free-port.ts';
import { waitFor } from './wait-for.ts';
import { endProcess } from './end-process.ts';
import type { Peer } from './peer.ts';

/** Debian's Orthanc with its DICOMweb plugin and its own (SQLite) index. */
export const startOrthanc = async (folder: string): Promise<Peer & { readonly url: string }> => {
  const [dimsePort, httpPort] = [await freePort(), await freePort()];
  const home = join(folder, 'orthanc');
  await mkdir(home, { recursive: true });
  const configuration = {
    Name: 'bench',
    StorageDirectory: join(home, 'storage'),
    IndexDirectory: join(home, 'index'),
    Plugins: ['/usr/share/orthanc/plugins/libOrthancDicomWeb.so'],
    DicomAet: 'ORTHANC',
    DicomPort: dimsePort,
    DicomAlwaysAllowStore: true,
    HttpPort: httpPort,
    RemoteAccessAllowed: false,
    AuthenticationEnabled: false,
  };
  await writeFile(join(home, 'orthanc.json'), JSON.stringify(configuration));
  const child = spawn('/usr/sbin/Orthanc', [join(home, 'orthanc.json')], {
    stdio: 'ignore',
    env: { ...process.env, TCP_NODELAY: '1' },
  });
  const url = `http://127.0.0.1:${httpPort}`;
  await waitFor('Orthanc', async () => (await fetch(`${url}/system`)).ok);
  return {
    name: 'Orthanc',
    pid: child.pid ?? 0,
    dimsePort,
    calledAe: 'ORTHANC',
    url,
    stop: () => endProcess(child),
  };
};
