export interface ConsumerArn {
  readonly streamArn: string;
  readonly name: string;
  readonly creationSeconds: number;
}

const CONSUMER_ARN_FORM = /^(.+:stream\/[^/]+)\/consumer\/([^/:]+):(\d+)$/;

/** `<stream ARN>/consumer/<name>:<epoch seconds>`; undefined for any other text. */
export const parseConsumerArn = (text: string): ConsumerArn | undefined => {
  const [, streamArn, name, seconds] = CONSUMER_ARN_FORM.exec(text) ?? [];
  if (streamArn === undefined || name === undefined) return undefined;
  return { streamArn, name, creationSeconds: Number(seconds) };
};
