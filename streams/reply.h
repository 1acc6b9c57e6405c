/* control://: what commands of a guest to its own process write their answers to. The commands
 * themselves are the process's: struct dagger_host.control. docs/abi.md has the grammar.
 */
#ifndef DAGGER_STREAMS_REPLY_H
#define DAGGER_STREAMS_REPLY_H

#include "http_bytes.h"
#include "stream.h"

struct dagger_reply {
    struct http_bytes bytes;
    int error; /* the first one of adding to it, or 0 */
};

void dagger_reply_text(struct dagger_reply *reply, const char *text);
void dagger_reply_slice(struct dagger_reply *reply, struct dagger_slice text);
void dagger_reply_number(struct dagger_reply *reply, uint64_t number);

#endif
