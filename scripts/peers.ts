import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** Debian packages that the tests and benchmarks talk to, and the command each one brings. */
const PEERS: Readonly<Record<string, string>> = {
  dcmtk: '/usr/bin/storescu',
  orthanc: '/usr/sbin/Orthanc',
  'orthanc-dicomweb': '/usr/share/orthanc/plugins/libOrthancDicomWeb.so',
  dicom3tools: '/usr/bin/dciodvfy',
  'libgdcm-tools': '/usr/bin/gdcmconv',
  'libopenjp2-tools': '/usr/bin/opj_decompress',
  'python3-pydicom': '/usr/lib/python3/dist-packages/pydicom/__init__.py',
  'python3-numpy': '/usr/lib/python3/dist-packages/numpy/__init__.py',
  'python3-pil': '/usr/lib/python3/dist-packages/PIL/__init__.py',
  'redis-server': '/usr/bin/redis-server',
  chromium: '/usr/bin/chromium',
  openssl: '/usr/bin/openssl',
  haproxy: '/usr/sbin/haproxy',
  'nginx-light': '/usr/sbin/nginx',
  'openjph-tools': '/usr/bin/ojph_compress',
};

const apt = (args: readonly string[]): boolean =>
  spawnSync('apt-get', args, {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  }).status === 0;

/**
 * Installs the real peers that are missing. A peer that cannot be installed is an error, not a skip: a test
 * that needs it would otherwise prove nothing.
 */
export const ensurePeers = (): void => {
  const missing = Object.entries(PEERS)
    .filter(([, path]) => !existsSync(path))
    .map(([name]) => name);
  if (missing.length === 0) return;
  console.log(`Installing test peers from Debian packages: ${missing.join(', ')}`);
  if (!apt(['update']) || !apt(['install', '-y', '--no-install-recommends', ...missing])) {
    throw new Error(
      `Could not install ${missing.join(', ')}. As root on Debian run: apt-get install ${missing.join(' ')}`,
    );
  }
};
