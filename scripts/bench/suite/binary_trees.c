/* binary_trees: makes trees, walks them and throws them away, many small ones and few large ones;
 * allocation, recursion, pointers all over memory. */
#include "suite.h"

SUITE_EXPECTED(0xef39c364u);
SUITE_QUICK_EXPECTED(0x91148503u);

#ifdef SUITE_QUICK
#define NODES 2800000u
#else
#define NODES 14000000u
#endif

#define DEEPEST 17

struct tree {
    struct tree *left, *right;
    uint32_t value;
};

static struct tree *make(int depth)
{
    struct tree *tree = suite_alloc(sizeof *tree);
    tree->value = suite_random();
    tree->left = depth > 0 ? make(depth - 1) : NULL;
    tree->right = depth > 0 ? make(depth - 1) : NULL;
    return tree;
}

static uint32_t sum_of(const struct tree *tree)
{
    if (tree == NULL)
        return 1;
    return tree->value ^ (sum_of(tree->left) * 3 + sum_of(tree->right));
}

/* Swaps children where the left one's value is the larger. */
static uint32_t order(struct tree *tree)
{
    if (tree->left == NULL)
        return 0;
    uint32_t swapped = tree->left->value > tree->right->value;
    if (swapped) {
        struct tree *kept = tree->left;
        tree->left = tree->right;
        tree->right = kept;
    }
    return swapped + order(tree->left) + order(tree->right);
}

uint32_t bench(void)
{
    uint32_t sum = 0;
    for (int depth = 3; depth <= DEEPEST; depth += 2) {
        uint32_t each = (2u << depth) - 1;
        for (uint32_t made = 0; made < NODES / 8; made += each) {
            suite_reset();
            struct tree *tree = make(depth);
            sum = sum * 31 + sum_of(tree);
            sum = sum * 31 + order(tree);
            sum = sum * 31 + sum_of(tree);
        }
    }
    return sum;
}
