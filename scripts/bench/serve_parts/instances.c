/* What it takes to make an instance of samples/serve/function.c, have it answer, and free it: the
 * nanoseconds of one, the mean of many. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "function.h"

enum { COUNT = 20000 };

static int answer_once(void)
{
    static const char asked[] = "GET /?name=you HTTP/1.1\r\n\r\n";
    struct dagger_instance *function;
    int32_t request, answered = 0;
    int result = dagger_instance_new(&function_module, NULL, &function);
    if (result)
        return result;
    result = function_request(function, &request);
    if (!result)
        result = dagger_memory_write(function, (uint32_t)request, asked, strlen(asked));
    if (!result)
        result = function_handle(function, (int32_t)strlen(asked), &answered);
    dagger_instance_free(function);
    return result ? result : answered <= 0;
}

int main(void)
{
    struct timespec begin, end;
    clock_gettime(CLOCK_MONOTONIC, &begin);
    for (int i = 0; i < COUNT; i++)
        if (answer_once())
            return 1;
    clock_gettime(CLOCK_MONOTONIC, &end);
    double took = (double)(end.tv_sec - begin.tv_sec) * 1e9 + (double)(end.tv_nsec - begin.tv_nsec);
    printf("%.0f\n", took / COUNT);
    return 0;
}
