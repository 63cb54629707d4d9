package main

import "fmt"

// say tells a sentence to whoever watches; what a command makes is printed by
// make.
func (s *session) say(key string, with ...any) {
	fmt.Fprintln(s.stderr, s.speak.T(key, with...))
}

// make prints what a command makes, alone on its line, for a pipe.
func (s *session) make(made string) error {
	_, err := fmt.Fprintln(s.stdout, made)
	return err
}
