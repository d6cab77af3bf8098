import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { generate } from 'selfsigned';

/** PEM files, by the server's names for them. */
export interface Certificate {
  readonly tlsKey: string;
  readonly tlsCert: string;
}

/** One that names localhost and 127.0.0.1, and is its own authority. */
export const makeCertificate = async (folder: string): Promise<Certificate> => {
  const { private: key, cert } = await generate([{ name: 'commonName', value: 'localhost' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', digitalSignature: true, keyCertSign: true, critical: true },
      {
        name: 'subjectAltName',
        altNames: [
          { type: 2, value: 'localhost' },
          { type: 7, ip: '127.0.0.1' },
        ],
      },
    ],
  });
  const paths = { tlsKey: join(folder, 'key.pem'), tlsCert: join(folder, 'certificate.pem') };
  await Promise.all([writeFile(paths.tlsKey, key, { mode: 0o600 }), writeFile(paths.tlsCert, cert)]);
  return paths;
};
