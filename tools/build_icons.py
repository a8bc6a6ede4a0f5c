"""Make the icon sprite from an unpacked `lucide-static` npm package.

    python tools/build_icons.py path/to/lucide-static

Only the icons named below are kept. Afterwards put the new sha256 into static/vendor/VENDOR.md.
"""

import re
import sys
from pathlib import Path

TARGET = Path(__file__).resolve().parent.parent / "static/vendor/lucide/icons.svg"
NAMES = """
angry archive arrow-left arrow-right ban bell building-2 calendar chart-column check chevron-down
chevron-left chevron-right circle-alert circle-check circle-help clock copy corner-up-left download
ellipsis external-link eye file-text filter flag frown globe history image inbox info keyboard
languages laugh link list lock log-out mail meh menu merge message-circle message-square moon
package paperclip pencil phone plus refresh-cw reply rotate-ccw search send settings shield-alert
smartphone smile star sticky-note tag trash-2 triangle-alert truck undo-2 user user-plus users x zap
""".split()


def symbol(source: Path, name: str) -> str:
    """One `<symbol>` with the shapes of one icon; the stroke comes from the page's CSS."""
    drawing = (source / "icons" / f"{name}.svg").read_text()
    found = re.search(r"<svg[^>]*>(.*)</svg>", drawing, re.DOTALL)
    if found is None:
        raise SystemExit(f"{name}.svg is not a drawing")
    shapes = " ".join(found[1].split()).replace("> <", "><")
    return f'<symbol id="{name}" viewBox="0 0 24 24">{shapes}</symbol>'


def main() -> None:
    source = Path(sys.argv[1])
    symbols = "\n".join(symbol(source, name) for name in NAMES)
    TARGET.write_text(
        "<!-- lucide-static, ISC licence, see LICENSE -->\n"
        f'<svg xmlns="http://www.w3.org/2000/svg">\n{symbols}\n</svg>\n'
    )


if __name__ == "__main__":
    main()
