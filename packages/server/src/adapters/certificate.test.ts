import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { test } from 'node:test';
import { MemoryDisk } from '@millrace/core';
import { ownCertificate } from './certificate.ts';
import { nodeClock } from './node-clock.ts';

test('the certificate names loopback, signs no other certificate, and is made once', async () => {
  const disk = new MemoryDisk();
  const first = await ownCertificate(disk, nodeClock);
  const certificate = new X509Certificate(first.cert);
  assert.ok(certificate.checkIP('127.0.0.1'));
  assert.ok(certificate.checkHost('localhost'));
  assert.equal(certificate.ca, false);
  assert.deepEqual(await ownCertificate(disk, nodeClock), first);
});
