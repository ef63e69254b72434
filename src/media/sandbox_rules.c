/* Seccomp, Landlock, capabilities, network namespace. The filter is a list of what is refused rather than of what is
 * allowed: the programs are large, and what they may reach is already cut by Landlock and the namespace. */
#include "media/sandbox_rules.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <linux/securebits.h>
#include <pthread.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* --- seccomp -------------------------------------------------------------------------------------------- */

static const int refused_calls[] = {
    /* network */
    SCMP_SYS(socket),
    SCMP_SYS(socketpair),
    SCMP_SYS(connect),
    SCMP_SYS(bind),
    SCMP_SYS(listen),
    SCMP_SYS(accept),
    SCMP_SYS(accept4),
    SCMP_SYS(sendto),
    SCMP_SYS(sendmsg),
    SCMP_SYS(sendmmsg),
    /* other processes */
    SCMP_SYS(fork),
    SCMP_SYS(vfork),
    SCMP_SYS(ptrace),
    SCMP_SYS(process_vm_readv),
    SCMP_SYS(process_vm_writev),
    SCMP_SYS(kill),
    SCMP_SYS(tkill),
    SCMP_SYS(pidfd_open),
    SCMP_SYS(pidfd_getfd),
    SCMP_SYS(pidfd_send_signal),
    SCMP_SYS(kcmp),
    SCMP_SYS(setsid),
    SCMP_SYS(setpgid),
    /* who and where we are */
    SCMP_SYS(setuid),
    SCMP_SYS(setgid),
    SCMP_SYS(setreuid),
    SCMP_SYS(setregid),
    SCMP_SYS(setresuid),
    SCMP_SYS(setresgid),
    SCMP_SYS(setgroups),
    SCMP_SYS(capset),
    SCMP_SYS(unshare),
    SCMP_SYS(setns),
    SCMP_SYS(chroot),
    SCMP_SYS(pivot_root),
    SCMP_SYS(mount),
    SCMP_SYS(umount2),
    SCMP_SYS(mount_setattr),
    SCMP_SYS(move_mount),
    SCMP_SYS(open_tree),
    SCMP_SYS(fsopen),
    SCMP_SYS(fsmount),
    SCMP_SYS(fspick),
    /* the kernel's rarer doors */
    SCMP_SYS(bpf),
    SCMP_SYS(perf_event_open),
    SCMP_SYS(userfaultfd),
    SCMP_SYS(io_uring_setup),
    SCMP_SYS(io_uring_enter),
    SCMP_SYS(io_uring_register),
    SCMP_SYS(keyctl),
    SCMP_SYS(add_key),
    SCMP_SYS(request_key),
    SCMP_SYS(kexec_load),
    SCMP_SYS(kexec_file_load),
    SCMP_SYS(init_module),
    SCMP_SYS(finit_module),
    SCMP_SYS(delete_module),
    SCMP_SYS(reboot),
    SCMP_SYS(swapon),
    SCMP_SYS(swapoff),
    SCMP_SYS(acct),
    SCMP_SYS(quotactl),
    SCMP_SYS(syslog),
    SCMP_SYS(settimeofday),
    SCMP_SYS(clock_settime),
    SCMP_SYS(clock_adjtime),
    SCMP_SYS(adjtimex),
    SCMP_SYS(open_by_handle_at),
    SCMP_SYS(name_to_handle_at),
    SCMP_SYS(mknod),
    SCMP_SYS(mknodat),
    SCMP_SYS(personality),
    SCMP_SYS(iopl),
    SCMP_SYS(ioperm),
    SCMP_SYS(setrlimit),
};

static pthread_once_t filter_once = PTHREAD_ONCE_INIT;
static struct sock_fprog filter;

/* Threads yes, processes no. clone3 hides its flags behind a pointer, so it must look absent: the C library then
 * uses clone. */
static bool add_process_rules(scmp_filter_ctx ctx)
{
    const struct scmp_arg_cmp no_thread = { .arg = 0,
                                            .op = SCMP_CMP_MASKED_EQ,
                                            .datum_a = CLONE_THREAD };
    return seccomp_rule_add(ctx, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0) == 0 &&
           seccomp_rule_add_array(ctx, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(clone), 1, &no_thread) == 0;
}

/* Reading one's own limits is needed (thread stacks); changing them is not. */
static bool add_limit_rules(scmp_filter_ctx ctx)
{
    const struct scmp_arg_cmp new_limit = { .arg = 2, .op = SCMP_CMP_NE };
    return seccomp_rule_add_array(ctx, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(prlimit64), 1, &new_limit) ==
           0;
}

static bool filter_export(scmp_filter_ctx ctx)
{
    int fd = memfd_create("filter", MFD_CLOEXEC);
    if (fd < 0) return false;
    struct stat st;
    bool ok = seccomp_export_bpf(ctx, fd) == 0 && fstat(fd, &st) == 0 && st.st_size > 0;
    if (ok) {
        size_t size = (size_t)st.st_size;
        struct sock_filter *code = malloc(size);
        ok = code && pread(fd, code, size, 0) == (ssize_t)size;
        if (ok) {
            filter.filter = code;
            filter.len = (unsigned short)(size / sizeof *code);
        } else {
            free(code);
        }
    }
    close(fd);
    return ok;
}

static void filter_build(void)
{
    scmp_filter_ctx ctx = seccomp_init(SCMP_ACT_ALLOW);
    if (!ctx) return;
    bool ok = add_process_rules(ctx) && add_limit_rules(ctx);
    for (size_t i = 0; ok && i < COUNT(refused_calls); i++) {
        /* a negative number is a call this machine does not have */
        if (refused_calls[i] < 0) continue;
        ok = seccomp_rule_add(ctx, SCMP_ACT_ERRNO(EPERM), refused_calls[i], 0) == 0;
    }
    if (ok) filter_export(ctx);
    seccomp_release(ctx);
}

bool rules_prepare(void)
{
    pthread_once(&filter_once, filter_build);
    return filter.len > 0;
}

/* --- landlock ------------------------------------------------------------------------------------------- */

/* Newer than some headers. */
#define FS_REFER (1ULL << 13)
#define FS_TRUNCATE (1ULL << 14)

static const uint64_t look = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR;
static const uint64_t all_first =
    (LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1; /* every right of the first version */

/* What any program needs to start: its libraries, data, locale and clock. */
static const char *const system_paths[] = {
    "/usr",           "/lib",       "/lib64",     "/lib32", "/bin", "/sbin", "/etc/ld.so.cache",
    "/etc/localtime", "/etc/magic", "/etc/fonts",
};

int rules_landlock_version(void)
{
    long version = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
    return version > 0 ? (int)version : 0;
}

/* Rights below `path`; what does not exist needs no rule. */
static bool allow(int ruleset, const char *path, uint64_t rights)
{
    int fd = open(path, O_PATH | O_CLOEXEC);
    if (fd < 0) return errno == ENOENT;
    struct stat st;
    bool ok = fstat(fd, &st) == 0;
    if (ok && !S_ISDIR(st.st_mode)) {
        rights &= LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE |
                  LANDLOCK_ACCESS_FS_EXECUTE | FS_TRUNCATE;
    }
    struct landlock_path_beneath_attr rule = { .allowed_access = rights, .parent_fd = fd };
    ok = ok && syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0) == 0;
    close(fd);
    return ok;
}

int rules_landlock_open(const char *program, const char *const *reads, size_t read_count,
                        const char *folder)
{
    int version = rules_landlock_version();
    if (version == 0) return -1;
    uint64_t handled = all_first | (version >= 2 ? FS_REFER : 0) | (version >= 3 ? FS_TRUNCATE : 0);
    struct landlock_ruleset_attr attr = { .handled_access_fs = handled };
    long made = syscall(SYS_landlock_create_ruleset, &attr, sizeof attr.handled_access_fs, 0);
    if (made < 0) return -2;
    int ruleset = (int)made;
    bool ok = allow(ruleset, program, look | LANDLOCK_ACCESS_FS_EXECUTE);
    for (size_t i = 0; ok && i < COUNT(system_paths); i++)
        ok = allow(ruleset, system_paths[i], look | LANDLOCK_ACCESS_FS_EXECUTE);
    for (size_t i = 0; ok && i < read_count; i++)
        ok = allow(ruleset, reads[i], look);
    const uint64_t device = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE;
    ok = ok && allow(ruleset, "/dev/null", device) && allow(ruleset, "/dev/urandom", look);
    if (ok && folder) ok = allow(ruleset, folder, handled & ~(uint64_t)LANDLOCK_ACCESS_FS_EXECUTE);
    if (ok) return ruleset;
    int error = errno;
    close(ruleset);
    errno = error;
    return -2;
}

/* --- in the child --------------------------------------------------------------------------------------- */

/* Root keeps only what lets it read data folders of other users, which Landlock then narrows; anybody else has
 * nothing to give up. */
static bool drop_capabilities(void)
{
    if (geteuid() != 0) return true;
    const unsigned kept = 1U << CAP_DAC_OVERRIDE | 1U << CAP_DAC_READ_SEARCH;
    struct __user_cap_header_struct head = { .version = _LINUX_CAPABILITY_VERSION_3 };
    struct __user_cap_data_struct now[2] = { { 0 } };
    if (syscall(SYS_capget, &head, now) != 0) return false;
    const unsigned left = now[0].permitted & kept;
    prctl(PR_SET_SECUREBITS, SECBIT_NOROOT | SECBIT_NOROOT_LOCKED, 0, 0,
          0); /* refused in some containers */
    struct __user_cap_data_struct data[2] = { { left, left, left }, { 0 } };
    if (syscall(SYS_capset, &head, data) != 0) return false;
    for (unsigned cap = 0; cap < 32; cap++)
        if (left >> cap & 1) prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, cap, 0, 0);
    return true;
}

bool rules_apply(int landlock)
{
    /* refused in some containers and to plain users without user namespaces; the filter forbids sockets anyway */
    if (unshare(CLONE_NEWNET) != 0 && geteuid() != 0) unshare(CLONE_NEWUSER | CLONE_NEWNET);
    if (!drop_capabilities()) return false;
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return false;
    if (landlock >= 0 && syscall(SYS_landlock_restrict_self, landlock, 0) != 0) return false;
    return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter, 0, 0) == 0;
}
