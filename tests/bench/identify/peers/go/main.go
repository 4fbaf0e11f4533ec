// SPDX-License-Identifier: Apache-2.0

// Runs google/licensecheck or google/licenseclassifier over the paths on standard input, in one
// process: one JSON line a file, the first one telling the start. Times are CPU time of the thread.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"runtime"
	"sort"
	"syscall"
	"unsafe"

	"github.com/google/licensecheck"
	"github.com/google/licenseclassifier/v2/assets"
)

type answer struct {
	Path  string   `json:"path"`
	Found []string `json:"found"`
	CPU   float64  `json:"cpu_ms"`
}

// CPU seconds of this thread (clock 3) or process (clock 2).
func cpu(clock uintptr) float64 {
	var ts syscall.Timespec
	syscall.Syscall(syscall.SYS_CLOCK_GETTIME, clock, uintptr(unsafe.Pointer(&ts)), 0)
	return float64(ts.Sec) + float64(ts.Nsec)/1e9
}

func licensecheckIDs(text []byte) []string {
	var ids []string
	for _, match := range licensecheck.Scan(text).Match {
		ids = append(ids, match.ID)
	}
	return ids
}

func classifierIDs() (func([]byte) []string, error) {
	classifier, err := assets.DefaultClassifier()
	if err != nil {
		return nil, err
	}
	return func(text []byte) []string {
		var ids []string
		for _, match := range classifier.Match(text).Matches {
			if match.MatchType != "Copyright" {
				ids = append(ids, match.Name)
			}
		}
		return ids
	}, nil
}

func distinct(ids []string) []string {
	seen, out := map[string]bool{}, []string{}
	for _, id := range ids {
		if !seen[id] {
			seen[id] = true
			out = append(out, id)
		}
	}
	sort.Strings(out)
	return out
}

func run() error {
	runtime.GOMAXPROCS(1)
	runtime.LockOSThread()
	identify := licensecheckIDs
	if len(os.Args) > 1 && os.Args[1] == "licenseclassifier" {
		classify, err := classifierIDs()
		if err != nil {
			return err
		}
		identify = classify
	}
	identify([]byte("MIT License")) // licensecheck compiles its texts at the first call
	fmt.Printf("{\"start_s\": %f}\n", cpu(2))
	out := json.NewEncoder(os.Stdout)
	for paths := bufio.NewScanner(os.Stdin); paths.Scan(); {
		text, err := os.ReadFile(paths.Text())
		if err != nil {
			return err
		}
		start := cpu(3)
		ids := identify(text)
		spent := (cpu(3) - start) * 1000
		if err := out.Encode(answer{paths.Text(), distinct(ids), spent}); err != nil {
			return err
		}
	}
	return nil
}

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
