package main

import (
	"context"
	"fmt"
	"math/big"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/kinesis"
)

const (
	shards     = 5
	callsMax   = 200
	justNow    = 5 * time.Minute
	waitMax    = 30 * time.Second
	waitDelay  = 50 * time.Millisecond
	lawTimeout = 60 * time.Second
)

var hashKeyMax = new(big.Int).Sub(new(big.Int).Lsh(big.NewInt(1), 128), big.NewInt(1))

type scenario struct {
	kinesis *kinesis.Client
	stream  string
	written map[string][]placed
}

func newScenario(client *kinesis.Client, stream string) *scenario {
	return &scenario{kinesis: client, stream: stream, written: map[string][]placed{}}
}

func idOf(shard int) string {
	return fmt.Sprintf("shardId-%012d", shard)
}

func (s *scenario) tell(report *Report) {
	law := func(name string, check func(context.Context) error) {
		report.Law(name, func() error {
			ctx, cancel := context.WithTimeout(context.Background(), lawTimeout)
			defer cancel()
			return check(ctx)
		})
	}
	law("creates a stream and waits until it is active", s.creates)
	law("describes the stream", s.describes)
	law("puts one record and reads it back", s.putsOne)
	law("puts a batch of 500 and reads every record back", s.putsBatch)
	law("an explicit hash key chooses the shard", s.explicitHashKey)
	law("records of 1 MiB come back whole", s.largeRecords)
	law("a partition key beyond ASCII is routed by its UTF-8 bytes", s.keysBeyondASCII)
	law("TRIM_HORIZON starts at the oldest record", s.trimHorizon)
	law("AT_SEQUENCE_NUMBER starts at that record", s.atSequenceNumber)
	law("AFTER_SEQUENCE_NUMBER starts behind that record", s.afterSequenceNumber)
	law("AT_TIMESTAMP starts at the first record of that time", s.atTimestamp)
	law("LATEST gives only what comes after", s.latest)
	law("pages ListShards", s.pagesShards)
	law("adds, lists and removes tags", s.tags)
	law("an unknown stream is the ResourceNotFoundException of the SDK", s.unknownStream)
	law("a name taken is the ResourceInUseException of the SDK", s.nameTaken)
	law("pages ListStreams", s.pagesStreams)
	law("deletes the stream", s.deletes)
}
