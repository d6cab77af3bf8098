// Writes packages/aws-model/src/generated from the models and corrections beside it.
import { readFileSync, writeFileSync } from 'node:fs';
import { generate, type ServiceName, services } from '../packages/aws-model/src/generate/generate.ts';

const folder = new URL('../packages/aws-model/', import.meta.url);

for (const name of Object.keys(services) as ServiceName[]) {
  const published = JSON.parse(readFileSync(new URL(`models/${name}.json`, folder), 'utf8'));
  for (const [file, text] of Object.entries(generate(name, published))) {
    writeFileSync(new URL(`src/generated/${file}`, folder), text);
  }
}
