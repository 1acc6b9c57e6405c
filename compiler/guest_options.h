/* Options of a guest that daggercc and dagger have word for word: rows of their tables, which say
 * what X takes. */
#ifndef DAGGER_COMPILER_GUEST_OPTIONS_H
#define DAGGER_COMPILER_GUEST_OPTIONS_H

/* Where the guest starts. */
#define GUEST_ENTRY_OPTIONS(X)                                                                     \
    X(ENTRY, "--entry", EQUALS, "NAME", NULL, NOTHING, GUEST, "exported function to start",        \
      "Without it: dagger_main, main or _start, the first that is there; in a guest of WASI "      \
      "_start comes before main.")                                                                 \
    X(INVOKE, "--invoke", EQUALS, "NAME", NULL, NOTHING, GUEST,                                    \
      "exported function that gets the arguments",                                                 \
      "They are numbers, as many as it takes, decimal or hexadecimal; its results are printed, "   \
      "one a line. What the export _initialize has to do is done before.")

/* What it may take: docs/limits.md. */
#define GUEST_LIMIT_OPTIONS(X)                                                                     \
    X(MAX_STREAMS, "--max-streams", EQUALS, "N", NULL, NOTHING, GUEST, "",                         \
      "Streams that may be open at once, at most 1024; the next one is refused with TOOMANY.")     \
    X(MAX_STREAM_BYTES, "--max-stream-bytes", EQUALS, "SIZE", NULL, NOTHING, GUEST, "",            \
      "Bytes read and written by each stream. What is more is refused: a write with NOSPACE, a "   \
      "read with PERM.")                                                                           \
    X(MAX_CPU_TIME, "--max-cpu-time", EQUALS, "SECONDS", NULL, NOTHING, GUEST, "",                 \
      "Processor time; fractions are allowed. When it is over the guest ends with status 152.")    \
    X(MAX_TIME, "--max-time", EQUALS, "SECONDS", NULL, NOTHING, GUEST, "",                         \
      "The same of time that passes, while the guest waits, too.")

/* What it may open: docs/policy.md. */
#define GUEST_URL_OPTIONS(X)                                                                       \
    X(ALLOW, "--allow", EQUALS, "URL", NULL, NOTHING, GUEST, "let it open such URLs only",         \
      "May be given more than once, and adds to what --policy allows. URL is a pattern: a host, "  \
      "and a path with all beneath it.")                                                           \
    X(DENY, "--deny", EQUALS, "URL", NULL, NOTHING, GUEST, "do not let it open such URLs",         \
      "May be given more than once. What is denied can't be allowed.")

/* What it may import. */
#define GUEST_IMPORT_OPTIONS(X)                                                                    \
    X(ALLOW_UNDEFINED, "--allow-undefined-imports", NONE, NULL, NULL, NOTHING, GUEST, "",          \
      "A function that is imported and that Dagger does not have is a trap when it is called, "    \
      "which names it, instead of a reason to refuse the module.")

#endif
