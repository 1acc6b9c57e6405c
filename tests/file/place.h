/* A fresh place on disk for each test of the file kind:
 *
 *   BASE/root/            what the streams may reach
 *   BASE/outside/secret   what they may not; holds SECRET
 */
#ifndef DAGGER_TESTS_FILE_PLACE_H
#define DAGGER_TESTS_FILE_PLACE_H

#include <criterion/criterion.h>
#include <stdbool.h>
#include <stdint.h>

#include "streams/file.h"

#define SECRET "nobody may read or change this\n"

extern struct dagger_host host; /* of the streams; its root is BASE/root */
extern int root;                /* BASE/root, for the tests' own openat() and the like */
extern int outside;             /* BASE/outside */

void place_setup(void);
void place_teardown(void);

/* BASE/root or BASE/outside, with "/" and `name` after it. Overwritten by the fourth next call. */
const char *root_path(const char *name);
const char *outside_path(const char *name);

/* Opens "file://" and `rest`, that is path and query; returns the error. */
int try_open(const char *rest, struct dagger_stream **out);
/* The same, must work. */
struct dagger_stream *must_open(const char *rest);
/* The same, must fail with this enum dagger_error. */
void fails_to_open(const char *rest, int error);

void must_write(struct dagger_stream *stream, const char *text);
void must_close(struct dagger_stream *stream);

/* Reads to the end; returns the text, to be freed. */
char *read_all(struct dagger_stream *stream);

/* Opens for reading, compares all there is, closes. */
void reads_as(const char *rest, const char *text);

/* The same for files on disk, past the streams. `dir` is root or outside. */
void put(int dir, const char *name, const char *text);
void holds(int dir, const char *name, const char *text);
bool exists(int dir, const char *name);
int entries(int dir); /* how many names are in it */

/* Runs `body` with the kernel's way of resolving paths, and with the walk. */
void both_ways(void (*body)(void));

#endif
