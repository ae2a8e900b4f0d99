"""Make PNG pictures of screens small: shrink_pictures.py FILE…

A screen has few colours: 256 of them are enough, and take a third of the room.
"""

import sys

from PIL import Image

# No dots of two colours instead of a third one.
PLAIN = 0


def shrink(path):
    """Replace a picture by one with a palette; one that has it already is kept."""
    with Image.open(path) as picture:
        if picture.mode == "P":
            return
        colours = picture.convert("RGB").quantize(256, dither=PLAIN)
    colours.save(path, optimize=True)


for name in sys.argv[1:]:
    shrink(name)
