/* Two steps are enough for lessons: one for the room's screen, one for a phone on a train. */
#include "media/ladder.h"

#include <math.h>

enum {
    TOP = 720,
    LOW = 360,
    LOW_FROM = 432, /* below this the low step would save nothing */
    SIDE_LEAST = 16,
};

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
    r.crf = named > LOW_FROM ? 22 : 24;
    /* 2,800 kbit/s for 1280×720; fewer pixels need more bits each */
    r.max_kbit = (int)fmin(2800 * pow(pixels / (1280.0 * 720), 0.85), 6000);
    if (r.max_kbit < 150) r.max_kbit = 150;
    return r;
}

size_t ladder_plan(int width, int height, struct rendition ret[LADDER_MAX])
{
    ret[0] = step(width, height, TOP);
    int shorter = ret[0].width < ret[0].height ? ret[0].width : ret[0].height;
    if (shorter < LOW_FROM) return 1;
    ret[1] = step(width, height, LOW);
    return 2;
}

double ladder_rate(double fps, bool variable)
{
    if (variable || !(fps >= 1)) return 30;
    while (fps > 31)
        fps /= 2;
    return fps;
}
