/** `arn:PARTITION:SERVICE:REGION:ACCOUNT:RESOURCE`; the resource may hold colons of its own. */
export interface Arn {
  readonly partition: string;
  readonly service: string;
  readonly region: string;
  readonly account: string;
  readonly resource: string;
}

const ARN_FORM = /^arn:([^:]*):([^:]*):([^:]*):([^:]*):(.+)$/s;

export const parseArn = (text: string): Arn | undefined => {
  const [, partition, service, region, account, resource] = ARN_FORM.exec(text) ?? [];
  if (partition === undefined || service === undefined || region === undefined) return undefined;
  if (account === undefined || resource === undefined) return undefined;
  return { partition, service, region, account, resource };
};

export const formatArn = (arn: Arn): string =>
  `arn:${arn.partition}:${arn.service}:${arn.region}:${arn.account}:${arn.resource}`;

/** The partition that AWS puts a region in, by its prefix. */
export const partitionOf = (region: string): string => {
  if (region.startsWith('cn-')) return 'aws-cn';
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
};
