import { isUtf8 } from 'node:buffer';
import type { DumpItem } from '@millrace/log-embedded';

interface Wanted {
  readonly entries?: boolean;
  readonly values?: boolean;
}

type DumpFormat = (item: DumpItem, wanted: Wanted) => Iterable<string>;

type DumpedFrame = Exclude<DumpItem, { kind: 'damage' }>;

const PREVIEW_BYTES = 60;

const timeText = (epochMs: number): string => {
  const time = new Date(epochMs);
  return Number.isNaN(time.getTime()) ? `${epochMs} ms` : time.toISOString();
};

/** Text as JSON would write it, so that a line stays a line; anything else in base64. */
const shown = (bytes: Buffer): string =>
  isUtf8(bytes) ? JSON.stringify(bytes.toString()) : `base64:${bytes.toString('base64')}`;

/** The first bytes; a character that is cut in two is left out. */
const preview = (bytes: Buffer): string => {
  if (bytes.length <= PREVIEW_BYTES) return shown(bytes);
  const start = bytes.subarray(0, PREVIEW_BYTES);
  const text = start.toString().replace(/\uFFFD{1,3}$/, '');
  return `${text.includes('\uFFFD') ? shown(start) : JSON.stringify(text)}…`;
};

const frameText = (frame: DumpedFrame): string => {
  const { kind, file, offset, log, logNumber, position, count, arrivalMs, bytes, dataKey } = frame;
  const place = `${file} ${offset}`;
  const whose = `log=${log ?? '?'} number=${logNumber}`;
  const what = kind === 'append' ? ` position=${position} count=${count}` : '';
  const start = kind === 'trim' ? ` start=${position}` : '';
  const key = dataKey === undefined ? '' : ` flags=encrypted key=${dataKey}`;
  return `${place} ${kind} ${whose}${what}${start} arrival=${timeText(arrivalMs)} bytes=${bytes}${key}\n`;
};

function* entriesText({ entries, position }: DumpedFrame, isWhole: boolean): Iterable<string> {
  let at = position;
  for (const { key, value } of entries()) {
    const text = isWhole ? shown(value) : preview(value);
    yield `  position=${at++} key=${shown(key)} bytes=${value.length} value=${text}\n`;
  }
}

const frameJson = (frame: DumpedFrame, { entries, values }: Wanted): object => {
  const { entries: entriesOf, arrivalMs, position, ...rest } = frame;
  const listed = [...(entries === true || values === true ? entriesOf() : [])].map(
    ({ key, value }, index) => ({
      position: position + index,
      key: key.toString(),
      bytes: value.length,
      ...(values === true && { value: value.toString('base64') }),
    }),
  );
  const arrival = timeText(arrivalMs);
  return { ...rest, position, arrival, ...((entries === true || values === true) && { entries: listed }) };
};

export const DUMP_FORMATS: Readonly<Record<'text' | 'json', DumpFormat>> = {
  *text(item, { entries, values }) {
    if (item.kind === 'damage') return yield `${item.file} ${item.offset} damage ${item.message}\n`;
    yield frameText(item);
    if (entries === true || values === true) yield* entriesText(item, values === true);
  },
  *json(item, wanted) {
    yield `${JSON.stringify(item.kind === 'damage' ? item : frameJson(item, wanted))}\n`;
  },
};
