// A record processor for Amazon's library for Node.js; says what happens to it in JSON on standard error.
const kcl = require('aws-kcl');

const tell = (event, details = {}) => process.stderr.write(`${JSON.stringify({ event, ...details })}\n`);

const checkpoint = (checkpointer, done) => {
  checkpointer.checkpoint((error) => {
    if (error) tell('checkpointFailed', { error });
    done();
  });
};

kcl({
  initialize({ sequenceNumber, subSequenceNumber }, done) {
    tell('initialize', { sequenceNumber, sub: subSequenceNumber });
    done();
  },
  processRecords({ records, checkpointer }, done) {
    for (const { partitionKey, data: encoded, subSequenceNumber } of records) {
      const data = Buffer.from(encoded, 'base64').toString();
      if (data === 'crash' && process.env.CRASH) process.exit(3);
      tell('record', { key: partitionKey, data, sub: subSequenceNumber });
    }
    process.stdout.write('this line is no message\n');
    checkpoint(checkpointer, done);
  },
  leaseLost(_, done) {
    tell('leaseLost');
    done();
  },
  shardEnded({ checkpointer }, done) {
    checkpointer.checkpoint(() => {
      tell('shardEnded');
      done();
    });
  },
  shutdownRequested({ checkpointer }, done) {
    checkpoint(checkpointer, () => {
      tell('shutdownRequested');
      done();
    });
  },
}).run();
