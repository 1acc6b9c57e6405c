/* What a URL names, in the one spelling that policy compares. docs/policy.md says for users what is
 * the same as what.
 */
#ifndef DAGGER_STREAMS_TARGET_H
#define DAGGER_STREAMS_TARGET_H

#include <stdbool.h>

#include "url.h"

/* What a URL of a scheme can say, as far as policy looks at it. */
enum dagger_shape {
    DAGGER_SHAPE_PLAIN,    /* its scheme only */
    DAGGER_SHAPE_STANDARD, /* the same, and no list of what is allowed needs to name it */
    DAGGER_SHAPE_NAME,     /* a name whose case matters, where others have a host */
    DAGGER_SHAPE_FILE,     /* a path and a mode */
    DAGGER_SHAPE_NETWORK,  /* host and port */
    DAGGER_SHAPE_WEB,      /* host, port, path and query */
};

struct dagger_target_scheme {
    const char *name;
    enum dagger_shape shape;
    int port; /* the default one; 0: none */
};
extern const struct dagger_target_scheme dagger_target_schemes[]; /* ends with a NULL name */

/* The port of a scheme's URL that names none; 0: none, or no such scheme. */
int dagger_target_default_port(struct dagger_slice scheme);

/* What is done with a file; all else is used in both ways. */
enum { DAGGER_USE_READ = 1, DAGGER_USE_WRITE = 2, DAGGER_USE_BOTH = 3 };

/* A path with "%2F" or an empty segment names one thing to one server and another to the next. So
 * there are two readings, the same for most paths: as RFC 3986 has it, and as servers do that
 * decode first, merge slashes, take '\' for '/' and drop parameters from dot segments ("..;a").
 * Files have the second one only, twice. */
enum { DAGGER_READING_STRICT, DAGGER_READING_LOOSE, DAGGER_READINGS };

struct dagger_target {
    const struct dagger_target_scheme *scheme; /* NULL: none that is known */
    struct dagger_slice host; /* lower case, no dot at the end; IPv6 as inet_ntop has it, but mapped
                                 IPv4 as IPv4; of DAGGER_SHAPE_NAME: decoded, no more */
    int port;                 /* the default one if none is given, 0 if there is none */
    /* "/segment/segment", decoded but for "%2F" and "%25" within segments, without dot segments;
     * "" is the root. A segment "%" is the '*' of a pattern. */
    struct dagger_slice path[DAGGER_READINGS];
    struct dagger_slice query; /* escapes of unreserved characters decoded, others in upper case */
    unsigned uses;             /* DAGGER_USE_* */
    bool has_userinfo, has_query;
};

/* Bytes that the texts of a target take, for a URL of `len` bytes. */
#define DAGGER_TARGET_ROOM(len) (2 * (len) + 64)

/* Fills `target`, whose texts go to `room`. `pattern`: a path segment "*" is that of a pattern. */
void dagger_target_init(struct dagger_target *target, const struct dagger_url *url, char *room,
                        bool pattern);

#endif
