/* An event handler: posts the events of one type, in order, each at least once.
 *
 *     handler TYPE URL < events.jsonl
 *
 * stdin:// is a file of events, a JSON object a line. Those of the type TYPE are posted to URL, a
 * request each. handler.journal says up to which byte of the input all is done; it is replaced as a
 * whole, and on the disk, before the next event is looked at. So whenever the handler dies, the
 * next one goes on there, and the event that was on its way is posted again: its Idempotency-Key
 * tells the server.
 *
 * What is no event, or is refused by the server (4xx), becomes the file dead/POSITION, and the
 * handler goes on. If the server can't be reached or says to try again, it waits, tries again, and
 * in the end gives up with status 1: nothing is lost, and run again it goes on. */
#include "post.h"

#ifndef SYNC /* -DSYNC='""': the host may not fail, only the handler */
#define SYNC "&sync=1"
#endif
#define JOURNAL "file:///handler.journal"
#define DEAD    "file:///dead"
#define WHOLE   "?mode=w&atomic=1" SYNC

enum { LINE = 65536, ATTEMPTS = 6, FIRST_WAIT_MS = 100 };

static unsigned long long posted, buried, others; /* lines */

/* ---- The input ------------------------------------------------------------------------------ */

/* Lines are looked at where they were read to: room[from..to) is what is not done yet. */
static struct {
    int sd;
    unsigned from, to;
    unsigned long long position; /* of room[from] in the input */
    char room[LINE];
} input;

/* Reads more. Returns the bytes, 0 at the end of the input or in a full room, or an error. */
static int more_input(void)
{
    __builtin_memmove(input.room, input.room + input.from, input.to - input.from);
    input.to -= input.from;
    input.from = 0;
    int n = dagger_read(input.sd, input.room + input.to, LINE - input.to);
    if (n > 0)
        input.to += (unsigned)n;
    return n;
}

/* The bytes up to and with the next newline in the room, 0 if there is none. */
static unsigned line_in_room(void)
{
    for (unsigned i = input.from; i < input.to; i++)
        if (input.room[i] == '\n')
            return i + 1 - input.from;
    return 0;
}

static void done(unsigned len)
{
    input.from += len;
    input.position += len;
}

/* The length of the next line, with its newline; 0 at the end of the input and if the line is
 * longer than the room; or an error. */
static int next_line(void)
{
    unsigned len;
    while ((len = line_in_room()) == 0) {
        int n = more_input();
        if (n <= 0)
            return n;
    }
    return (int)len;
}

/* ---- The journal ---------------------------------------------------------------------------- */

/* All before input.position is done. Returns 0 or the status to end with. */
static int journal_write(void)
{
    int sd = dagger_open_url(JOURNAL WHOLE);
    if (sd < 0)
        return dagger_fail("handler.journal", sd);
    int error = dagger_put_int(sd, (long long)input.position);
    if (error == 0)
        error = dagger_puts(sd, "\n");
    int closed = dagger_close(sd);
    if (error < 0 || closed < 0)
        return dagger_fail("handler.journal", error < 0 ? error : closed);
    return 0;
}

/* Says what is wrong, for `return complain(...)`. */
static int complain(const char *what)
{
    int sd = dagger_open_url("stderr://");
    dagger_puts(sd, what);
    dagger_puts(sd, "\n");
    dagger_close(sd);
    return 1;
}

/* The position in the journal, 0 if there is none; or an error, BADINPUT if it is not a journal. */
static long long journal_read(void)
{
    char line[20]; /* a number of 18 digits fits a long long */
    int sd = dagger_open_url(JOURNAL);
    if (sd < 0)
        return sd == DAGGER_NOENT ? 0 : sd;
    int len = dagger_read_all(sd, line, sizeof line);
    dagger_close(sd);
    if (len < 0)
        return len;
    if (len < 2 || len == sizeof line || line[len - 1] != '\n')
        return DAGGER_BADINPUT;
    long long position = 0;
    for (int i = 0; i < len - 1; i++) {
        if (line[i] < '0' || line[i] > '9')
            return DAGGER_BADINPUT;
        position = position * 10 + (line[i] - '0');
    }
    return position;
}

/* Goes to where the journal says that the handler was. Returns 0 or the status to end with. */
static int resume(void)
{
    long long until = journal_read();
    if (until == DAGGER_BADINPUT)
        return complain(
            "handler.journal: expected a number and a newline; remove it to begin anew");
    if (until < 0)
        return dagger_fail("handler.journal", (int)until);
    char last = '\n';
    while (input.position < (unsigned long long)until) {
        unsigned long long left = (unsigned long long)until - input.position;
        int n = input.to > input.from ? 1 : more_input();
        if (n < 0)
            return dagger_fail("stdin", n);
        if (n == 0)
            return complain(
                "stdin: shorter than handler.journal says: not the input it was kept for");
        unsigned have = input.to - input.from;
        done(have < left ? have : (unsigned)left);
        last = input.room[input.from - 1];
    }
    if (last != '\n')
        return complain("stdin: no line where handler.journal says: not the input it was kept for");
    return 0;
}

/* ---- Dead letters --------------------------------------------------------------------------- */

/* The input may be a file that grows: what has no newline yet is for the next run. */
static int unfinished(void)
{
    return complain("stdin: the last line has no newline; it is left for the next run");
}

/* Makes the next line, however long, a file of its own, and says why. Its name is the line's
 * position, so that burying it again after a crash changes nothing. Returns 0 or the status to end
 * with: then it is not closed, and the file does not appear. */
static int bury(const struct text *why)
{
    struct text file = {0}, note = {0};
    put(&file, DEAD "/");
    put_number(&file, input.position, 12);
    put(&note, "dead/");
    put_number(&note, input.position, 12);
    put(&note, ": ");
    put_bytes(&note, why->bytes, why->len);
    put(&file, WHOLE);
    int sd = dagger_open(file.bytes, file.len);
    if (sd < 0)
        return dagger_fail("dead", sd);
    for (unsigned len = 0; len == 0;) {
        len = line_in_room();
        unsigned some = len > 0 ? len : input.to - input.from;
        int n = dagger_write_all(sd, input.room + input.from, some);
        if (n < 0)
            return dagger_fail("dead", n);
        done(some);
        if (len == 0 && (n = more_input()) <= 0)
            return n < 0 ? dagger_fail("stdin", n) : unfinished();
    }
    int error = dagger_close(sd);
    if (error < 0)
        return dagger_fail("dead", error);
    say(&note);
    buried++;
    return journal_write();
}

/* ---- Posting -------------------------------------------------------------------------------- */

static struct text url, type;

/* Returns 0 or the error. */
static int wait_ms(unsigned ms)
{
    struct text clock = {0};
    char time[8];
    put(&clock, "clock://monotonic?after=");
    put_number(&clock, ms * 1000000ull, 1);
    int sd = dagger_open(clock.bytes, clock.len);
    int n = sd < 0 ? sd : dagger_read_all(sd, time, sizeof time);
    dagger_close(sd);
    return n < 0 ? n : 0;
}

/* Posts the line, and again while there is hope. *result is what came of it last. */
static enum outcome deliver(struct json_part id, unsigned len, int *result)
{
    for (unsigned attempt = 0;; attempt++) {
        enum outcome outcome = post(&url, id, input.room + input.from, len - 1, result);
        if (outcome != AGAIN || attempt + 1 == ATTEMPTS)
            return outcome;
        int error = wait_ms(FIRST_WAIT_MS << attempt);
        if (error < 0) {
            *result = error;
            return HOPELESS;
        }
    }
}

/* ---- The loop ------------------------------------------------------------------------------- */

/* Does with a line what is to be done. Returns 0 or the status to end with. */
static int handle(unsigned len)
{
    struct json_event event;
    struct text why = {0};
    unsigned where;
    int result;
    const char *wrong = json_event_of(input.room + input.from, len - 1, &event, &where);
    if (wrong) {
        put(&why, "byte ");
        put_number(&why, where, 1);
        put(&why, ": ");
        put(&why, wrong);
        return bury(&why);
    }
    if (!json_equal(event.type, type.bytes, type.len)) {
        others++; /* the journal follows with the next that is ours, or at the end */
        done(len);
        return 0;
    }
    enum outcome outcome = deliver(event.id, len, &result);
    if (outcome == POSTED) {
        posted++;
        done(len);
        return journal_write();
    }
    put_bytes(&why, event.id.at, event.id.len);
    put(&why, outcome == REFUSED ? " was refused: " : " can't be posted: ");
    if (result < 0)
        put(&why, dagger_error_text(result));
    else
        put_number(&why, (unsigned)result, 3);
    if (outcome == REFUSED)
        return bury(&why);
    put(&why, "; run again to go on with it");
    say(&why);
    return 1;
}

static int say_end(void)
{
    struct text end = {0};
    put_number(&end, posted, 1);
    put(&end, " posted, ");
    put_number(&end, buried, 1);
    put(&end, " dead, ");
    put_number(&end, others, 1);
    put(&end, " of other types");
    say(&end);
    return 0;
}

/* An argument. Returns 0 or an error. */
static int argument(const char *name, struct text *value)
{
    int sd = dagger_open_url(name);
    int n = sd < 0 ? sd : dagger_read_all(sd, value->bytes, TEXT_CAP);
    value->len = n < 0 ? 0 : (unsigned)n;
    dagger_close(sd);
    return n < 0 ? n : n == TEXT_CAP ? DAGGER_NOSPACE : 0;
}

/* Arguments, input, and the folder that is needed only when something is wrong. Returns 0 or the
 * status to end with. */
static int start(void)
{
    int error = argument("args://1", &type);
    if (error == 0)
        error = argument("args://2", &url);
    if (error < 0) {
        dagger_fail("usage: handler TYPE URL < EVENTS", error);
        return 2;
    }
    int dead = dagger_open_url(DEAD);
    if (dead < 0)
        return dagger_fail("dead/, the folder for what can't be posted", dead);
    dagger_close(dead);
    input.sd = dagger_open_url("stdin://");
    return input.sd < 0 ? dagger_fail("stdin", input.sd) : resume();
}

int dagger_main(void)
{
    struct text too_long = {0};
    put(&too_long, "longer than 65536 bytes");
    int status = start();
    while (status == 0) {
        int len = next_line();
        if (len < 0)
            return dagger_fail("stdin", len);
        if (len > 0)
            status = handle((unsigned)len);
        else if (input.to - input.from == LINE)
            status = bury(&too_long);
        else if (input.to > input.from)
            status = journal_write() ? 1 : unfinished();
        else
            return journal_write() ? 1 : say_end();
    }
    return status;
}
