//go:build tools

// Package telegraf names the program whose version go.mod pins; scripts/clients/install-telegraf.ts builds it.
package telegraf

import _ "github.com/influxdata/telegraf/cmd/telegraf"
