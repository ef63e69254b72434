/* Looking up what tools/embed put into the program. */
#include "html/asset.h"

const struct asset *asset_find(const struct asset *assets, size_t count, struct str path)
{
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = str_cmp(path, str_from(assets[middle].path));
        if (order == 0) return &assets[middle];
        if (order < 0) high = middle;
        else low = middle + 1;
    }
    return NULL;
}
