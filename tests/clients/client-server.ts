import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { start } from '@millrace/server';
import { generate } from 'selfsigned';

/** A server for clients of other languages, with a certificate that they can be given as their authority. */
export interface ClientServer {
  readonly endpoint: string;
  readonly tlsEndpoint: string;
  /** PEM file; the certificate names 127.0.0.1 and localhost. */
  readonly ca: string;
  /** A folder of this server's own, gone when it closes. */
  readonly folder: string;
  close(): Promise<void>;
}

const makeCertificate = async (folder: string): Promise<{ tlsKey: string; tlsCert: string }> => {
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

export const startClientServer = async (): Promise<ClientServer> => {
  const folder = await mkdtemp(join(tmpdir(), 'millrace-clients-'));
  const removeFolder = () => rm(folder, { recursive: true, force: true });
  try {
    const paths = await makeCertificate(folder);
    const { endpoint, close } = await start({ dataDir: ':memory:', port: 0, ...paths });
    return {
      endpoint,
      tlsEndpoint: endpoint.replace(/^http:/, 'https:'),
      ca: paths.tlsCert,
      folder,
      close: async () => {
        await close();
        await removeFolder();
      },
    };
  } catch (error) {
    await removeFolder();
    throw error;
  }
};
