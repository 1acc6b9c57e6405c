#include "places.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "alloc.h"
#include "diag.h"

int places_find(struct places *places)
{
    char self[PATH_MAX];
    ssize_t len = readlink("/proc/self/exe", self, sizeof self - 1);
    if (len <= 0) {
        diag_error("can't find where daggercc is installed, /proc/self/exe:");
        return -1;
    }
    self[len] = 0;
    for (int up = 0; up < 2; up++) { /* PREFIX/bin/daggercc */
        char *slash = strrchr(self, '/');
        if (slash != NULL)
            *slash = 0;
    }
    *places = (struct places){
        .include = alloc_format("%s/include", self),
        .library = alloc_format("%s/lib/dagger", self),
        .share = alloc_format("%s/share/dagger", self),
    };
    return 0;
}

void places_release(struct places *places)
{
    free(places->include);
    free(places->library);
    free(places->share);
}
