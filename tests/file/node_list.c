/* The entries of a directory and their cookies. */
#include "node_place.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MANY 2000 /* more than one call of the kernel gives */

TestSuite(node_list, .init = node_setup, .fini = node_teardown, .timeout = 60);

static int kernel_calls;
ssize_t __real_getdents64(int fd, void *buffer, size_t len);
ssize_t __wrap_getdents64(int fd, void *buffer, size_t len);

ssize_t __wrap_getdents64(int fd, void *buffer, size_t len)
{
    kernel_calls++;
    return __real_getdents64(fd, buffer, len);
}

static int list(uint64_t cookie, struct dagger_entry *entry)
{
    return names_of(top)->list(top, cookie, entry);
}

Test(node_list, entries_are_described)
{
    struct dagger_entry entry;
    struct stat st;
    unsigned seen = 0;
    cr_assert(mkdirat(root, "dir", 0755) == 0 && mkfifoat(root, "fifo", 0644) == 0);
    cr_assert(symlinkat("dir", root, "link") == 0);
    put(root, "file", "");
    static const struct {
        const char *name;
        unsigned char type;
    } rows[] = {{".", DT_DIR},     {"..", DT_DIR},   {"dir", DT_DIR},
                {"fifo", DT_FIFO}, {"link", DT_LNK}, {"file", DT_REG}};
    int count = 0, more;
    for (uint64_t at = 0; (more = list(at, &entry)) == 1; at = entry.next, count++) {
        cr_assert(entry.len == strlen(entry.name));
        for (unsigned i = 0; i < 6; i++) {
            if (strcmp(entry.name, rows[i].name) != 0)
                continue;
            seen |= 1U << i;
            cr_assert(entry.type == rows[i].type || entry.type == DT_UNKNOWN);
        }
        cr_assert(fstatat(root, entry.name, &st, AT_SYMLINK_NOFOLLOW) == 0);
        cr_assert(entry.inode == st.st_ino);
    }
    GIVES(more, 0);
    GIVES(list(entry.next, &entry), 0); /* still the end */
    cr_assert(count == 6 && seen == 63);
}

static void make_many(void)
{
    for (int i = 0; i < MANY; i++) {
        char name[16];
        snprintf(name, sizeof name, "file%d", i);
        put(root, name, "");
    }
}

Test(node_list, all_entries_once_and_in_few_calls)
{
    static bool seen[MANY];
    struct dagger_entry entry;
    int count = 0, number;
    make_many();
    for (uint64_t at = 0; list(at, &entry) == 1; at = entry.next) {
        if (sscanf(entry.name, "file%d", &number) == 1) {
            cr_assert(!seen[number]);
            seen[number] = true;
            count++;
        }
    }
    cr_assert(count == MANY);
    cr_assert(kernel_calls > 1 && kernel_calls < 12, "%d calls", kernel_calls);
}

/* Every entry is found again by its cookie, from anywhere, by the same name; and one step back, as
 * after a buffer that was too small, needs nothing of the kernel. */
Test(node_list, cookies)
{
    static struct {
        uint64_t at;
        char name[16];
    } all[MANY + 2];
    struct dagger_entry entry;
    int count = 0, back = 0;
    make_many();
    for (uint64_t at = 0; list(at, &entry) == 1; at = entry.next) {
        all[count].at = at;
        snprintf(all[count++].name, sizeof all[0].name, "%s", entry.name);
        if (at == 0)
            continue;
        int calls = kernel_calls;
        cr_assert(list(at, &entry) == 1 && strcmp(entry.name, all[count - 1].name) == 0);
        cr_assert(kernel_calls == calls);
        back++;
    }
    cr_assert(count == MANY + 2 && back == MANY + 1);
    for (int i = 0; i < 300; i++) {
        int which = i * 7919 % count;
        GIVES(list(all[which].at, &entry), 1);
        cr_assert(strcmp(entry.name, all[which].name) == 0);
        if (which + 1 < count)
            cr_assert(entry.next == all[which + 1].at);
    }
}

Test(node_list, cookies_that_were_made_up)
{
    static const uint64_t cookies[] = {
        1,          2,          3,
        7,          1000,       1U << 31,
        UINT32_MAX, 1ULL << 32, INT64_MAX - 1,
        INT64_MAX,  1ULL << 63, UINT64_MAX - 1,
        UINT64_MAX,
    };
    struct dagger_entry entry;
    make_many();
    for (int warm = 0; warm < 2; warm++) {
        for (size_t i = 0; i < sizeof cookies / sizeof cookies[0]; i++) {
            if (warm)
                GIVES(list(0, &entry), 1);
            int result = list(cookies[i], &entry);
            cr_assert(result <= 1);
            if (result == 1)
                cr_assert(entry.len > 0 && entry.len == strlen(entry.name));
        }
    }
    unsigned seed = 1;
    for (int i = 0; i < 2000; i++) {
        uint64_t cookie = (uint64_t)rand_r(&seed) << 32 ^ (uint64_t)rand_r(&seed) << 8;
        int result = list(cookie >> (i % 64), &entry);
        cr_assert(result <= 1);
        if (result == 1)
            cr_assert(entry.len > 0 && entry.len == strlen(entry.name));
    }
    GIVES(list(0, &entry), 1);
}

/* A listing from the start sees what is new; one that is under way goes on to its end. */
Test(node_list, changes_meanwhile)
{
    struct dagger_entry entry;
    int count = 0;
    GIVES(list(0, &entry), 1);
    put(root, "new", "");
    bool found = false;
    for (uint64_t at = 0; list(at, &entry) == 1; at = entry.next)
        found |= strcmp(entry.name, "new") == 0;
    cr_assert(found);
    make_many();
    for (uint64_t at = 0; list(at, &entry) == 1; at = entry.next) {
        if (entry.name[0] == '.')
            continue;
        cr_assert(unlinkat(root, entry.name, 0) == 0 || errno == ENOENT);
        count++;
    }
    cr_assert(count >= MANY, "%d", count);
    cr_assert(entries(root) == 0);
}

Test(node_list, removed_directory)
{
    struct dagger_entry entry;
    cr_assert(mkdirat(root, "d", 0755) == 0);
    struct dagger_stream *dir = open_beneath(top, "d", O_DIRECTORY);
    GIVES(names_of(top)->remove_directory(top, "d"), 0);
    GIVES(names_of(dir)->list(dir, 0, &entry), 0);
    GIVES(names_of(dir)->make_directory(dir, "e"), -ENOENT);
    must_close(dir);
}
