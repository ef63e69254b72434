/* Spoken text: espeak-ng in the sandbox, and sound as samples in memory. */
#ifndef EDULAB_MEDIA_SPEECH_H
#define EDULAB_MEDIA_SPEECH_H

#include "base/arena.h"

enum {
    SPEECH_RATE = 22050, /* samples a second, 16 bits, one channel: what espeak-ng writes */
    SPEECH_MAX = SPEECH_RATE * 60 * 20,
};

struct sound {
    int16_t *samples; /* in the arena it was made with */
    size_t n, room;
};

/* Says `text` (French: "fr") and adds it to the sound, without the silence at its ends. Works in `folder`. False with a
 * sentence for the console. */
bool speech_add(struct arena *arena, struct str folder, struct str text, struct str language,
                struct sound *sound, struct str *ret_error);
void sound_add_silence(struct arena *arena, struct sound *sound, int64_t ms);
int64_t sound_ms(const struct sound *sound);
/* Writes a WAV file. */
bool sound_write(const struct sound *sound, struct str path);
/* The samples of a WAV file's bytes; false unless it is 16 bits, one channel, SPEECH_RATE. */
bool sound_parse_wav(struct str wav, const char **ret_samples, size_t *ret_count);

#endif
