// SPDX-License-Identifier: MIT

// busy makes a real trace of about a given size for benchmarks: requests over loopback TCP, each on a goroutine of its own that
// asks a cache behind locks, passes through a pipeline of channels, writes a file and makes garbage; hundreds of sessions asleep.
//
//	busy MEGABYTES > trace.out
//
// MEGABYTES may have a fraction; the size is met within a few per cent from about 5 on.
package main

import (
	"context"
	"encoding/binary"
	"io"
	"log"
	"math/rand/v2"
	"net"
	"os"
	"runtime"
	"runtime/trace"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

const (
	clients  = 16
	sessions = 400
	shards   = 4
	stages   = 3
)

// counter passes bytes on and knows how many they were.
type counter struct {
	to      io.Writer
	written atomic.Int64
}

func (c *counter) Write(p []byte) (int, error) {
	n, err := c.to.Write(p)
	c.written.Add(int64(n))
	return n, err
}

// ---- cache: few locks, so that some wait

type entry struct {
	older *entry
	key   uint32
	data  []byte
}

type shard struct {
	mu     sync.RWMutex
	newest map[uint32]*entry
}

type cache [shards]shard

func (c *cache) get(ctx context.Context, key uint32) *entry {
	defer trace.StartRegion(ctx, "cache get").End()
	s := &c[key%shards]
	s.mu.RLock()
	found := s.newest[key]
	s.mu.RUnlock()
	if found == nil || key%3 == 0 {
		found = c.fill(ctx, s, key, found)
	}
	return found
}

func (c *cache) fill(ctx context.Context, s *shard, key uint32, old *entry) *entry {
	defer trace.StartRegion(ctx, "cache fill").End()
	e := &entry{older: old, key: key, data: make([]byte, 256+key%4096)}
	if old != nil {
		old.older = nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.newest == nil || len(s.newest) > 20000 {
		s.newest = map[uint32]*entry{}
	}
	s.newest[key] = e
	return e
}

// ---- pipeline: stages joined by channels

type job struct {
	sum  uint32
	done chan uint32
}

func stage(in <-chan job, out chan<- job) {
	for j := range in {
		for i := range uint32(200) {
			j.sum = j.sum*16777619 ^ i
		}
		out <- j
	}
}

func finish(in <-chan job) {
	for j := range in {
		j.done <- j.sum
	}
}

func newPipeline() chan<- job {
	first := make(chan job)
	in := first
	for range stages {
		out := make(chan job, 4)
		go stage(in, out)
		go stage(in, out)
		in = out
	}
	go finish(in)
	return first
}

// ---- server: one goroutine a connection, one a request

type server struct {
	cache    cache
	pipeline chan<- job
	null     *os.File
}

func (s *server) accept(l net.Listener) {
	for {
		c, err := l.Accept()
		if err != nil {
			return
		}
		go s.talk(c)
	}
}

func (s *server) talk(c net.Conn) {
	defer c.Close()
	var question [4]byte
	for {
		if _, err := io.ReadFull(c, question[:]); err != nil {
			return
		}
		answer := make(chan uint32)
		go s.answer(binary.LittleEndian.Uint32(question[:]), answer)
		var text [4]byte
		binary.LittleEndian.PutUint32(text[:], <-answer)
		if _, err := c.Write(text[:]); err != nil {
			return
		}
	}
}

func (s *server) answer(key uint32, answer chan<- uint32) {
	ctx, task := trace.NewTask(context.Background(), "request")
	defer task.End()
	e := s.cache.get(ctx, key)
	j := job{sum: e.key, done: make(chan uint32, 1)}
	s.pipeline <- j
	sum := <-j.done
	if key%4 == 0 {
		s.null.Write(e.data)
	}
	if key%64 == 0 {
		trace.Log(ctx, "key", strconv.Itoa(int(key%512)))
	}
	answer <- sum
}

// ---- the others

func client(address string, stop <-chan bool, gone *sync.WaitGroup) {
	defer gone.Done()
	c, err := net.Dial("tcp", address)
	check(err)
	defer c.Close()
	var message [4]byte
	for {
		select {
		case <-stop:
			return
		default:
		}
		binary.LittleEndian.PutUint32(message[:], rand.Uint32N(50000))
		_, err := c.Write(message[:])
		check(err)
		_, err = io.ReadFull(c, message[:])
		check(err)
	}
}

// session is what most goroutines of a server are: asleep, with a timer.
func session(stop <-chan bool) {
	for {
		select {
		case <-stop:
			return
		case <-time.After(time.Duration(20+rand.IntN(400)) * time.Millisecond):
		}
	}
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

func main() {
	if len(os.Args) != 2 {
		log.Fatal("usage: busy MEGABYTES > trace.out")
	}
	megabytes, err := strconv.ParseFloat(os.Args[1], 64)
	check(err)
	runtime.GOMAXPROCS(max(4, runtime.NumCPU()))
	null, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	check(err)
	s := &server{pipeline: newPipeline(), null: null}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	check(err)
	go s.accept(l)
	out := &counter{to: os.Stdout}
	check(trace.Start(out))
	stop := make(chan bool)
	var gone sync.WaitGroup
	for range sessions {
		go session(stop)
	}
	for range clients {
		gone.Add(1)
		go client(l.Addr().String(), stop, &gone)
	}
	for float64(out.written.Load()) < megabytes*1e6 {
		time.Sleep(5 * time.Millisecond)
	}
	close(stop)
	gone.Wait()
	trace.Stop()
}
