#!/usr/bin/env python3
"""Opens the Word copies of all accepted fixtures with PyPI's python-docx: their properties, styles and texts."""

import subprocess
import tempfile
from pathlib import Path

from support import tools

tools.enter("python-docx")

import docx

from support.checks import check, check_equal
from support.program import HONGTOU, ROOT

FACES = {"Normal": "仿宋_GB2312", "Title": "方正小标宋简体", "Heading 1": "黑体", "Heading 2": "楷体_GB2312"}
EAST_ASIA = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}eastAsia"


def check_copy(path, name):
    document = docx.Document(path)
    check_equal(document.core_properties.content_status, "供编辑", f"the status of {name}")
    check("供编辑" in document.sections[0].header.paragraphs[0].text, f"{name} has no mark in its header")
    check("供编辑" not in "".join(paragraph.text for paragraph in document.paragraphs), f"the mark is in the text of {name}")
    for style, face in FACES.items():
        fonts = document.styles[style].element.rPr.rFonts
        check_equal(fonts.get(EAST_ASIA), face, f"the typeface of {style} in {name}")
    check(len(document.paragraphs) > 5, f"{name} has no text")


def main():
    fixtures = [path for folder in ("valid", "real") for path in sorted((ROOT / "fixtures" / folder).glob("*.json"))]
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "copy.docx"
        for path in fixtures:
            subprocess.run([HONGTOU, "word", path, "-o", copy], check=True, stdout=subprocess.DEVNULL)
            check_copy(copy, path.stem)
    print(f"ok  {len(fixtures)} Word copies opened by python-docx")


if __name__ == "__main__":
    main()
