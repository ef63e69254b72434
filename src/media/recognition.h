/* Subtitles written by a machine: an endpoint that speaks OpenAI's interface for transcriptions, or a command such as whisper on
 * this machine. Neither is needed; without them nothing is offered. */
#ifndef EDULAB_MEDIA_RECOGNITION_H
#define EDULAB_MEDIA_RECOGNITION_H

#include "media/transcode.h"

struct settings;

/* Reads the settings recognition_*; once, at start. */
void recognition_start(const struct settings *settings);
bool recognition_is_set(void);

/* Listens to the first sound of a prepared video (job: hls, name, progress) and writes what is said in `lang` ("fr") as WebVTT.
 * Outside any transaction; takes minutes. MEDIA_BAD: ret->why is a msgid that says why (no sound, nothing understood, too
 * long); MEDIA_FAILED: in English, try later. */
enum media_result media_recognise(struct arena *arena, const struct transcode_job *job,
                                  struct str lang, struct str *ret_vtt,
                                  struct transcode_result *ret);

#endif
