/* The guest inside total. */
#define EXPORT(name) __attribute__((export_name(name)))

EXPORT("sum") int sum(int n)
{
    int total = 0;
    for (int i = 1; i <= n; i++)
        total += i * i;
    return total;
}
