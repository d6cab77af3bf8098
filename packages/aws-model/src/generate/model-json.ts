import type { ServiceModel } from '../service-model.ts';

/** The model as JSON with one line per operation and shape, so that a change of one is a change of one line. */
export const modelJson = (model: ServiceModel): string => {
  const { operations, shapes, ...head } = model;
  const fields = Object.entries(head).map(
    ([key, value]) => `  ${JSON.stringify(key)}: ${JSON.stringify(value)}`,
  );
  return `{\n${[...fields, section('operations', operations), section('shapes', shapes)].join(',\n')}\n}\n`;
};

const section = (name: string, entries: Readonly<Record<string, unknown>>): string => {
  const lines = Object.entries(entries).map(
    ([key, value]) => `    ${JSON.stringify(key)}: ${JSON.stringify(value)}`,
  );
  return `  ${JSON.stringify(name)}: {\n${lines.join(',\n')}\n  }`;
};
