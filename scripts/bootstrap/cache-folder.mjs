import { homedir } from 'node:os';
import { join } from 'node:path';

const userCacheFolder = () => {
  if (process.env.XDG_CACHE_HOME) return process.env.XDG_CACHE_HOME;
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Caches');
  if (process.platform === 'win32') return process.env.LOCALAPPDATA ?? join(homedir(), 'AppData', 'Local');
  return join(homedir(), '.cache');
};

/** What is kept for all clones of this user: Node, compiled code. It may be deleted at any time. */
export const cacheFolder = () => join(userCacheFolder(), 'millrace');
