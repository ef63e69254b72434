#!/usr/bin/python3
# Stands where whisper stands, with its words: it finds where somebody speaks in a WAV file and writes a line for each stretch. What is
# said it does not know; models of speech are no packages of Debian.
import argparse
import array
import os
import wave

words = argparse.ArgumentParser()
words.add_argument('file')
words.add_argument('--language')
words.add_argument('--output_dir', default='.')
words.add_argument('--fail', action='store_true')
asked = words.parse_args()
if asked.fail:
    raise SystemExit('no model')
with wave.open(asked.file) as sound:
    assert (sound.getnchannels(), sound.getframerate(), sound.getsampwidth()) == (1, 16000, 2)
    samples = array.array('h', sound.readframes(sound.getnframes()))
PIECE = 1600
loud = [max(map(abs, samples[i:i + PIECE]), default=0) > 600 for i in range(0, len(samples), PIECE)]


def clock(tenths):
    return f'{tenths // 36000:02}:{tenths // 600 % 60:02}:{tenths // 10 % 60:02}.{tenths % 10}00'


lines, start = [], None
for i, here in enumerate(loud + [False]):
    if here and start is None:
        start = i
    if not here and start is not None:
        if i - start > 2:
            lines.append(f'{clock(start)} --> {clock(i)}\n[{asked.language}]\n')
        start = None
with open(os.path.join(asked.output_dir, 'sound.vtt'), 'w') as out:
    out.write('WEBVTT\n\n' + '\n'.join(lines))
