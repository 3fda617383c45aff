// SPDX-License-Identifier: Apache-2.0

// Reads a published ledger (C2SP tlog-tiles in a folder) with golang.org/x/mod/sumdb and believes nothing else: every
// entry must be proven by tlog, every older tree must be a beginning of the newest, the note must be signed by the key.
// Only the mapping of paths and the splitting of bundles are written here.
//
//	GO111MODULE=off GOPATH=/usr/share/gocode go run tests/sumdb/main.go FOLDER VKEY
package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

func must(err error) {
	if err != nil {
		fmt.Println("REFUSED", err)
		os.Exit(1)
	}
}

// tlog-tiles leaves out the height, and calls records entries.
type folder string

func (f folder) read(t tlog.Tile) ([]byte, error) {
	path := "tile/" + strings.TrimPrefix(t.Path(), "tile/8/")
	return os.ReadFile(filepath.Join(string(f), strings.Replace(path, "tile/data/", "tile/entries/", 1)))
}
func (f folder) Height() int                         { return 8 }
func (f folder) SaveTiles(_ []tlog.Tile, _ [][]byte) {}
func (f folder) ReadTiles(ts []tlog.Tile) ([][]byte, error) {
	var all [][]byte
	for _, t := range ts {
		data, err := f.read(t)
		if err != nil {
			return nil, err
		}
		all = append(all, data)
	}
	return all, nil
}

func main() {
	dir := folder(os.Args[1])
	verifier, err := note.NewVerifier(os.Args[2])
	must(err)
	text, err := os.ReadFile(filepath.Join(string(dir), "checkpoint"))
	must(err)
	opened, err := note.Open(text, note.VerifierList(verifier))
	must(err)
	lines := strings.Split(opened.Text, "\n")
	size, err := strconv.ParseInt(lines[1], 10, 64)
	must(err)
	root, err := tlog.ParseHash(lines[2])
	must(err)
	hashes := tlog.TileHashReader(tlog.Tree{N: size, Hash: root}, dir)

	for first := int64(0); first < size; first += 256 {
		width := size - first
		if width > 256 {
			width = 256
		}
		bundle, err := dir.read(tlog.Tile{H: 8, L: -1, N: first / 256, W: int(width)})
		must(err)
		for id := first; id < first+width; id++ {
			length := int(bundle[0])<<8 | int(bundle[1])
			leaf := bundle[2 : 2+length]
			bundle = bundle[2+length:]
			proof, err := tlog.ProveRecord(size, id, hashes)
			must(err)
			must(tlog.CheckRecord(proof, size, root, id, tlog.RecordHash(leaf)))
			old, err := tlog.TreeHash(id+1, hashes)
			must(err)
			if id%16 == 0 || id == size-1 {
				grown, err := tlog.ProveTree(size, id+1, hashes)
				must(err)
				must(tlog.CheckTree(grown, size, root, id+1, old))
			}
		}
		if len(bundle) != 0 {
			must(fmt.Errorf("bundle %d has %d bytes too many", first/256, len(bundle)))
		}
	}
	fmt.Println("ACCEPTED", opened.Sigs[0].Name, size, root)
}
