/* Ends by the status that its argument says, having written without a newline. */
#include "files.h"

static u32 number(const char *text)
{
    u32 value = 0;
    for (; *text != '\0'; text++)
        value = value * 10 + (u32)(*text - '0');
    return value;
}

void _start(void);
void _start(void)
{
    char *argv[4];
    char text[4096];
    u32 count, size;
    if (wasi_args_sizes_get(&count, &size) || count != 3 || size > sizeof text)
        wasi_proc_exit(99);
    if (wasi_args_get(argv, text) || write_text(STDOUT, "before the end"))
        wasi_proc_exit(98);
    u32 result = number(argv[2]);
    if (same(argv[1], "exit", 5))
        wasi_proc_exit(result);
    if (same(argv[1], "raise", 6))
        wasi_proc_exit(wasi_proc_raise(result));
    /* and otherwise it returns */
}
