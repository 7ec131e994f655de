/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/trace/v1_convert.h"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/tap.h"

/* Order, conversion and tables of v1 traces, all at once: told as Go tells them (go tool trace
 * -d=parsed), they have the digests of ../shared/traces/NAME/expect/events.sha256. What Go's reader
 * does beyond them - no two times are equal, a frame of two Syncs - is done here. Texts are printed
 * as they stand, which is what Go does with those in these traces. sha256sum does the sums. */

static struct budget budget;

static void print_text(FILE *out, const struct tables *tables, uint64_t id)
{
	struct bytes text = tables_text(tables, id);

	fprintf(out, "%.*s", (int)text.len, text.len > 0 ? (const char *)text.data : "");
}

/* ---- stacks */

static struct stack_place place_of(const struct tables *tables, uint64_t id)
{
	uint32_t at = id == 0 ? ID_NONE : id_map_find(&tables->stack_of, id);

	return at == ID_NONE ? (struct stack_place){ 0, 0 } : tables->stacks.items[at];
}

static void print_stack(FILE *out, const struct tables *tables, const char *title, uint64_t id)
{
	struct stack_place place = place_of(tables, id);

	if (place.count == 0)
		return;
	fprintf(out, "\n%s=\n", title);
	for (uint32_t i = 0; i < place.count; i++) {
		const struct own_frame *frame = &tables->frames.items[place.first + i];

		fputc('\t', out);
		print_text(out, tables, frame->function);
		fprintf(out, " @ 0x%" PRIx64 "\n\t\t", frame->pc);
		print_text(out, tables, frame->file);
		fprintf(out, ":%" PRIu64 "\n", frame->line);
	}
}

static void print_stacks(FILE *out, const struct tables *tables, const struct v1_modern *m)
{
	int own = m->type == WIRE_CPU_SAMPLE ? 0 : wire_spec(m->type)->stack_arg;

	if (m->type == WIRE_GO_CREATE)
		print_stack(out, tables, "TransitionStack", m->arg[1]);
	if (m->type == WIRE_GO_BLOCK || m->type == WIRE_GO_STOP || m->type == WIRE_GO_SYSCALL_BEGIN)
		print_stack(out, tables, "TransitionStack", m->arg[1]);
	if (own >= 0)
		print_stack(out, tables, "Stack", m->arg[own]);
}

/* ---- kinds */

static void print_context(FILE *out, const struct v1_modern *m)
{
	static const int made_up[] = { 0, 1000001, 1000002, 1000003, 1000004 };
	bool has_thread = m->made_up == V1_REAL_P && m->p != -1;
	int64_t thread = has_thread ? m->thread : -1;

	if (m->is_plain && thread == -1)
		thread = 0;
	if (m->is_initial)
		fputs("M=-1 P=-1 G=-1 ", out);
	else
		fprintf(out, "M=%" PRId64 " P=%d G=%" PRId64 " ", thread,
		        m->made_up != V1_REAL_P ? made_up[m->made_up] : m->p,
		        m->g == 0 && !m->is_plain ? -1 : (int64_t)m->g);
}

static void print_go(FILE *out, const struct tables *tables, int64_t time, uint64_t g,
                     const char *change, uint64_t reason)
{
	fprintf(out, "StateTransition Time=%" PRId64 " GoID=%" PRIu64 " %s Reason=\"", time, g,
	        change);
	print_text(out, tables, reason);
	fputc('"', out);
}

static void print_proc(FILE *out, int64_t time, int32_t p, const char *change)
{
	fprintf(out, "StateTransition Time=%" PRId64 " ProcID=%d %s Reason=\"\"", time, p, change);
}

static void print_metric(FILE *out, int64_t time, const char *name, uint64_t value)
{
	fprintf(out, "Metric Time=%" PRId64 " Name=\"%s\" Value=Value{Uint64(%" PRIu64 ")}", time,
	        name, value);
}

static void print_range(FILE *out, int64_t time, bool begins, const char *name, const char *scope,
                        int64_t whose)
{
	fprintf(out, "Range%s Time=%" PRId64 " Name=\"%s\" Scope=%s", begins ? "Begin" : "End",
	        time, name, scope);
	if (strcmp(scope, "None") != 0)
		fprintf(out, "(%" PRId64 ")", whose);
}

static void print_stop(FILE *out, const struct tables *tables, int64_t time, bool begins,
                       const struct v1_modern *m)
{
	char name[128];
	struct bytes reason = tables_text(tables, m->arg[0]);

	snprintf(name, sizeof(name), "stop-the-world (%.*s)", (int)reason.len,
	         reason.len > 0 ? (const char *)reason.data : "");
	print_range(out, time, begins, name, "Goroutine", m->g == 0 ? -1 : (int64_t)m->g);
	fputs(begins ? "" : " Attributes=[]", out);
}

static void print_task(FILE *out, const struct tables *tables, int64_t time, const char *kind,
                       const uint64_t *parts)
{
	fprintf(out, "Task%s Time=%" PRId64 " ID=%" PRIu64 " Parent=%" PRIu64 " Type=\"", kind,
	        time, parts[0], parts[1]);
	print_text(out, tables, parts[2]);
	fputc('"', out);
}

static void print_named(FILE *out, const struct tables *tables, const char *what, uint64_t id)
{
	fprintf(out, " %s=\"", what);
	print_text(out, tables, id);
	fputc('"', out);
}

static void print_event(FILE *out, const struct tables *tables, const struct v1_modern *m,
                        int64_t t)
{
	static const char *const found[] = { "", "Undetermined->Runnable", "Undetermined->Running",
		                             "Undetermined->Syscall", "Undetermined->Waiting" };
	int64_t g = m->g == 0 ? -1 : (int64_t)m->g;

	print_context(out, m);
	switch (m->type) {
	case WIRE_PROCS_CHANGE:
		print_metric(out, t, "/sched/gomaxprocs:threads", m->arg[0]);
		break;
	case WIRE_HEAP_ALLOC:
		print_metric(out, t, "/memory/classes/heap/objects:bytes", m->arg[0]);
		break;
	case WIRE_HEAP_GOAL:
		print_metric(out, t, "/gc/heap/goal:bytes", m->arg[0]);
		break;
	case WIRE_PROC_STATUS:
		print_proc(out, t, m->p,
		           m->arg[1] == WIRE_PROC_RUNNING ? found[2] : "Undetermined->Idle");
		break;
	case WIRE_PROC_START:
		print_proc(out, t, m->p, "Idle->Running");
		break;
	case WIRE_PROC_STOP:
		print_proc(out, t, m->p, "Running->Idle");
		break;
	case WIRE_GO_STATUS:
		print_go(out, tables, t, m->arg[0], found[m->arg[2]], 0);
		break;
	case WIRE_GO_CREATE:
		print_go(out, tables, t, m->arg[0], "NotExist->Runnable", 0);
		break;
	case WIRE_GO_START:
		print_go(out, tables, t, m->arg[0], "Runnable->Running", 0);
		break;
	case WIRE_GO_DESTROY:
		print_go(out, tables, t, m->g, "Running->NotExist", 0);
		break;
	case WIRE_GO_BLOCK:
		print_go(out, tables, t, m->g, "Running->Waiting", m->arg[0]);
		break;
	case WIRE_GO_STOP:
		print_go(out, tables, t, m->g, "Running->Runnable", m->arg[0]);
		break;
	case WIRE_GO_UNBLOCK:
		print_go(out, tables, t, m->arg[0], "Waiting->Runnable", 0);
		break;
	case WIRE_GO_SYSCALL_BEGIN:
		print_go(out, tables, t, m->g, "Running->Syscall", 0);
		break;
	case WIRE_GO_SYSCALL_END:
		print_go(out, tables, t, m->g, "Syscall->Running", 0);
		break;
	case WIRE_GO_SYSCALL_END_BLOCKED:
		print_go(out, tables, t, m->g, "Syscall->Runnable", 0);
		break;
	case WIRE_GC_BEGIN:
	case WIRE_GC_END:
		print_range(out, t, m->type == WIRE_GC_BEGIN, "GC concurrent mark phase", "None",
		            0);
		fputs(m->type == WIRE_GC_BEGIN ? "" : " Attributes=[]", out);
		break;
	case WIRE_STW_BEGIN:
	case WIRE_STW_END:
		print_stop(out, tables, t, m->type == WIRE_STW_BEGIN, m);
		break;
	case WIRE_GC_SWEEP_BEGIN:
	case WIRE_GC_SWEEP_END:
		print_range(out, t, m->type == WIRE_GC_SWEEP_BEGIN, "GC incremental sweep", "Proc",
		            m->p);
		if (m->type == WIRE_GC_SWEEP_END)
			fprintf(out,
			        " Attributes=[\"bytes swept\"=Value{Uint64(%" PRIu64
			        ")} \"bytes reclaimed\"=Value{Uint64(%" PRIu64 ")}]",
			        m->arg[0], m->arg[1]);
		break;
	case WIRE_GC_MARK_ASSIST_BEGIN:
	case WIRE_GC_MARK_ASSIST_END:
		print_range(out, t, m->type == WIRE_GC_MARK_ASSIST_BEGIN, "GC mark assist",
		            "Goroutine", g);
		fputs(m->type == WIRE_GC_MARK_ASSIST_BEGIN ? "" : " Attributes=[]", out);
		break;
	case WIRE_GO_LABEL:
		fprintf(out, "Label Time=%" PRId64, t);
		print_named(out, tables, "Label", m->arg[0]);
		fprintf(out, " Resource=Goroutine(%" PRId64 ")", g);
		break;
	case WIRE_USER_TASK_BEGIN:
		print_task(out, tables, t, "Begin", m->arg);
		break;
	case WIRE_USER_TASK_END:
		print_task(out, tables, t, "End", (uint64_t[]){ m->arg[0], m->parent, m->name });
		break;
	case WIRE_USER_REGION_BEGIN:
	case WIRE_USER_REGION_END:
		fprintf(out, "Region%s Time=%" PRId64 " Task=%" PRIu64,
		        m->type == WIRE_USER_REGION_BEGIN ? "Begin" : "End", t, m->arg[0]);
		print_named(out, tables, "Type", m->arg[1]);
		break;
	case WIRE_USER_LOG:
		fprintf(out, "Log Time=%" PRId64 " Task=%" PRIu64, t, m->arg[0]);
		print_named(out, tables, "Category", m->arg[1]);
		print_named(out, tables, "Message", m->arg[2]);
		break;
	case WIRE_CPU_SAMPLE:
		fprintf(out, "StackSample Time=%" PRId64, t);
		break;
	default:
		fprintf(out, "an event of type %u", m->type);
	}
	print_stacks(out, tables, m);
	fputc('\n', out);
}

static void print_all(FILE *out, struct v1_convert *convert, const struct tables *tables)
{
	struct v1_modern modern;
	int64_t last = -1;

	fputs("M=-1 P=-1 G=-1 Sync Time=-1 N=1\n", out);
	while (v1_convert_next(convert, &modern)) {
		if (modern.type == V1_PROC_LOST)
			continue;
		last = modern.time_ns > last ? modern.time_ns : last + 1;
		print_event(out, tables, &modern, last);
	}
	fprintf(out, "M=-1 P=-1 G=-1 Sync Time=%" PRId64 " N=2\n", last + 1);
}

/* ---- the comparison */

static bool print_trace(const char *path, unsigned minor, FILE *out)
{
	struct stat status;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct source source;
	struct v1_file file;
	struct v1_order order;
	struct v1_convert convert;

	if (fd < 0 || fstat(fd, &status) != 0)
		return false;
	source_open_file(&source, &budget, fd, (uint64_t)status.st_size);
	v1_file_init(&file, &budget, &source, minor);
	while (v1_file_step(&file, 1 << 16))
		;
	v1_order_init(&order, &budget, &file);
	while (v1_order_step(&order, 1 << 16))
		;
	v1_convert_init(&convert, &budget, &file, &order);
	print_all(out, &convert, &file.tables);
	v1_convert_free(&convert);
	v1_order_free(&order);
	v1_file_free(&file);
	source_close(&source);
	return true;
}

static bool read_line(const char *path, bool is_command, char *line, int size)
{
	FILE *file = is_command ? popen(path, "r") : fopen(path, "r");
	bool good = file != NULL && fgets(line, size, file) != NULL;

	if (file != NULL && is_command)
		pclose(file);
	else if (file != NULL)
		fclose(file);
	return good;
}

static void compare(const char *directory, const char *trace, unsigned minor)
{
	char path[PATH_MAX], command[64], want[128] = "", got[128] = "";
	char text[] = "gander-events-XXXXXX";
	int fd = mkstemp(text);
	FILE *out = fd < 0 ? NULL : fdopen(fd, "w");

	snprintf(path, sizeof(path), "%s/%s/trace.out", directory, trace);
	if (out == NULL || !print_trace(path, minor, out) || fclose(out) != 0) {
		ok(false, "%s is printed", trace);
		return;
	}
	snprintf(command, sizeof(command), "sha256sum <%s", text);
	snprintf(path, sizeof(path), "%s/%s/expect/events.sha256", directory, trace);
	ok(read_line(path, false, want, sizeof(want)) &&
	           read_line(command, true, got, sizeof(got)) && strncmp(want, got, 64) == 0,
	   "%s: the text of its events", trace);
	unlink(text);
}

static unsigned minor_of(const char *directory, const char *trace)
{
	char path[PATH_MAX];
	unsigned minor = 0;
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s/trace.out", directory, trace);
	file = fopen(path, "rb");
	if (file == NULL)
		return 0;
	if (fscanf(file, "go 1.%u trace", &minor) != 1)
		minor = 0;
	fclose(file);
	return minor;
}

int main(void)
{
	const char *shared = getenv("GANDER_SHARED"), *source = getenv("srcdir");
	struct dirent **entries = NULL;
	char directory[PATH_MAX - 512];
	int count;

	if (shared != NULL)
		snprintf(directory, sizeof(directory), "%s/traces", shared);
	else
		snprintf(directory, sizeof(directory), "%s/../shared/traces",
		         source != NULL ? source : ".");
	count = scandir(directory, &entries, NULL, alphasort);
	for (int i = 0; i < count; i++) {
		unsigned minor = minor_of(directory, entries[i]->d_name);

		if (minor >= 11 && minor < 22)
			compare(directory, entries[i]->d_name, minor);
		free(entries[i]);
	}
	free(entries);
	if (tap_count == 0)
		skip("events of v1", "no shared traces: GANDER_SHARED names their directory");
	ok(atomic_load(&budget.used) == 0, "all memory comes back");
	return tap_done();
}
