/* Files that must not stay: the temporary folder, and outputs before they have their name. They are
 * removed when the process exits, whichever way (signals come to an ordinary exit, see run.h). */
#ifndef DAGGER_COMPILER_TEMP_H
#define DAGGER_COMPILER_TEMP_H

#include <stdio.h>
#include <sys/types.h>

/* Makes the temporary folder: below TMPDIR (else /tmp), mode 0700; or `keep`, made if it is not
 * there, which then stays. Returns its absolute path, which lives as long as the process, or NULL
 * after a message. Once a process. */
const char *temp_open(const char *keep);

/* Path of a file in the folder, allocated. `name` has no '/'. */
char *temp_path(const char *name);

/* Creates (or, in a kept folder, replaces) a file in the folder. NULL after a message. */
FILE *temp_create(const char *name);

/* Closes it. Returns 0, or -1 after a message when not everything could be written. */
int temp_close(FILE *file, const char *name);

/* Writes `text` to a file in the folder. Returns 0, or -1 after a message. */
int temp_write(const char *name, const char *text);

/* Removes what exit would, now. */
void temp_remove(void);

/* A file to be removed at exit until temp_forget_output() is called. One at a time; borrowed. */
void temp_remember_output(const char *path);
void temp_forget_output(void);

#endif
