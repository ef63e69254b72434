/* The main function of a fuzz target in `make test`: gives it every file of its corpus and regressions, and speaks TAP
 * (one test a file). A file that once broke the parser stays in tests/fuzz/regression/<target>/ for ever. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int count;

static void replay_file(const char *path)
{
    FILE *f = fopen(path, "rb");
    if (!f || fseek(f, 0, SEEK_END) != 0) {
        printf("not ok %d - %s cannot be read\n", ++count, path);
        exit(1);
    }
    long size = ftell(f);
    rewind(f);
    /* exactly as large as the file, so that a sanitizer sees a read past its end */
    uint8_t *data = malloc(size ? (size_t)size : 1);
    if (!data || fread(data, 1, (size_t)size, f) != (size_t)size) {
        printf("not ok %d - %s cannot be read\n", ++count, path);
        exit(1);
    }
    fclose(f);
    /* said before, so that after a crash the last line names the file */
    fprintf(stderr, "# %s\n", path);
    LLVMFuzzerTestOneInput(data, (size_t)size);
    free(data);
    printf("ok %d - %s\n", ++count, path);
    fflush(stdout);
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static void replay_folder(const char *folder)
{
    struct dirent **entries;
    int n = scandir(folder, &entries, NULL, by_name);
    for (int i = 0; i < n; i++) {
        char path[4096];
        if (entries[i]->d_name[0] != '.') {
            snprintf(path, sizeof path, "%s/%s", folder, entries[i]->d_name);
            replay_file(path);
        }
        free(entries[i]);
    }
    if (n >= 0) free(entries);
}

int main(void)
{
    uint8_t nothing[1] = { 0 };
    LLVMFuzzerTestOneInput(nothing, 0);
    printf("ok %d - the empty input\n", ++count);
    replay_folder(FUZZ_CORPUS);
    replay_folder(FUZZ_REGRESSION);
    printf("1..%d\n", count);
    return 0;
}
