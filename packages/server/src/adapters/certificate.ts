import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { type Clock, type Disk, DiskError } from '@millrace/core';

export interface Certificate {
  /** PEM. */
  readonly key: string;
  /** PEM. */
  readonly cert: string;
}

const VALID_DAYS = 3650;
const DAY_MS = 86_400_000;
/** Key and certificate stand in one file, so that they can only be replaced together. */
const FILE = 'tls/self-signed.pem';
const CERTIFICATE_START = '-----BEGIN CERTIFICATE-----';

/** A certificate of this machine's own. The library loads late: most servers never speak TLS. */
const makeCertificate = async (nowMs: number): Promise<Certificate> => {
  const { generate } = await import('selfsigned');
  const names = ['localhost', '*.localhost', hostname()].map((value) => ({ type: 2 as const, value }));
  const addresses = ['127.0.0.1', '::1'].map((ip) => ({ type: 7 as const, ip }));
  const { private: key, cert } = await generate([{ name: 'commonName', value: 'Millrace' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    notBeforeDate: new Date(nowMs - DAY_MS),
    notAfterDate: new Date(nowMs + VALID_DAYS * DAY_MS),
    extensions: [
      // Who trusts this certificate trusts this server, and nothing that its key might sign.
      { name: 'basicConstraints', cA: false, critical: true },
      { name: 'keyUsage', digitalSignature: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      { name: 'subjectAltName', altNames: [...names, ...addresses] },
    ],
  });
  return { key, cert };
};

const splitPem = (pem: string): Certificate => {
  const start = pem.indexOf(CERTIFICATE_START);
  return { key: pem.slice(0, start), cert: pem.slice(start) };
};

const stored = async (disk: Disk): Promise<Certificate | undefined> => {
  try {
    const file = await disk.open(FILE);
    try {
      const bytes = new Uint8Array(await file.size());
      await file.read(bytes, 0);
      return splitPem(Buffer.from(bytes).toString('utf8'));
    } finally {
      await file.close();
    }
  } catch (error) {
    if (error instanceof DiskError && error.code === 'not-found') return undefined;
    throw error;
  }
};

const store = async (disk: Disk, { key, cert }: Certificate): Promise<void> => {
  await disk.makeDirectory('tls');
  const file = await disk.open(`${FILE}.new`, { create: true });
  await file.truncate(0);
  await file.write([Buffer.from(key + cert)], 0);
  await file.sync();
  await file.close();
  await disk.rename(`${FILE}.new`, FILE);
  await disk.syncDirectory('tls');
};

/** The certificate that the server was given, by the paths of its PEM files. */
export const givenCertificate = async (keyFile: string, certificateFile: string): Promise<Certificate> => ({
  key: await readFile(keyFile, 'utf8'),
  cert: await readFile(certificateFile, 'utf8'),
});

/** The self-signed certificate kept in the data directory; made on first use. */
export const ownCertificate = async (disk: Disk, clock: Clock): Promise<Certificate> => {
  const found = await stored(disk);
  if (found !== undefined) return found;
  const made = await makeCertificate(clock.now());
  await store(disk, made);
  return made;
};
