import { type Command, InvalidArgumentError, Option } from 'commander';
import { SETTINGS, type Setting } from './settings.ts';

const option = <Value>({ flag, environment, placeholder, parse, help, ...row }: Setting<Value>): Option => {
  const form = placeholder === undefined ? `${flag} [true|false]` : `${flag} <${placeholder}>`;
  const made = new Option(form, help).env(environment).argParser((text: string, previous: Value) => {
    try {
      return parse(text, previous);
    } catch (error) {
      throw new InvalidArgumentError(error instanceof Error ? error.message : String(error));
    }
  });
  if (placeholder === undefined) made.preset('true');
  return Array.isArray(row.default) ? made.default(row.default, 'none') : made.default(row.default);
};

/** Gives a command one option per row of the table. */
export const addSettings = (command: Command): Command => {
  for (const row of Object.values(SETTINGS)) command.addOption(option(row as Setting<unknown>));
  return command;
};
