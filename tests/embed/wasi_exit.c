/* Guests that end themselves: their calls end, the program goes on. */
#include <sys/stat.h>
#include <unistd.h>

#include "asking.h"
#include "command.h"
#include "leaver.h"

static void is_gone(struct dagger_instance *guest, int32_t status, const char *message)
{
    int32_t n = -1;
    for (int i = 0; i < 2; i++) {
        CHECK_RESULT(reactor_ready(guest, &n), DAGGER_RESULT_EXITED, message);
        CHECK(n == -1);
    }
    CHECK(dagger_instance_exit_status(guest) == status);
}

static void exits(void)
{
    static const int32_t statuses[] = {0, 3, -1};
    static const char *const messages[] = {"the guest has exited with status 0",
                                           "the guest has exited with status 3",
                                           "the guest has exited with status -1"};
    struct dagger_options options = {.standard_streams = true};
    int32_t at = 0;
    for (int i = 0; i < 3; i++) {
        struct dagger_instance *guest = make(&options), *other = make(NULL);
        CHECK(reactor_buffer(guest, &at) == 0);
        put_texts(guest, "still there", "");
        CHECK(dagger_instance_exit_status(guest) == 0);
        CHECK_RESULT(reactor_quit(guest, statuses[i]), DAGGER_RESULT_EXITED, messages[i]);
        is_gone(guest, statuses[i], messages[i]);
        CHECK(memcmp(dagger_memory_at(guest, (uint32_t)at, 5), "still", 5) == 0);
        CHECK(ask(other, reactor_say, "x", "") == 1); /* instances end alone */
        CHECK(dagger_instance_free(guest) == 0 && dagger_instance_free(other) == 0);
    }
    CHECK(strcmp(dagger_result_text(DAGGER_RESULT_EXITED), "the guest has exited") == 0);
}

/* In the constructors, which _initialize calls. */
static void exits_at_once(void)
{
    static const char *const environment[] = {"EXIT=7", NULL};
    struct dagger_options options = {.environment = environment};
    struct dagger_instance *guest = (struct dagger_instance *)1;
    for (int i = 0; i < 3000; i++)
        CHECK_RESULT(dagger_instance_new(&reactor_module, &options, &guest), DAGGER_RESULT_EXITED,
                     "the guest has exited with status 7");
    CHECK(guest == NULL);
}

/* A program for WASI, once from its start to its end. */
static void commands(void)
{
    static const char *const arguments[] = {"command", "one", "two", NULL};
    struct dagger_options options = {.arguments = arguments, .standard_streams = true};
    struct dagger_instance *guest;
    for (int i = 0; i < 2; i++) {
        CHECK(dagger_instance_new(&command_module, &options, &guest) == 0);
        CHECK_RESULT(command__start(guest), DAGGER_RESULT_EXITED, "the guest has exited");
        CHECK(dagger_instance_exit_status(guest) == 2);
        CHECK(dagger_instance_free(guest) == 0);
    }
}

static bool nested(void *context, const char *url)
{
    struct dagger_instance **guest = context;
    (void)url;
    CHECK(leaver_leave(*guest, 5) == DAGGER_RESULT_EXITED);
    CHECK(leaver_leave(*guest, 6) == DAGGER_RESULT_EXITED);
    return true;
}

/* A guest that ended while a call of it waited is not gone back into. */
static void ends_below_a_call(void)
{
    struct dagger_instance *guest;
    struct dagger_options options = {.allowed = nested, .context = &guest};
    int32_t n = -1;
    CHECK(dagger_instance_new(&leaver_module, &options, &guest) == 0);
    CHECK_RESULT(leaver_open(guest, &n), DAGGER_RESULT_EXITED,
                 "the guest has exited with status 5");
    CHECK(n == -1 && dagger_instance_exit_status(guest) == 5);
    CHECK(leaver_opened(guest, &n) == DAGGER_RESULT_EXITED);
    CHECK(dagger_instance_free(guest) == 0);
}

/* What was promised whole or not at all is there if the guest says that it got to its end. */
static void promises(int32_t status, bool kept)
{
    struct dagger_instance *guest;
    int32_t n = -1;
    unlink("whole");
    CHECK(dagger_instance_new(&leaver_module, NULL, &guest) == 0);
    CHECK(leaver_open(guest, &n) == 0 && n >= 0);
    CHECK(leaver_leave(guest, status) == DAGGER_RESULT_EXITED);
    CHECK(dagger_instance_free(guest) == 0);
    CHECK((access("whole", F_OK) == 0) == kept);
}

int main(void)
{
    exits();
    exits_at_once();
    commands();
    ends_below_a_call();
    promises(0, true);
    promises(1, false);
    return 0;
}
