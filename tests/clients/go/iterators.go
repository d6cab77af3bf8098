package main

import (
	"context"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kinesis/types"
)

func numbersOf(records []types.Record) []string {
	numbers := []string{}
	for _, record := range records {
		numbers = append(numbers, *record.SequenceNumber)
	}
	return numbers
}

// numbersWritten are those of the first shard, which the laws before have filled.
func (s *scenario) numbersWritten() []string {
	numbers := []string{}
	for _, where := range s.in(idOf(0)) {
		numbers = append(numbers, where.number)
	}
	return numbers
}

func (s *scenario) expectFrom(ctx context.Context, from start, numbers []string) error {
	records, err := s.readFrom(ctx, idOf(0), from)
	if err != nil {
		return err
	}
	return expect("sequence numbers", numbersOf(records), numbers)
}

func (s *scenario) trimHorizon(ctx context.Context) error {
	numbers := s.numbersWritten()
	if len(numbers) < 4 {
		return fmt.Errorf("only %d records to read", len(numbers))
	}
	return s.expectFrom(ctx, start{ShardIteratorType: types.ShardIteratorTypeTrimHorizon}, numbers)
}

func (s *scenario) atSequenceNumber(ctx context.Context) error {
	numbers := s.numbersWritten()
	middle := len(numbers) / 2
	from := start{
		ShardIteratorType:      types.ShardIteratorTypeAtSequenceNumber,
		StartingSequenceNumber: &numbers[middle],
	}
	return s.expectFrom(ctx, from, numbers[middle:])
}

func (s *scenario) afterSequenceNumber(ctx context.Context) error {
	numbers := s.numbersWritten()
	middle := len(numbers) / 2
	from := start{
		ShardIteratorType:      types.ShardIteratorTypeAfterSequenceNumber,
		StartingSequenceNumber: &numbers[middle],
	}
	return s.expectFrom(ctx, from, numbers[middle+1:])
}

func (s *scenario) atTimestamp(ctx context.Context) error {
	all, err := s.readFrom(ctx, idOf(0), start{ShardIteratorType: types.ShardIteratorTypeTrimHorizon})
	if err != nil {
		return err
	}
	time := all[len(all)-1].ApproximateArrivalTimestamp
	first := slices.IndexFunc(all, func(record types.Record) bool {
		return !record.ApproximateArrivalTimestamp.Before(*time)
	})
	from := start{ShardIteratorType: types.ShardIteratorTypeAtTimestamp, Timestamp: time}
	return s.expectFrom(ctx, from, numbersOf(all[first:]))
}

func (s *scenario) latest(ctx context.Context) error {
	iterator, err := s.iterator(ctx, idOf(0), start{ShardIteratorType: types.ShardIteratorTypeLatest})
	if err != nil {
		return err
	}
	where, err := s.put(ctx, types.PutRecordsRequestEntry{
		Data: []byte("later"), PartitionKey: aws.String("later"), ExplicitHashKey: aws.String("0"),
	})
	if err != nil {
		return err
	}
	records, err := s.read(ctx, iterator, 10_000)
	if err != nil {
		return err
	}
	return expect("sequence numbers", numbersOf(records), []string{where.number})
}
