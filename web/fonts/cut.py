"""Cuts the two small fonts of this folder out of Debian's fonts-noto-cjk.

Run in this folder, with the Regular font already here:

    python3 cut.py /usr/share/fonts/opentype/noto

The same input gives the same bytes (fontTools 4.68.0).
"""

import sys
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTCollection, TTFont

# Characters of place names and peoples that are not among the 3,755 of GB 2312, level 1.
PLACES = (
    "衢泸濮亳莆漯邯郴涪滁泗睢邳滕兖郯莒沂淄邛崃阆郫犍珙筠彝傣傈僳佤祜瑶侗畲羌"
    "闵崮岷歙黟婺嵊鄞浒浔溧邗盱眙杞荥涿蠡滦蔚隰临汾洮"
)
SIGNS = "　—…·（）《》〈〉「」『』【】、，。：；？！￥¥〇"


def face(folder: Path, file: str, family: str) -> TTFont:
    fonts = TTCollection(folder / file, recalcTimestamp=False).fonts
    return next(font for font in fonts if font["name"].getDebugName(1) == family)


def cut(font: TTFont, characters: set[int], name: str) -> None:
    options = Options()
    options.layout_features = []
    options.hinting = False
    options.notdef_outline = True
    options.drop_tables += ["BASE", "DSIG", "VORG", "vhea", "vmtx"]
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=characters)
    subsetter.subset(font)
    font.save(name)
    print(name, len(font.getBestCmap()), "characters", Path(name).stat().st_size, "bytes")


def is_hangul(code: int) -> bool:
    spans = [(0x1100, 0x11FF), (0x3130, 0x318F), (0xA960, 0xA97F), (0xAC00, 0xD7FF), (0xFFA0, 0xFFDF)]
    return any(first <= code <= last for first, last in spans)


def rare(folder: Path) -> None:
    """What the Regular font lacks: rare ideographs of the planes above, some signs."""
    regular = set(TTFont("NotoSansSC-Regular.ttf").getBestCmap())
    font = face(folder, "NotoSansCJK-Regular.ttc", "Noto Sans CJK SC")
    wanted = {c for c in font.getBestCmap() if c not in regular and not is_hangul(c)}
    cut(font, wanted, "NotoSansCJKsc-Rare.otf")


def song(folder: Path) -> None:
    """The Song face for titles and seals: the common characters, places, digits and signs."""
    level_1 = (bytes([row, cell]) for row in range(0xB0, 0xD8) for cell in range(0xA1, 0xFF))
    common = "".join(pair.decode("gb2312", "ignore") for pair in level_1)
    wanted = set(map(ord, common + PLACES + SIGNS)) | set(range(0x20, 0x7F))
    cut(face(folder, "NotoSerifCJK-Bold.ttc", "Noto Serif CJK SC"), wanted, "NotoSerifCJKsc-Bold-Common.otf")


if __name__ == "__main__":
    rare(Path(sys.argv[1]))
    song(Path(sys.argv[1]))
