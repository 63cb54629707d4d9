package main

import "runtime/debug"

type versionCommand struct{}

// Run prints the version.
func (*versionCommand) Run(s *session) error { return s.make("samling " + version()) }

// version is the one that Go built in: a tag, or the commit with a mark when
// the tree had changes of its own.
func version() string {
	built, ok := debug.ReadBuildInfo()
	if !ok {
		return "(unknown)"
	}
	if v := built.Main.Version; v != "" && v != "(devel)" {
		return v
	}
	commit, changed := "", ""
	for _, s := range built.Settings {
		switch s.Key {
		case "vcs.revision":
			commit = s.Value[:min(len(s.Value), 12)]
		case "vcs.modified":
			if s.Value == "true" {
				changed = "+changed"
			}
		}
	}
	if commit == "" {
		return "(devel)"
	}
	return commit + changed
}
