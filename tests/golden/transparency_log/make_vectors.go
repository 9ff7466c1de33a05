// make_vectors writes vectors.json with the Go project's own log and notes (golang.org/x/mod/sumdb), so that the
// platform's tree, proofs and notes are compared with an implementation that is not ours.
//
//	apt-get install golang golang-golang-x-mod-dev
//	GO111MODULE=off GOPATH=/usr/share/gocode go run make_vectors.go > vectors.json
//
// Trees of 1 to 70 records "record 0", "record 1", …; every head, inclusion proof and consistency proof, as
// numbers into the list of all hashes that occur. Notes are signed by two logs and cosigned by a witness.
package main

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const largest = 70
const cosignature = 4

type proof struct {
	Index  int64 `json:"index"`
	Size   int64 `json:"size"`
	Hashes []int `json:"hashes"`
}

type signedNote struct {
	Text      string   `json:"text"`
	Signers   []string `json:"signers"`
	Verifiers []string `json:"verifiers"`
	SeenAt    []uint64 `json:"seen_at"`
	Note      string   `json:"note"`
}

type vectors struct {
	Hashes      []string     `json:"hashes"`
	Records     []int        `json:"records"`
	Heads       []int        `json:"heads"`
	Inclusion   []proof      `json:"inclusion"`
	Consistency []proof      `json:"consistency"`
	Notes       []signedNote `json:"notes"`
}

var out vectors
var known = map[tlog.Hash]int{}

func number(h tlog.Hash) int {
	if n, ok := known[h]; ok {
		return n
	}
	known[h] = len(out.Hashes)
	out.Hashes = append(out.Hashes, hex.EncodeToString(h[:]))
	return known[h]
}

func numbers(hashes []tlog.Hash) []int {
	found := []int{}
	for _, h := range hashes {
		found = append(found, number(h))
	}
	return found
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func trees() {
	var stored []tlog.Hash
	reader := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		var found []tlog.Hash
		for _, i := range indexes {
			found = append(found, stored[i])
		}
		return found, nil
	})
	heads := map[int64]tlog.Hash{}
	for n := int64(0); n < largest; n++ {
		data := []byte(fmt.Sprintf("record %d", n))
		hashes, err := tlog.StoredHashes(n, data, reader)
		must(err)
		stored = append(stored, hashes...)
		out.Records = append(out.Records, number(tlog.RecordHash(data)))
		size := n + 1
		head, err := tlog.TreeHash(size, reader)
		must(err)
		heads[size] = head
		out.Heads = append(out.Heads, number(head))
		for i := int64(0); i < size; i++ {
			p, err := tlog.ProveRecord(size, i, reader)
			must(err)
			must(tlog.CheckRecord(p, size, head, i, tlog.RecordHash([]byte(fmt.Sprintf("record %d", i)))))
			out.Inclusion = append(out.Inclusion, proof{i, size, numbers(p)})
		}
		for old := int64(1); old <= size; old++ {
			p, err := tlog.ProveTree(size, old, reader)
			must(err)
			must(tlog.CheckTree(p, size, head, old, heads[old]))
			out.Consistency = append(out.Consistency, proof{old, size, numbers(p)})
		}
	}
}

// witness signs as C2SP cosignature/v1 says; sumdb knows the note around it, not this kind of key.
type witness struct {
	name   string
	key    ed25519.PrivateKey
	seenAt uint64
}

func (w witness) public() []byte {
	return append([]byte{cosignature}, w.key.Public().(ed25519.PublicKey)...)
}
func (w witness) Name() string { return w.name }
func (w witness) KeyHash() uint32 {
	sum := sha256.Sum256(append([]byte(w.name+"\n"), w.public()...))
	return binary.BigEndian.Uint32(sum[:4])
}
func (w witness) message(msg []byte) []byte {
	return []byte(fmt.Sprintf("cosignature/v1\ntime %d\n%s", w.seenAt, msg))
}
func (w witness) Sign(msg []byte) ([]byte, error) {
	signed := make([]byte, 8)
	binary.BigEndian.PutUint64(signed, w.seenAt)
	return append(signed, ed25519.Sign(w.key, w.message(msg))...), nil
}
func (w witness) Verify(msg, sig []byte) bool {
	return len(sig) == 72 && binary.BigEndian.Uint64(sig) == w.seenAt &&
		ed25519.Verify(w.key.Public().(ed25519.PublicKey), w.message(msg), sig[8:])
}
func (w witness) text(prefix string, data []byte) string {
	return fmt.Sprintf("%s%s+%08x+%s", prefix, w.name, w.KeyHash(), base64.StdEncoding.EncodeToString(data))
}

func seed(of string) []byte {
	sum := sha256.Sum256([]byte(of))
	return sum[:]
}

func logKeys(name, of string) (string, string) {
	skey, vkey, err := note.GenerateKey(bytes.NewReader(seed(of)), name)
	must(err)
	return skey, vkey
}

func notes() {
	origin := "double-random-draw/310106"
	first, firstKey := logKeys(origin, "first key of the log")
	second, secondKey := logKeys(origin, "second key of the log")
	seen := witness{"witness.example", ed25519.NewKeyFromSeed(seed("a witness")), 1795334400}
	seenKey := seen.text("", seen.public())
	seenSigner := seen.text("PRIVATE+KEY+", append([]byte{cosignature}, seen.key.Seed()...))
	for _, size := range []int{1, 2, 3, 7, 8, 64, 70} {
		head, err := hex.DecodeString(out.Hashes[out.Heads[size-1]])
		must(err)
		text := fmt.Sprintf("%s\n%d\n%s\n", origin, size, base64.StdEncoding.EncodeToString(head))
		for _, keys := range [][2][]string{
			{{first}, {firstKey}}, {{first, second}, {firstKey, secondKey}},
			{{second, seenSigner}, {secondKey, seenKey}}, {{seenSigner}, {seenKey}},
		} {
			var signers []note.Signer
			var verifiers []note.Verifier
			times := []uint64{}
			for i, text := range keys[0] {
				if text == seenSigner {
					signers, verifiers, times = append(signers, seen), append(verifiers, seen), append(times, seen.seenAt)
					continue
				}
				signer, err := note.NewSigner(text)
				must(err)
				verifier, err := note.NewVerifier(keys[1][i])
				must(err)
				signers, verifiers, times = append(signers, signer), append(verifiers, verifier), append(times, 0)
			}
			made, err := note.Sign(&note.Note{Text: text}, signers...)
			must(err)
			opened, err := note.Open(made, note.VerifierList(verifiers...))
			must(err)
			if len(opened.Sigs) != len(signers) {
				must(fmt.Errorf("%d signatures of %d hold", len(opened.Sigs), len(signers)))
			}
			out.Notes = append(out.Notes, signedNote{text, keys[0], keys[1], times, string(made)})
		}
	}
}

func main() {
	trees()
	notes()
	data, err := json.Marshal(out)
	must(err)
	os.Stdout.Write(bytes.ReplaceAll(data, []byte("},{"), []byte("},\n{")))
	os.Stdout.WriteString("\n")
}
