package main

import (
	"bytes"
	"context"
	"crypto/md5"
	"crypto/sha256"
	"errors"
	"fmt"
	"math/big"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kinesis"
	"github.com/aws/aws-sdk-go-v2/service/kinesis/types"
)

const (
	mebibyte   = 1024 * 1024
	batchLimit = 60
)

var keysBeyondASCII = []string{
	"Zürich", "东京", "Нева", "e\u0301", "🌊", "𝒦𝒾𝓃𝑒𝓈𝒾𝓈", "🏳️‍🌈 Köln 東京", "\U0010ffff",
}

// placed is a record that the server acknowledged, and where it went.
type placed struct {
	shard, number, key string
	data               []byte
}

func (s *scenario) place(shard, number *string, record types.PutRecordsRequestEntry) placed {
	where := placed{shard: *shard, number: *number, key: *record.PartitionKey, data: record.Data}
	s.written[where.shard] = append(s.written[where.shard], where)
	return where
}

func (s *scenario) put(ctx context.Context, record types.PutRecordsRequestEntry) (placed, error) {
	answer, err := s.kinesis.PutRecord(ctx, &kinesis.PutRecordInput{
		StreamName:      &s.stream,
		Data:            record.Data,
		PartitionKey:    record.PartitionKey,
		ExplicitHashKey: record.ExplicitHashKey,
	})
	if err != nil {
		return placed{}, err
	}
	return s.place(answer.ShardId, answer.SequenceNumber, record), nil
}

func (s *scenario) putAll(ctx context.Context, records []types.PutRecordsRequestEntry) ([]placed, error) {
	answer, err := s.kinesis.PutRecords(ctx, &kinesis.PutRecordsInput{StreamName: &s.stream, Records: records})
	if err != nil {
		return nil, err
	}
	err = errors.Join(
		expect("FailedRecordCount", *answer.FailedRecordCount, int32(0)),
		expect("entries answered", len(answer.Records), len(records)),
	)
	if err != nil {
		return nil, err
	}
	var all []placed
	for place, entry := range answer.Records {
		all = append(all, s.place(entry.ShardId, entry.SequenceNumber, records[place]))
	}
	return all, nil
}

// in is what a shard holds, oldest first.
func (s *scenario) in(shard string) []placed {
	held := slices.Clone(s.written[shard])
	slices.SortFunc(held, func(a, b placed) int { return hashKeyOf(&a.number).Cmp(hashKeyOf(&b.number)) })
	return held
}

// start is where an iterator begins; its shard and stream are filled in by iterator.
type start = kinesis.GetShardIteratorInput

func (s *scenario) iterator(ctx context.Context, shard string, from start) (*string, error) {
	from.StreamName, from.ShardId = &s.stream, &shard
	answer, err := s.kinesis.GetShardIterator(ctx, &from)
	if err != nil {
		return nil, err
	}
	return answer.ShardIterator, nil
}

// read goes on until nothing is behind.
func (s *scenario) read(ctx context.Context, iterator *string, limit int32) ([]types.Record, error) {
	var records []types.Record
	for range callsMax {
		page, err := s.kinesis.GetRecords(ctx, &kinesis.GetRecordsInput{ShardIterator: iterator, Limit: &limit})
		if err != nil {
			return nil, err
		}
		if len(page.Records) > int(limit) {
			return nil, fmt.Errorf("%d records came with a limit of %d", len(page.Records), limit)
		}
		records = append(records, page.Records...)
		if *page.MillisBehindLatest == 0 {
			return records, nil
		}
		iterator = page.NextShardIterator
	}
	return nil, fmt.Errorf("still behind after %d calls", callsMax)
}

func (s *scenario) readFrom(ctx context.Context, shard string, from start) ([]types.Record, error) {
	iterator, err := s.iterator(ctx, shard, from)
	if err != nil {
		return nil, err
	}
	return s.read(ctx, iterator, 10_000)
}

func (s *scenario) readAt(ctx context.Context, where placed) ([]types.Record, error) {
	return s.readFrom(ctx, where.shard, start{
		ShardIteratorType:      types.ShardIteratorTypeAtSequenceNumber,
		StartingSequenceNumber: &where.number,
	})
}

func (s *scenario) putsOne(ctx context.Context) error {
	data := []byte("\x00one\xff")
	where, err := s.put(ctx, types.PutRecordsRequestEntry{Data: data, PartitionKey: aws.String("first")})
	if err != nil {
		return err
	}
	records, err := s.readAt(ctx, where)
	if err != nil {
		return err
	}
	if err := expect("records", len(records), 1); err != nil {
		return err
	}
	return errors.Join(
		expect("Data", records[0].Data, data),
		expect("PartitionKey", *records[0].PartitionKey, "first"),
		expect("SequenceNumber", *records[0].SequenceNumber, where.number),
		expectJustNow("ApproximateArrivalTimestamp", *records[0].ApproximateArrivalTimestamp),
	)
}

func (s *scenario) putsBatch(ctx context.Context) error {
	var batch []types.PutRecordsRequestEntry
	for n := range 500 {
		batch = append(batch, types.PutRecordsRequestEntry{
			Data:         fmt.Appendf(nil, "record %d", n),
			PartitionKey: aws.String(fmt.Sprintf("key-%d", n)),
		})
	}
	if _, err := s.putAll(ctx, batch); err != nil {
		return err
	}
	for shard := range shards {
		if err := s.checkShard(ctx, idOf(shard)); err != nil {
			return err
		}
	}
	return nil
}

// checkShard wants everything that was acknowledged for a shard, and nothing else.
func (s *scenario) checkShard(ctx context.Context, shard string) error {
	iterator, err := s.iterator(ctx, shard, start{ShardIteratorType: types.ShardIteratorTypeTrimHorizon})
	if err != nil {
		return err
	}
	records, err := s.read(ctx, iterator, batchLimit)
	if err != nil {
		return err
	}
	var told []placed
	for _, record := range records {
		told = append(told, placed{shard, *record.SequenceNumber, *record.PartitionKey, record.Data})
	}
	return expect("records of "+shard, told, s.in(shard))
}

func (s *scenario) shards(ctx context.Context) ([]types.Shard, error) {
	answer, err := s.kinesis.ListShards(ctx, &kinesis.ListShardsInput{StreamName: &s.stream})
	if err != nil {
		return nil, err
	}
	return answer.Shards, nil
}

func (s *scenario) explicitHashKey(ctx context.Context) error {
	found, err := s.shards(ctx)
	if err != nil {
		return err
	}
	var batch []types.PutRecordsRequestEntry
	var expected []string
	for _, shard := range found {
		for _, edge := range []*string{shard.HashKeyRange.StartingHashKey, shard.HashKeyRange.EndingHashKey} {
			record := types.PutRecordsRequestEntry{
				Data: []byte("edge"), PartitionKey: aws.String("same"), ExplicitHashKey: edge,
			}
			where, err := s.put(ctx, record)
			if err != nil {
				return err
			}
			if err := expect("shard of "+*edge, where.shard, *shard.ShardId); err != nil {
				return err
			}
			batch, expected = append(batch, record), append(expected, *shard.ShardId)
		}
	}
	all, err := s.putAll(ctx, batch)
	if err != nil {
		return err
	}
	var chosen []string
	for _, where := range all {
		chosen = append(chosen, where.shard)
	}
	return expect("shards", chosen, expected)
}

// pattern is data in which no byte is like its neighbours.
func pattern(length, seed int) []byte {
	data := make([]byte, length)
	for place := range data {
		data[place] = byte(seed + 31*place)
	}
	return data
}

// digests names contents without regard to their order.
func digests(contents [][]byte) []string {
	var all []string
	for _, data := range contents {
		all = append(all, fmt.Sprintf("%x", sha256.Sum256(data)))
	}
	slices.Sort(all)
	return all
}

func (s *scenario) largeRecords(ctx context.Context) error {
	key, end := "large", hashKeyMax.String()
	var contents [][]byte
	var records []types.PutRecordsRequestEntry
	for seed := range 9 {
		data := pattern(mebibyte-len(key), seed)
		contents = append(contents, data)
		records = append(records, types.PutRecordsRequestEntry{Data: data, PartitionKey: &key, ExplicitHashKey: &end})
	}
	first, err := s.put(ctx, records[0])
	if err != nil {
		return err
	}
	if _, err := s.putAll(ctx, records[1:]); err != nil {
		return err
	}
	found, err := s.readAt(ctx, first)
	if err != nil {
		return err
	}
	var got [][]byte
	for _, record := range found {
		got = append(got, record.Data)
	}
	return expect("contents", digests(got), digests(contents))
}

func (s *scenario) keysBeyondASCII(ctx context.Context) error {
	found, err := s.shards(ctx)
	if err != nil {
		return err
	}
	for _, key := range keysBeyondASCII {
		sum := md5.Sum([]byte(key))
		hash := new(big.Int).SetBytes(sum[:])
		home := slices.IndexFunc(found, func(shard types.Shard) bool {
			return hash.Cmp(hashKeyOf(shard.HashKeyRange.EndingHashKey)) <= 0
		})
		where, err := s.put(ctx, types.PutRecordsRequestEntry{Data: []byte(key), PartitionKey: &key})
		if err != nil {
			return err
		}
		records, err := s.readAt(ctx, where)
		if err != nil {
			return err
		}
		if len(records) == 0 || home < 0 {
			return fmt.Errorf("%q did not come back", key)
		}
		err = errors.Join(
			expect("shard of "+key, where.shard, idOf(home)),
			expect("PartitionKey", *records[0].PartitionKey, key),
			expect("Data", bytes.Equal(records[0].Data, []byte(key)), true),
		)
		if err != nil {
			return err
		}
	}
	return nil
}
