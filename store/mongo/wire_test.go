package mongo

import (
	"encoding/binary"
	"io"
	"net"
	"strings"
	"sync"
	"testing"

	"go.mongodb.org/mongo-driver/v2/bson"
)

// Numbers of MongoDB's wire protocol.
const (
	opReply, opQuery, opMsg = 1, 2004, 2013
	header                  = 16
)

// message reads one message of the protocol, with its header.
func message(r io.Reader) ([]byte, error) {
	m := make([]byte, header)
	if _, err := io.ReadFull(r, m); err != nil {
		return nil, err
	}
	m = append(m, make([]byte, int(binary.LittleEndian.Uint32(m))-header)...)
	_, err := io.ReadFull(r, m[header:])
	return m, err
}

// command is the name of a message's command, empty if it has none.
func command(m []byte) string {
	first, err := body(m).IndexErr(0)
	if err != nil {
		return ""
	}
	return first.Key()
}

// body is the command of a message, without the documents that stand behind it.
func body(m []byte) bson.Raw {
	var body bson.Raw
	switch binary.LittleEndian.Uint32(m[12:]) {
	case opMsg:
		body = m[header+4+1:]
	case opQuery:
		_, after, _ := strings.Cut(string(m[header+4:]), "\x00")
		body = []byte(after[8:])
	}
	if len(body) < 4 {
		return nil
	}
	return body[:binary.LittleEndian.Uint32(body)]
}

// answer is a reply to a message.
func answer(to []byte, doc bson.M) []byte {
	body, err := bson.Marshal(doc)
	if err != nil {
		panic(err)
	}
	fields := []byte{0, 0, 0, 0, 0} // OP_MSG: flags, kind of section
	code := uint32(opMsg)
	if binary.LittleEndian.Uint32(to[12:]) == opQuery {
		code, fields = opReply, make([]byte, 20) // flags, cursor, first, number
		fields[16] = 1
	}
	m := make([]byte, header)
	binary.LittleEndian.PutUint32(m, uint32(header+len(fields)+len(body)))
	copy(m[8:12], to[4:8])
	binary.LittleEndian.PutUint32(m[12:], code)
	return append(append(m, fields...), body...)
}

// listening serves connections until the test is over, and returns where.
func listening(t *testing.T, serve func(net.Conn)) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	all.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			all.Go(func() {
				defer func() { _ = conn.Close() }()
				serve(conn)
			})
		}
	})
	t.Cleanup(func() {
		_ = l.Close()
		all.Wait()
	})
	return l.Addr().String()
}

// fake is a server that answers by the name of the command.
func fake(t *testing.T, answers map[string]bson.M) string {
	return listening(t, func(conn net.Conn) {
		for {
			m, err := message(conn)
			if err != nil {
				return
			}
			doc, ok := answers[command(m)]
			if !ok {
				doc = bson.M{"ok": 0, "code": 59, "errmsg": "no such command " + command(m)}
			}
			if _, err := conn.Write(answer(m, doc)); err != nil {
				return
			}
		}
	})
}

// proxy stands before a server and cuts connections.
type proxy struct {
	address string // as that of a server
	mu      sync.Mutex
	conns   map[net.Conn]bool
	away    bool
	// name is the command that is cut the next so many times: before the server
	// gets it, or before the client gets its answer.
	name  string
	times int
	after bool
	seen  []func(m []byte) // get every message that clients send
}

func newProxy(t *testing.T, to string, seen ...func(m []byte)) *proxy {
	p := &proxy{conns: map[net.Conn]bool{}, seen: seen}
	p.address = "mongodb://" + listening(t, func(client net.Conn) { p.serve(client, to) }) + "/?directConnection=true&w=1&journal=false&serverSelectionTimeoutMS=500"
	t.Cleanup(func() { p.setAway(true) })
	return p
}

// cut has the next messages of a command cut.
func (p *proxy) cut(name string, times int, after bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.name, p.times, p.after = name, times, after
}

// left is how many cuts have not happened yet.
func (p *proxy) left() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.times
}

// setAway cuts all connections, and new ones at once, until it is undone.
func (p *proxy) setAway(away bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.away = away
	for conn := range p.conns {
		if away {
			_ = conn.Close()
		}
	}
}

func (p *proxy) takes(m []byte) (cut, after bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.times == 0 || command(m) != p.name {
		return false, false
	}
	p.times--
	return true, p.after
}

func (p *proxy) serve(client net.Conn, to string) {
	server, err := net.Dial("tcp", to)
	if err != nil {
		return
	}
	defer func() { _ = server.Close() }()
	p.mu.Lock()
	p.conns[client] = true
	away := p.away
	p.mu.Unlock()
	if away {
		return
	}
	var swallow sync.Mutex
	swallows := false
	var replies sync.WaitGroup
	defer replies.Wait()
	replies.Go(func() {
		defer func() { _ = client.Close() }()
		for {
			m, err := message(server)
			swallow.Lock()
			gone := swallows
			swallow.Unlock()
			if err != nil || gone {
				return
			}
			if _, err := client.Write(m); err != nil {
				return
			}
		}
	})
	defer func() { _ = server.Close() }() // ends the replies
	for {
		m, err := message(client)
		if err != nil {
			return
		}
		for _, seen := range p.seen {
			seen(m)
		}
		cut, after := p.takes(m)
		if cut && !after {
			return
		}
		if cut {
			swallow.Lock()
			swallows = true
			swallow.Unlock()
		}
		if _, err := server.Write(m); err != nil {
			return
		}
	}
}
