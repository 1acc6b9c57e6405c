/* mandelbrot: how soon z -> z * z + c leaves the circle of radius 2, for each point of a grid;
 * chains of floating-point operations, loops whose length only data decides. */
#include "suite.h"

SUITE_EXPECTED(0x1564341bu);
SUITE_QUICK_EXPECTED(0x3e605f94u);

#define WIDTH 400
#ifdef SUITE_QUICK
#define HEIGHT 170
#else
#define HEIGHT 850
#endif
#define LONGEST 1000u /* a point that has not left by then never will */

/* The part of the plane: it has the set, its edge, and what is far from it. */
#define LEFT   -2.0
#define RIGHT  0.75
#define BOTTOM -1.25
#define TOP    1.25

static uint32_t steps(double x, double y)
{
    double re = 0, im = 0, re_squared = 0, im_squared = 0;
    uint32_t step = 0;
    while (step < LONGEST && re_squared + im_squared <= 4) {
        im = 2 * re * im + y;
        re = re_squared - im_squared + x;
        re_squared = re * re;
        im_squared = im * im;
        step++;
    }
    return step;
}

uint32_t bench(void)
{
    uint32_t sum = 0;
    for (int row = 0; row < HEIGHT; row++) {
        double y = BOTTOM + (TOP - BOTTOM) * row / HEIGHT;
        for (int column = 0; column < WIDTH; column++) {
            double x = LEFT + (RIGHT - LEFT) * column / WIDTH;
            sum = sum * 31 + steps(x, y);
        }
    }
    return sum;
}
