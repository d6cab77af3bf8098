import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { start } from '@millrace/server';
import { makeCertificate } from './certificate.ts';

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
