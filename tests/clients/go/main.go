// The scenario of tests/clients/README.md, told with the AWS SDK for Go v2.
package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"flag"
	"fmt"
	"log"
	"net/http"
	"os"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/service/kinesis"
)

func credentials(context.Context) (aws.Credentials, error) {
	return aws.Credentials{
		AccessKeyID:     os.Getenv("AWS_ACCESS_KEY_ID"),
		SecretAccessKey: os.Getenv("AWS_SECRET_ACCESS_KEY"),
	}, nil
}

func connect(endpoint string, client aws.HTTPClient) *kinesis.Client {
	return kinesis.New(kinesis.Options{
		BaseEndpoint: aws.String(endpoint),
		Region:       os.Getenv("AWS_REGION"),
		Credentials:  aws.CredentialsProviderFunc(credentials),
		HTTPClient:   client,
	})
}

// trusting is the SDK's own HTTP client with one authority.
func trusting(file string) (aws.HTTPClient, error) {
	pem, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(pem) {
		return nil, fmt.Errorf("no certificate in %s", file)
	}
	return awshttp.NewBuildableClient().WithTransportOptions(func(transport *http.Transport) {
		transport.TLSClientConfig = &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}
	}), nil
}

func main() {
	endpoint := flag.String("endpoint", "", "plain HTTP")
	tlsEndpoint := flag.String("tls-endpoint", "", "TLS; left out without")
	ca := flag.String("ca", "", "PEM file to trust")
	stream := flag.String("stream", "", "prefix of the streams' names")
	only := flag.String("only", "", "variants whose name contains this")
	flag.Parse()

	report := &Report{}
	tell := func(name string, client *kinesis.Client, streamName string) {
		if !strings.Contains(name, *only) {
			return
		}
		report.Variant(name)
		newScenario(client, streamName).tell(report)
	}
	tell("HTTP/1.1", connect(*endpoint, nil), *stream+"-0")
	if *tlsEndpoint != "" {
		client, err := trusting(*ca)
		if err != nil {
			log.Fatal(err)
		}
		tell("TLS", connect(*tlsEndpoint, client), *stream+"-1")
	}
	os.Exit(report.ExitCode())
}
