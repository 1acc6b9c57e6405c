/* sort: quick, heap and merge sort of records, with the comparison in line and through a function
 * pointer; data-dependent branches, struct copies, indirect calls. */
#include "suite.h"

SUITE_EXPECTED(0xb88a06ceu);
SUITE_QUICK_EXPECTED(0x05bbcbc4u);

#ifdef SUITE_QUICK
#define COUNT 40000
#else
#define COUNT 180000
#endif

struct record {
    uint32_t key, value;
};

typedef int less_function(const struct record *a, const struct record *b);

/* The text of each algorithm is written once; where the order is a constant the comparison is in
 * line. */
#define TEMPLATE static inline __attribute__((always_inline))

static struct record input[COUNT], work[COUNT], spare[COUNT];

TEMPLATE void swap(struct record *a, struct record *b)
{
    struct record kept = *a;
    *a = *b;
    *b = kept;
}

/* Short ranges are left to this: fewer steps than another partition. */
TEMPLATE void insertion_sort(struct record *at, uint32_t count, less_function *less)
{
    for (uint32_t i = 1; i < count; i++) {
        struct record moving = at[i];
        uint32_t j = i;
        for (; j > 0 && less(&moving, &at[j - 1]); j--)
            at[j] = at[j - 1];
        at[j] = moving;
    }
}

/* The larger part waits on a stack, so that the stack stays below log2(count) entries. */
TEMPLATE void quick_sort(struct record *at, uint32_t count, less_function *less)
{
    struct {
        uint32_t first, count;
    } stack[32];
    int depth = 0;
    uint32_t first = 0;

    for (;;) {
        while (count > 12) {
            struct record *part = at + first;
            struct record pivot = part[count / 2];
            uint32_t low = 0, high = count - 1;
            for (;; low++, high--) {
                while (less(&part[low], &pivot))
                    low++;
                while (less(&pivot, &part[high]))
                    high--;
                if (low >= high)
                    break;
                swap(&part[low], &part[high]);
            }
            uint32_t left = low, right = count - low;
            if (left < right) {
                stack[depth].first = first + left;
                stack[depth++].count = right;
                count = left;
            } else {
                stack[depth].first = first;
                stack[depth++].count = left;
                first += left;
                count = right;
            }
        }
        insertion_sort(at + first, count, less);
        if (depth == 0)
            return;
        first = stack[--depth].first;
        count = stack[depth].count;
    }
}

TEMPLATE void sift_down(struct record *at, uint32_t root, uint32_t count, less_function *less)
{
    struct record moving = at[root];
    for (uint32_t child; (child = 2 * root + 1) < count; root = child) {
        if (child + 1 < count && less(&at[child], &at[child + 1]))
            child++;
        if (!less(&moving, &at[child]))
            break;
        at[root] = at[child];
    }
    at[root] = moving;
}

TEMPLATE void heap_sort(struct record *at, uint32_t count, less_function *less)
{
    for (uint32_t root = count / 2; root-- > 0;)
        sift_down(at, root, count, less);
    while (--count > 0) {
        swap(&at[0], &at[count]);
        sift_down(at, 0, count, less);
    }
}

/* Bottom up: runs of 1, 2, 4, ... records, from one array into the other and back. */
TEMPLATE void merge_sort(struct record *at, uint32_t count, less_function *less)
{
    struct record *from = at, *to = spare;
    for (uint32_t width = 1; width < count; width *= 2) {
        for (uint32_t start = 0; start < count; start += 2 * width) {
            uint32_t middle = start + width < count ? start + width : count;
            uint32_t end = middle + width < count ? middle + width : count;
            uint32_t left = start, right = middle;
            for (uint32_t i = start; i < end; i++) {
                int take_right = left == middle || (right < end && less(&from[right], &from[left]));
                to[i] = take_right ? from[right++] : from[left++];
            }
        }
        struct record *kept = from;
        from = to;
        to = kept;
    }
    if (from != at)
        memcpy(at, from, count * sizeof *at);
}

static int by_key(const struct record *a, const struct record *b)
{
    return a->key < b->key;
}

static int by_key_backwards(const struct record *a, const struct record *b)
{
    return a->key > b->key;
}

static int by_value(const struct record *a, const struct record *b)
{
    return a->value != b->value ? a->value < b->value : a->key < b->key;
}

#define ORDERS 3
static less_function *const orders[ORDERS] = {by_key_backwards, by_value, by_key};

/* Equal records may end in another order by another algorithm, so only the order is looked at. */
static uint32_t check(less_function *less)
{
    uint32_t sum = 0;
    for (uint32_t i = 0; i < COUNT; i++) {
        if (i > 0 && less(&work[i], &work[i - 1]))
            return 0;
        sum = sum * 31 + work[i].key;
    }
    return sum;
}

static __attribute__((noinline)) uint32_t sort_through(less_function *less)
{
    uint32_t sum = 0;
    memcpy(work, input, sizeof work);
    quick_sort(work, COUNT, less);
    sum += check(less);
    memcpy(work, input, sizeof work);
    heap_sort(work, COUNT, less);
    sum = sum * 31 + check(less);
    memcpy(work, input, sizeof work);
    merge_sort(work, COUNT, less);
    return sum * 31 + check(less);
}

static __attribute__((noinline)) uint32_t sort_in_line(void)
{
    uint32_t sum = 0;
    memcpy(work, input, sizeof work);
    quick_sort(work, COUNT, by_key);
    sum += check(by_key);
    memcpy(work, input, sizeof work);
    heap_sort(work, COUNT, by_key);
    sum = sum * 31 + check(by_key);
    memcpy(work, input, sizeof work);
    merge_sort(work, COUNT, by_key);
    return sum * 31 + check(by_key);
}

uint32_t bench(void)
{
    for (uint32_t i = 0; i < COUNT; i++) {
        input[i].key = suite_random();
        input[i].value = suite_random() % 1000;
    }
    uint32_t sum = sort_in_line();
    uint32_t first = suite_random(); /* so that no compiler can know who is called */
    for (uint32_t i = 0; i < ORDERS; i++)
        sum = sum * 31 + sort_through(orders[(first + i) % ORDERS]);
    return sum;
}
