/* PNG images by lodepng, a module compiled from C. Reads a PNG from standard input and writes the
 * picture upside down as another one to standard output. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lodepng.h"

static struct dagger_instance *lodepng;

static void fail(const char *what, int32_t error)
{
    fprintf(stderr, "png: %s: %s (%d)\n", what, error != 0 ? "not a good image" : dagger_message(),
            (int)error);
    exit(1);
}

/* Memory of the guest, and where it is in ours. */
static void *allocate(size_t size, int32_t *address)
{
    void *here = NULL;
    if (size <= INT32_MAX && lodepng_malloc(lodepng, (int32_t)size, address) == 0 && *address != 0)
        here = dagger_memory_at(lodepng, (uint32_t)*address, size);
    if (here == NULL)
        fail("memory", 0);
    return here;
}

/* Reads an image into the guest. */
static int32_t read_image(int32_t *size)
{
    enum { LARGEST = 1 << 24 };
    int32_t address;
    char *image = allocate(LARGEST, &address);
    *size = (int32_t)fread(image, 1, LARGEST, stdin);
    return address;
}

static void turn(uint8_t *pixels, size_t width, size_t height)
{
    uint8_t *row = malloc(width * 4 + 1);
    for (size_t y = 0; y < height / 2; y++) {
        uint8_t *upper = pixels + y * width * 4, *lower = pixels + (height - 1 - y) * width * 4;
        memcpy(row, upper, width * 4);
        memcpy(upper, lower, width * 4);
        memcpy(lower, row, width * 4);
    }
    free(row);
}

int main(void)
{
    if (dagger_instance_new(&lodepng_module, NULL, &lodepng) != 0)
        fail("no instance", 0);
    int32_t size, image = read_image(&size), words, error = 0;
    allocate(12, &words);
    if (lodepng_lodepng_decode32(lodepng, words, words + 4, words + 8, image, size, &error) != 0 ||
        error != 0)
        fail("decoding", error);
    uint32_t found[3]; /* address, width, height; in the byte order of both */
    dagger_memory_read(lodepng, (uint32_t)words, found, sizeof found);
    /* Numbers of a guest are not to be believed. */
    uint64_t bytes = (uint64_t)found[1] * found[2] * 4;
    uint8_t *pixels = bytes <= UINT32_MAX ? dagger_memory_at(lodepng, found[0], bytes) : NULL;
    if (pixels == NULL)
        fail("decoding", 0);
    turn(pixels, found[1], found[2]);
    if (lodepng_lodepng_encode32(lodepng, words, words + 4, (int32_t)found[0], (int32_t)found[1],
                                 (int32_t)found[2], &error) != 0 ||
        error != 0)
        fail("encoding", error);
    dagger_memory_read(lodepng, (uint32_t)words, found, 8); /* address, size */
    const void *encoded = dagger_memory_at(lodepng, found[0], found[1]);
    if (encoded == NULL || fwrite(encoded, 1, found[1], stdout) != found[1])
        fail("writing", 0);
    return dagger_instance_free(lodepng) != 0;
}
