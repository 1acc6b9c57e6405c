/* Where daggercc's parts are: beside the program itself, in the build tree as where it is
 * installed. */
#ifndef DAGGER_COMPILER_PLACES_H
#define DAGGER_COMPILER_PLACES_H

struct places {
    char *include; /* PREFIX/include: <dagger/start.h> is below it */
    char *library; /* PREFIX/lib/dagger: libdagger.a */
    char *share;   /* PREFIX/share/dagger: wasm2c/ is below it */
};

/* Finds them. Returns 0, or -1 after a message. */
int places_find(struct places *places);
void places_release(struct places *places);

#endif
