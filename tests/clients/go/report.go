package main

import (
	"fmt"
	"reflect"
	"strings"
)

const problemCharactersMax = 500

// Report prints one line per law, as tests/clients/README.md asks for.
type Report struct {
	broken int
}

func (r *Report) Variant(name string) {
	fmt.Println("#", name)
}

// Law tells of one law. One that breaks must not hide the next.
func (r *Report) Law(name string, check func() error) {
	problem := caught(check)
	if problem == nil {
		fmt.Println("ok", name)
		return
	}
	r.broken++
	told := strings.Join(strings.Fields(problem.Error()), " ")
	fmt.Printf("not ok %s: %.*s\n", name, problemCharactersMax, told)
}

func caught(check func() error) (problem error) {
	defer func() {
		if reason := recover(); reason != nil {
			problem = fmt.Errorf("panic: %v", reason)
		}
	}()
	return check()
}

func (r *Report) ExitCode() int {
	if r.broken > 0 {
		return 1
	}
	return 0
}

func expect(what string, actual, expected any) error {
	if reflect.DeepEqual(actual, expected) {
		return nil
	}
	return fmt.Errorf("%s: expected %v, got %v", what, expected, actual)
}
