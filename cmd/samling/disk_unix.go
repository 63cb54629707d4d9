//go:build linux || darwin

package main

import "syscall"

// free is how many bytes are left on the disk of a folder for a program like
// this one.
func free(folder string) (uint64, bool) {
	var disk syscall.Statfs_t
	if err := syscall.Statfs(folder, &disk); err != nil {
		return 0, false
	}
	return disk.Bavail * uint64(disk.Bsize), true
}
