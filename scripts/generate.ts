// Writes every generated source file: the service models with their types, and MD5's unrolled block.
import { readFileSync, writeFileSync } from 'node:fs';
import { generate, type ServiceName, services } from '../packages/aws-model/src/generate/generate.ts';
import { md5BlockSource } from './generate/md5-block.ts';

const packages = new URL('../packages/', import.meta.url);

for (const name of Object.keys(services) as ServiceName[]) {
  const published = JSON.parse(readFileSync(new URL(`aws-model/models/${name}.json`, packages), 'utf8'));
  for (const [file, text] of Object.entries(generate(name, published))) {
    writeFileSync(new URL(`aws-model/src/generated/${file}`, packages), text);
  }
}

writeFileSync(new URL('core/src/generated/md5-block.ts', packages), md5BlockSource());
