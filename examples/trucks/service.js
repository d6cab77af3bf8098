/** Where Millrace is. Against AWS the address would be left out, and the SDK would find the region and the keys. */
export const address = {
  endpoint: process.env.AWS_ENDPOINT_URL ?? 'http://127.0.0.1:4567',
  region: 'us-east-1',
  credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
};
