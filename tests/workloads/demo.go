// SPDX-License-Identifier: MIT

// demo is a shop that has a bad second, and writes a trace of it. Customers order over HTTP; an order reserves stock, is paid
// and packed. Meanwhile: restocking holds the stock's lock too long, a new catalog makes garbage faster than the collector
// marks and orders have to assist, a newsletter starts forty goroutines at once, and, worst of all, the ledger is copied in
// one piece just when the monitor stops the world to count memory.
//
// Its trace is tests/traces/demo.trace, made with Go 1.26 by
//
//	go build -trimpath -o demo tests/workloads/demo.go
//	GODEBUG=traceadvanceperiod=300000000 ./demo > tests/traces/demo.trace
//
// (-trimpath keeps the paths of the machine out of the stacks; the period makes generations of 0.3 s).
package main

import (
	"context"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"iter"
	"log"
	"net"
	"net/http"
	"os"
	"runtime"
	"runtime/pprof"
	"runtime/trace"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

const (
	opening   = 1200 * time.Millisecond
	customers = 6
	think     = 16 * time.Millisecond
	goods     = 40
)

var errSoldOut = errors.New("sold out")

// ---- stock: one lock, held too long by whoever restocks

type inventory struct {
	mu    sync.Mutex
	stock [goods]int
}

func (inv *inventory) reserve(ctx context.Context, good int) error {
	defer trace.StartRegion(ctx, "reserve").End()
	inv.mu.Lock()
	defer inv.mu.Unlock()
	burn(15)
	if inv.stock[good] == 0 {
		trace.Logf(ctx, "stock", "good %d is sold out", good)
		return errSoldOut
	}
	inv.stock[good]--
	return nil
}

func (inv *inventory) restock(closed <-chan bool) {
	lorry := time.NewTicker(90 * time.Millisecond)
	defer lorry.Stop()
	for {
		select {
		case <-lorry.C:
			inv.unload()
		case <-closed:
			return
		}
	}
}

func (inv *inventory) unload() {
	inv.mu.Lock()
	defer inv.mu.Unlock()
	for good := range inv.stock {
		inv.stock[good] += 2
		burn(80)
	}
}

// ---- bank: one clerk, a channel of charges; who waits too long gives up

type charge struct {
	ctx  context.Context
	cent int
	paid chan uint32
}

type bank struct {
	queue chan charge
}

func (b *bank) clerk() {
	for c := range b.queue {
		c.paid <- b.sign(c)
	}
}

func (b *bank) sign(c charge) uint32 {
	defer trace.StartRegion(c.ctx, "sign").End()
	sum := burn(60 + c.cent%7*20)
	if c.cent%29 == 0 {
		trace.Log(c.ctx, "payment", "card needs a second look")
		time.Sleep(4 * time.Millisecond)
	}
	return sum
}

func (b *bank) pay(ctx context.Context, cent int) error {
	defer trace.StartRegion(ctx, "pay").End()
	c := charge{ctx, cent, make(chan uint32, 1)}
	b.queue <- c
	patience := time.NewTimer(6 * time.Millisecond)
	defer patience.Stop()
	select {
	case <-c.paid:
		return nil
	case <-patience.C:
		trace.Logf(ctx, "payment", "no answer for %d cent", cent)
		return context.DeadlineExceeded
	}
}

// ---- warehouse: packers wait on a condition for parcels; the way along the shelves is a coroutine

type parcel struct {
	ctx  context.Context
	good int
	done chan bool
}

type warehouse struct {
	mu      sync.Mutex
	arrived sync.Cond
	parcels []parcel
	closed  bool
}

func (w *warehouse) pack(ctx context.Context, good int) {
	defer trace.StartRegion(ctx, "pack").End()
	p := parcel{ctx, good, make(chan bool)}
	w.mu.Lock()
	w.parcels = append(w.parcels, p)
	w.mu.Unlock()
	w.arrived.Signal()
	<-p.done
}

func (w *warehouse) next() (parcel, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for len(w.parcels) == 0 && !w.closed {
		w.arrived.Wait()
	}
	if len(w.parcels) == 0 {
		return parcel{}, false
	}
	p := w.parcels[0]
	w.parcels = w.parcels[1:]
	return p, true
}

func (w *warehouse) packer() {
	for {
		p, open := w.next()
		if !open {
			return
		}
		w.fetch(p)
		p.done <- true
	}
}

func (w *warehouse) fetch(p parcel) {
	step, stop := iter.Pull(shelves(p.good % 4))
	defer stop()
	for {
		shelf, more := step()
		if !more {
			return
		}
		burn(5 + shelf)
	}
}

func shelves(count int) iter.Seq[int] {
	return func(yield func(int) bool) {
		for shelf := range count {
			if !yield(shelf) {
				return
			}
		}
	}
}

// ---- shop: an order is a task, its steps are regions

type shop struct {
	orders    atomic.Int64
	inventory *inventory
	bank      *bank
	warehouse *warehouse
	audit     *auditor
}

func (s *shop) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	good, _ := strconv.Atoi(r.URL.Query().Get("good"))
	if err := s.placeOrder(r.Context(), good); err != nil {
		http.Error(w, err.Error(), http.StatusConflict)
		return
	}
	fmt.Fprintf(w, "good %d is on its way\n", good)
}

func (s *shop) placeOrder(ctx context.Context, good int) error {
	ctx, task := trace.NewTask(ctx, "order")
	defer task.End()
	number := s.orders.Add(1)
	trace.Logf(ctx, "order", "number %d, good %d", number, good)
	if err := s.inventory.reserve(ctx, good); err != nil {
		return err
	}
	if err := s.bank.pay(ctx, 199+int(number)*13); err != nil {
		return err
	}
	s.warehouse.pack(ctx, good)
	if number%8 == 0 {
		go s.audit.record(ctx, number)
	}
	return nil
}

// ---- auditor: a book behind a pipe whose read is a system call that lasts

type auditor struct {
	in, out int
}

func newAuditor() *auditor {
	var ends [2]int
	check(syscall.Pipe(ends[:]))
	return &auditor{ends[0], ends[1]}
}

func (a *auditor) record(ctx context.Context, number int64) {
	ctx, task := trace.NewTask(ctx, "audit")
	defer task.End()
	trace.Log(ctx, "audit", "order "+strconv.FormatInt(number, 10))
	syscall.Write(a.out, []byte{byte(number)})
}

func (a *auditor) read() {
	page := make([]byte, 16)
	for {
		if n, err := syscall.Read(a.in, page); n <= 0 || err != nil {
			return
		}
	}
}

// ---- catalog: many small things with pointers, the work of a collector

type page struct {
	next  *page
	links [3]*page
	title string
}

type catalog struct {
	front atomic.Pointer[page]
}

func (c *catalog) rebuild(ctx context.Context, pages int) {
	ctx, task := trace.NewTask(ctx, "rebuild catalog")
	defer task.End()
	var done sync.WaitGroup
	for range 3 {
		done.Add(1)
		go c.write(ctx, pages/3, &done)
	}
	done.Wait()
	trace.Logf(ctx, "catalog", "%d pages", pages)
}

func (c *catalog) write(ctx context.Context, pages int, done *sync.WaitGroup) {
	defer done.Done()
	defer trace.StartRegion(ctx, "write pages").End()
	var first *page
	for i := range pages {
		first = &page{next: first, links: [3]*page{first}}
		if i%256 == 0 {
			first.title = "page " + strconv.Itoa(i)
		}
	}
	c.front.Store(first)
}

// ---- newsletter: forty goroutines at once

func sendNewsletter(ctx context.Context) {
	ctx, task := trace.NewTask(ctx, "newsletter")
	defer task.End()
	var sent sync.WaitGroup
	for range 40 {
		sent.Add(1)
		go mailCustomer(ctx, &sent)
	}
	sent.Wait()
}

func mailCustomer(ctx context.Context, sent *sync.WaitGroup) {
	defer sent.Done()
	defer trace.StartRegion(ctx, "mail").End()
	burn(120)
}

// ---- ledger and monitor: the worst moment

var ledger, ledgerCopy [24 << 20]byte

// snapshot is one long copy, and nothing can stop a goroutine inside it.
func snapshot(ctx context.Context, begun chan<- bool) {
	ctx, task := trace.NewTask(ctx, "ledger snapshot")
	defer task.End()
	defer trace.StartRegion(ctx, "copy ledger").End()
	begun <- true
	copy(ledgerCopy[:], ledger[:])
}

// watchMemory stops the world to count it, which takes as long as the last goroutine runs on.
func watchMemory(begun <-chan bool) {
	for range begun {
		var stats runtime.MemStats
		runtime.ReadMemStats(&stats)
		trace.Logf(context.Background(), "memory", "%d kB in use", stats.HeapAlloc>>10)
	}
}

// ---- the rest of the town

type customer struct {
	name int
	url  string
}

func (c *customer) visit(end time.Time, visits *sync.WaitGroup) {
	defer visits.Done()
	for n := c.name; time.Now().Before(end); n += customers {
		c.buy(n % goods)
		time.Sleep(think + time.Duration(n%5)*time.Millisecond)
	}
}

func (c *customer) buy(good int) {
	answer, err := http.Get(c.url + "/order?good=" + strconv.Itoa(good))
	check(err)
	io.Copy(io.Discard, answer.Body)
	answer.Body.Close()
}

// readPrices makes short system calls.
func readPrices(end time.Time) {
	for time.Now().Before(end) {
		f, err := os.Open("/proc/self/stat")
		check(err)
		io.Copy(io.Discard, f)
		f.Close()
		runtime.Gosched()
		time.Sleep(9 * time.Millisecond)
	}
}

// sumUp makes one goroutine busy without a pause, for the profiler to find.
func sumUp(ctx context.Context) {
	trace.WithRegion(ctx, "daily report", func() { burn(70000) })
}

var burnt atomic.Uint32

// burn computes for about that many microseconds.
func burn(microseconds int) uint32 {
	var data [512]byte
	sum := burnt.Load()
	for range microseconds * 36 {
		sum = crc32.Update(sum, crc32.IEEETable, data[:])
	}
	burnt.Store(sum)
	return sum
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

// run is the second the trace shows.
func run(url string, s *shop, c *catalog) {
	ctx, day := trace.NewTask(context.Background(), "day")
	defer day.End()
	start := time.Now()
	until := func(ms int) { time.Sleep(time.Until(start.Add(time.Duration(ms) * time.Millisecond))) }
	begun := make(chan bool)
	closed := make(chan bool)
	go watchMemory(begun)
	go s.inventory.restock(closed)
	go readPrices(start.Add(opening))
	var visits sync.WaitGroup
	for name := range customers {
		buyer := &customer{name, url}
		visits.Add(1)
		go buyer.visit(start.Add(opening), &visits)
	}
	until(120)
	c.rebuild(ctx, 120000)
	until(330)
	sendNewsletter(ctx)
	until(450)
	c.rebuild(ctx, 160000)
	until(620)
	go snapshot(ctx, begun)
	until(760)
	sumUp(ctx)
	until(950)
	c.rebuild(ctx, 90000)
	visits.Wait()
	close(begun)
	close(closed)
}

func main() {
	runtime.GOMAXPROCS(4)
	copy(ledgerCopy[:], ledger[:]) // so that the pages are there
	s := &shop{inventory: &inventory{}, bank: &bank{make(chan charge)}, warehouse: &warehouse{}, audit: newAuditor()}
	s.warehouse.arrived.L = &s.warehouse.mu
	s.inventory.unload()
	go s.bank.clerk()
	go s.warehouse.packer()
	go s.warehouse.packer()
	go s.audit.read()
	door, err := net.Listen("tcp", "127.0.0.1:0")
	check(err)
	go http.Serve(door, s)
	check(pprof.StartCPUProfile(io.Discard))
	check(trace.Start(os.Stdout))
	run("http://"+door.Addr().String(), s, &catalog{})
	trace.Stop()
	pprof.StopCPUProfile()
}
