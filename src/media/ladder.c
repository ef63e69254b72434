/* From the room's screen to a phone on a train. */
#include "media/ladder.h"

#include <math.h>

enum {
    FINE_FROM = 432, /* shorter sides above this get the finer quality */
    FIRST_MOST = 480,
    SIDE_LEAST = 16,
};

static const int sides[LADDER_MAX] = { 1080, 720, 480, 240 };

static int even(double pixels)
{
    int rounded = 2 * (int)lround(pixels / 2);
    return rounded < SIDE_LEAST ? SIDE_LEAST : rounded;
}

static struct rendition step(int width, int height, int side)
{
    int shorter = width < height ? width : height;
    double scale = shorter > side ? (double)side / shorter : 1;
    struct rendition r = { .width = even(width * scale), .height = even(height * scale) };
    int named = r.width < r.height ? r.width : r.height;
    snprintf(r.name, sizeof r.name, "%dp", named % 10000);
    double pixels = (double)r.width * r.height;
    r.crf = named > FINE_FROM ? 22 : 24;
    /* 2,800 kbit/s for 1280×720; fewer pixels need more bits each */
    r.max_kbit = (int)fmin(2800 * pow(pixels / (1280.0 * 720), 0.85), 6000);
    if (r.max_kbit < 150) r.max_kbit = 150;
    return r;
}

size_t ladder_plan(int width, int height, struct rendition *ret)
{
    ret[0] = step(width, height, sides[0]);
    int shorter = ret[0].width < ret[0].height ? ret[0].width : ret[0].height;
    size_t n = 1;
    for (size_t i = 0; i < COUNT(sides); i++) /* a step of less than a quarter saves nothing */
        if (sides[i] * 4 <= shorter * 3) ret[n++] = step(width, height, sides[i]);
    return n;
}

size_t ladder_first(const struct rendition *ladder, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        int shorter = ladder[i].width < ladder[i].height ? ladder[i].width : ladder[i].height;
        if (shorter <= FIRST_MOST) return i;
    }
    return count - 1;
}

double ladder_rate(double fps, bool variable)
{
    if (variable || !(fps >= 1)) return 30;
    while (fps > 31)
        fps /= 2;
    return fps;
}
