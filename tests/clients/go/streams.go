package main

import (
	"context"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kinesis"
	"github.com/aws/aws-sdk-go-v2/service/kinesis/types"
)

func (s *scenario) make(ctx context.Context, name string, shards int32) error {
	input := &kinesis.CreateStreamInput{StreamName: &name, ShardCount: &shards}
	if _, err := s.kinesis.CreateStream(ctx, input); err != nil {
		return err
	}
	waiter := kinesis.NewStreamExistsWaiter(s.kinesis, func(o *kinesis.StreamExistsWaiterOptions) {
		o.MinDelay, o.MaxDelay = waitDelay, 2*waitDelay
	})
	return waiter.Wait(ctx, &kinesis.DescribeStreamInput{StreamName: &name}, waitMax)
}

func (s *scenario) remove(ctx context.Context, name string) error {
	if _, err := s.kinesis.DeleteStream(ctx, &kinesis.DeleteStreamInput{StreamName: &name}); err != nil {
		return err
	}
	waiter := kinesis.NewStreamNotExistsWaiter(s.kinesis, func(o *kinesis.StreamNotExistsWaiterOptions) {
		o.MinDelay, o.MaxDelay = waitDelay, 2*waitDelay
	})
	return waiter.Wait(ctx, &kinesis.DescribeStreamInput{StreamName: &name}, waitMax)
}

func (s *scenario) creates(ctx context.Context) error {
	return s.make(ctx, s.stream, shards)
}

func (s *scenario) describes(ctx context.Context) error {
	answer, err := s.kinesis.DescribeStream(ctx, &kinesis.DescribeStreamInput{StreamName: &s.stream})
	if err != nil {
		return err
	}
	described := answer.StreamDescription
	input := &kinesis.DescribeStreamSummaryInput{StreamARN: described.StreamARN}
	byARN, err := s.kinesis.DescribeStreamSummary(ctx, input)
	if err != nil {
		return err
	}
	summary := byARN.StreamDescriptionSummary
	return errors.Join(
		expect("StreamName", *described.StreamName, s.stream),
		expect("StreamStatus", described.StreamStatus, types.StreamStatusActive),
		expect("RetentionPeriodHours", *described.RetentionPeriodHours, int32(24)),
		expect("HasMoreShards", *described.HasMoreShards, false),
		expectJustNow("StreamCreationTimestamp", *described.StreamCreationTimestamp),
		checkShards(described.Shards),
		expect("StreamName by ARN", *summary.StreamName, s.stream),
		expect("OpenShardCount", *summary.OpenShardCount, int32(shards)),
	)
}

func expectJustNow(what string, at time.Time) error {
	if time.Since(at).Abs() < justNow {
		return nil
	}
	return fmt.Errorf("%s: expected a time just now, got %v", what, at)
}

// checkShards wants all of them, in order, with ranges that follow each other without a gap.
func checkShards(found []types.Shard) error {
	if err := expect("number of shards", len(found), shards); err != nil {
		return err
	}
	start := new(big.Int)
	for number, shard := range found {
		err := errors.Join(
			expect("ShardId", *shard.ShardId, idOf(number)),
			expect("StartingHashKey", *shard.HashKeyRange.StartingHashKey, start.String()),
		)
		if err != nil {
			return err
		}
		start.Add(hashKeyOf(shard.HashKeyRange.EndingHashKey), big.NewInt(1))
	}
	return expect("end of the last shard", start.Sub(start, big.NewInt(1)).String(), hashKeyMax.String())
}

func hashKeyOf(decimal *string) *big.Int {
	number, ok := new(big.Int).SetString(*decimal, 10)
	if !ok {
		panic("not a number: " + *decimal)
	}
	return number
}

func (s *scenario) pagesShards(ctx context.Context) error {
	var sizes []int
	var found []types.Shard
	input := &kinesis.ListShardsInput{StreamName: &s.stream, MaxResults: aws.Int32(2)}
	for input != nil && len(sizes) < shards {
		page, err := s.kinesis.ListShards(ctx, input)
		if err != nil {
			return err
		}
		sizes = append(sizes, len(page.Shards))
		found = append(found, page.Shards...)
		input = nil
		if page.NextToken != nil {
			input = &kinesis.ListShardsInput{NextToken: page.NextToken, MaxResults: aws.Int32(2)}
		}
	}
	return errors.Join(expect("shards per page", sizes, []int{2, 2, 1}), checkShards(found))
}

func (s *scenario) listedTags(ctx context.Context) (map[string]string, error) {
	answer, err := s.kinesis.ListTagsForStream(ctx, &kinesis.ListTagsForStreamInput{StreamName: &s.stream})
	if err != nil {
		return nil, err
	}
	tags := map[string]string{}
	for _, tag := range answer.Tags {
		tags[*tag.Key] = aws.ToString(tag.Value)
	}
	return tags, nil
}

func (s *scenario) tags(ctx context.Context) error {
	tags := map[string]string{"team": "Flüsse", "stage": "test", "empty": ""}
	add := &kinesis.AddTagsToStreamInput{StreamName: &s.stream, Tags: tags}
	if _, err := s.kinesis.AddTagsToStream(ctx, add); err != nil {
		return err
	}
	listed, err := s.listedTags(ctx)
	if err != nil {
		return err
	}
	drop := &kinesis.RemoveTagsFromStreamInput{StreamName: &s.stream, TagKeys: []string{"team", "empty"}}
	if _, err := s.kinesis.RemoveTagsFromStream(ctx, drop); err != nil {
		return err
	}
	left, err := s.listedTags(ctx)
	if err != nil {
		return err
	}
	return errors.Join(
		expect("tags", listed, tags),
		expect("tags left", left, map[string]string{"stage": "test"}),
	)
}

func (s *scenario) unknownStream(ctx context.Context) error {
	name := s.stream + "-unknown"
	input := &kinesis.DescribeStreamSummaryInput{StreamName: &name}
	_, err := s.kinesis.DescribeStreamSummary(ctx, input)
	var notFound *types.ResourceNotFoundException
	if !errors.As(err, &notFound) {
		return fmt.Errorf("expected ResourceNotFoundException, got %w", err)
	}
	return expect("the message names the stream", strings.Contains(notFound.ErrorMessage(), name), true)
}

func (s *scenario) nameTaken(ctx context.Context) error {
	err := s.make(ctx, s.stream, 1)
	var inUse *types.ResourceInUseException
	if !errors.As(err, &inUse) {
		return fmt.Errorf("expected ResourceInUseException, got %w", err)
	}
	return nil
}

func (s *scenario) listedStreams(ctx context.Context, pageSize int32) ([]string, error) {
	var names []string
	paginator := kinesis.NewListStreamsPaginator(s.kinesis, &kinesis.ListStreamsInput{Limit: &pageSize})
	for paginator.HasMorePages() {
		page, err := paginator.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		names = append(names, page.StreamNames...)
	}
	return names, nil
}

func (s *scenario) pagesStreams(ctx context.Context) error {
	others := []string{s.stream + "-second", s.stream + "-third"}
	for _, name := range others {
		if err := s.make(ctx, name, 1); err != nil {
			return err
		}
	}
	names, err := s.listedStreams(ctx, 1)
	if err != nil {
		return err
	}
	ours := slices.DeleteFunc(names, func(name string) bool { return !strings.HasPrefix(name, s.stream) })
	for _, name := range others {
		if err := s.remove(ctx, name); err != nil {
			return err
		}
	}
	return expect("streams", ours, append([]string{s.stream}, others...))
}

func (s *scenario) deletes(ctx context.Context) error {
	if err := s.remove(ctx, s.stream); err != nil {
		return err
	}
	names, err := s.listedStreams(ctx, 100)
	if err != nil {
		return err
	}
	return expect("still listed", slices.Contains(names, s.stream), false)
}
