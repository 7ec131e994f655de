// SPDX-License-Identifier: MIT

// cases makes the small traces of the investigations that the screens tell: what hurts in each is known.
//
//	go build -trimpath -o cases tests/workloads/cases.go
//	for CASE in stall stop straggler assist queue convoy serial hello burst calls hog; do ./cases $CASE > tests/traces/case-$CASE.trace; done
//
// (-trimpath keeps the paths of the machine out of the stacks)
package main

import (
	"context"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"runtime/trace"
	"sync"
	"syscall"
	"time"
)

var cases = map[string]func(){
	"stall":     stall,
	"stop":      stop,
	"straggler": straggler,
	"assist":    assist,
	"queue":     queue,
	"convoy":    convoy,
	"serial":    serial,
	"hello":     hello,
	"burst":     burst,
	"calls":     calls,
	"hog":       hog,
}

func main() {
	if len(os.Args) != 2 || cases[os.Args[1]] == nil {
		fmt.Fprintln(os.Stderr, "usage: cases stall|stop|straggler|assist|queue|convoy|serial|hello|burst|calls|hog > TRACE")
		os.Exit(2)
	}
	runtime.GOMAXPROCS(4)
	prepare()
	if err := trace.Start(os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	cases[os.Args[1]]()
	trace.Stop()
}

// What takes long to make stands before the trace.
func prepare() {
	switch os.Args[1] {
	case "stop":
		crowd(4000)
	case "straggler", "hog":
		ledger, backup = make([]byte, 300<<20), make([]byte, 300<<20)
		for i := range ledger {
			ledger[i], backup[i] = 1, 2
		}
	case "assist", "queue":
		catalog = newCatalog(400000)
		runtime.GC()
	}
	debug.SetGCPercent(-1)
}

var sink int

// burn works for about so long.
func burn(d time.Duration) {
	for begin := time.Now(); time.Since(begin) < d; {
		for i := range 1000 {
			sink += i
		}
	}
}

// ---- a goroutine stalls a second in a select, while another one is at work on what it waits for

type store struct {
	asked   chan chan int
	compact <-chan time.Time
}

func (s *store) serve() {
	for {
		select {
		case answer := <-s.asked:
			answer <- 1
		case <-s.compact:
			s.compactAll()
		}
	}
}

func (s *store) compactAll() {
	burn(time.Second)
}

func (s *store) get() int {
	answer := make(chan int)
	select {
	case s.asked <- answer:
		return <-answer
	case <-time.After(10 * time.Second):
		return 0
	}
}

func session(s *store, until time.Time) {
	for time.Now().Before(until) {
		sink += s.get()
		time.Sleep(20 * time.Millisecond)
	}
}

func stall() {
	var sessions sync.WaitGroup
	s := &store{asked: make(chan chan int), compact: time.After(400 * time.Millisecond)}
	go s.serve()
	for range 3 {
		sessions.Go(func() { session(s, time.Now().Add(1800*time.Millisecond)) })
	}
	sessions.Wait()
}

// ---- nothing runs for long, as somebody asks for the stacks of all goroutines

var parked sync.WaitGroup

func wait(deep int, gate <-chan struct{}) {
	if deep > 0 {
		wait(deep-1, gate)
		return
	}
	parked.Done()
	<-gate
}

func crowd(n int) {
	gate := make(chan struct{})
	parked.Add(n)
	for range n {
		go wait(20, gate)
	}
	parked.Wait()
}

func dumpStacks() {
	sink += runtime.Stack(make([]byte, 64<<20), true)
}

func stop() {
	var workers sync.WaitGroup
	end := time.Now().Add(300 * time.Millisecond)
	for range 3 {
		workers.Go(func() {
			for time.Now().Before(end) {
				burn(2 * time.Millisecond)
				time.Sleep(time.Millisecond)
			}
		})
	}
	time.Sleep(100 * time.Millisecond)
	dumpStacks()
	workers.Wait()
}

// ---- the world waits for one that cannot be stopped: a copy in one piece

var ledger, backup []byte

// copyLedger can only be stopped behind its copy.
func copyLedger() {
	copy(backup, ledger)
	burn(2 * time.Millisecond)
}

func countMemory() {
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	sink += int(stats.HeapAlloc)
}

func straggler() {
	var workers sync.WaitGroup
	end := time.Now().Add(250 * time.Millisecond)
	for range 2 {
		workers.Go(func() {
			for time.Now().Before(end) {
				burn(time.Millisecond)
				time.Sleep(500 * time.Microsecond)
			}
		})
	}
	time.Sleep(80 * time.Millisecond)
	begun := make(chan bool)
	workers.Go(func() {
		close(begun)
		copyLedger()
	})
	<-begun
	time.Sleep(3 * time.Millisecond)
	countMemory()
	workers.Wait()
}

// ---- requests help the collector; and others wait for a P while it marks

type entry struct {
	next *entry
	name *string
	more [4]*entry
}

var catalog *entry

func newCatalog(n int) *entry {
	var first *entry
	for i := range n {
		name := fmt.Sprint(i)
		first = &entry{next: first, name: &name}
		if i > 100 {
			first.more = [4]*entry{first.next, first.next.next, first.next.next.next, first}
		}
	}
	return first
}

func answer(size int) {
	page := newCatalog(size)
	sink += len(*page.name)
}

func request(i int) {
	defer trace.StartRegion(context.Background(), "request").End()
	burn(200 * time.Microsecond)
	if i == 8 {
		answer(15000)
	} else {
		answer(50)
	}
}

func assist() {
	var clients sync.WaitGroup
	debug.SetGCPercent(8)
	for range 3 {
		clients.Go(func() {
			for i := range 16 {
				request(i)
				time.Sleep(2 * time.Millisecond)
			}
		})
	}
	clients.Wait()
}

func queue() {
	var clients sync.WaitGroup
	end := time.Now().Add(200 * time.Millisecond)
	for range 40 {
		clients.Go(func() {
			for time.Now().Before(end) {
				burn(150 * time.Microsecond)
				time.Sleep(3 * time.Millisecond)
			}
		})
	}
	time.Sleep(60 * time.Millisecond)
	runtime.GC()
	clients.Wait()
}

// ---- one lock for all, held across slow work

type account struct {
	mu      sync.Mutex
	balance int
}

func (a *account) audit() {
	burn(2 * time.Millisecond)
	a.balance++
}

func (a *account) pay() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.audit()
}

func convoy() {
	var payers sync.WaitGroup
	var a account
	for range 30 {
		payers.Go(func() {
			for range 4 {
				a.pay()
			}
		})
	}
	payers.Wait()
}

// ---- all work together, but for a part that one does alone

func merge(parts [][]int) {
	burn(40 * time.Millisecond)
	sink += len(parts)
}

func serial() {
	for range 2 {
		var workers sync.WaitGroup
		parts := make([][]int, 4)
		for range parts {
			workers.Go(func() { burn(20 * time.Millisecond) })
		}
		workers.Wait()
		merge(parts)
	}
}

// ---- the smallest one: main waits for a message

func hello() {
	said := make(chan string)
	go func() { said <- "hello, world" }()
	sink += len(<-said)
}

// ---- a goroutine for each of many small things, all at once

func scatter(n int, done *sync.WaitGroup) {
	for range n {
		done.Add(1)
		go func() {
			sink++
			done.Done()
		}()
	}
}

func burst() {
	var done sync.WaitGroup
	time.Sleep(20 * time.Millisecond)
	scatter(1200, &done)
	done.Wait()
}

// ---- syscalls that block for so long that their Ps go to others, who keep them

func readSlowly(fd int, n int) {
	buffer := make([]byte, 1)
	for range n {
		syscall.Read(fd, buffer)
	}
}

func calls() {
	var workers sync.WaitGroup
	var pipe [2]int
	if err := syscall.Pipe(pipe[:]); err != nil {
		panic(err)
	}
	end := time.Now().Add(120 * time.Millisecond)
	for range 6 {
		workers.Go(func() {
			for time.Now().Before(end) {
				burn(3 * time.Millisecond)
			}
		})
	}
	workers.Go(func() { readSlowly(pipe[0], 8) })
	go func() {
		for range 8 {
			time.Sleep(5 * time.Millisecond)
			syscall.Write(pipe[1], []byte{1})
		}
	}()
	workers.Wait()
}

// ---- one that nobody can stop, while others wait for a P

func hog() {
	var workers sync.WaitGroup
	end := time.Now().Add(150 * time.Millisecond)
	for range 5 {
		workers.Go(func() {
			for time.Now().Before(end) {
				burn(2 * time.Millisecond)
				runtime.Gosched()
			}
		})
	}
	workers.Go(copyLedger)
	workers.Wait()
}
