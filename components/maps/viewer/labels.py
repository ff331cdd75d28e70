"""Every word of the viewer that does not come from a map."""

from __future__ import annotations

from typing import Any

from components.shell.language import _


def labels() -> dict[str, Any]:
    """The texts by the names that the viewer's script knows them by; ``{braces}`` are filled there."""
    return {
        "title": _("A closer look"),
        "close": _("Close"),
        "stage": _(
            "The scan with its map. Arrow keys move the crosshair, with Shift they move the picture; plus and minus "
            "zoom, zero shows all of it, S finds the strongest point."
        ),
        "fetching": _("Fetching the values …"),
        "unreachable": _("The values did not arrive. Close this view and open it again."),
        "doubted": _("The scan check has a concern about this scan: settle it on the page before you read its maps."),
        "reduced": _("Drawn at {shown} of the scan's {native} pixels."),
        "maps": _("Maps of this scan"),
        "beside": _("Beside it"),
        "nothing": _("nothing"),
        "drawing": _("Show"),
        "overlay": _("Map over scan"),
        "contours": _("Contours"),
        "scan": _("Scan alone"),
        "map": _("Map alone"),
        "blink": _("Blink"),
        "wipe": _("Wipe"),
        "swap_scan": _("Show the scan"),
        "swap_map": _("Show the map"),
        "divider": _("Divider"),
        "divider_help": _("left of it the scan alone"),
        "opacity": _("Opacity of the map"),
        "level": _("Level (brightness)"),
        "window": _("Window (contrast)"),
        "window_reset": _("Reset level and window"),
        "zoom_in": _("Zoom in"),
        "zoom_out": _("Zoom out"),
        "zoom_all": _("Show all"),
        "zoom": _("Zoom × {zoom}"),
        "strongest": _("Strongest point"),
        "position": _("Row {row} of {rows}, column {column} of {columns}: {place}"),
        "places": [
            [_("upper left"), _("top"), _("upper right")],
            [_("left"), _("centre"), _("right")],
            [_("lower left"), _("bottom"), _("lower right")],
        ],
        "of_picture": _("{place} of the picture"),
        "of_patient": {
            "L": _("{place} of the picture, the patient's left"),
            "R": _("{place} of the picture, the patient's right"),
        },
        "brightness": _("Brightness {percent} %"),
        "one_sided": _("evidence against is not drawn"),
        "failed": _("Do not rely on this map: {sentence}"),
        "keys": _("Keys"),
        "keys_help": _(
            "Arrows move the crosshair, Shift and arrows the picture. + and − zoom, 0 shows all. S finds the strongest "
            "point of the map. Space swaps scan and map while they blink. Esc closes. With the mouse: wheel, drag, "
            "click. On a touch screen: two fingers zoom, one moves, a tap sets the crosshair."
        ),
        "words_help": _(
            "Weak, moderate and strong are shares of the value at which the map's colours end: below 5 % there is next "
            "to none, up to a third it is weak, up to two thirds moderate. Rows and columns count from 1 at the upper "
            "left. Left and right are the picture's. Letters at its edges are the patient's sides as the file states "
            "them: L left, R right, A front, P back, H head, F feet. Where there are none, the file does not say."
        ),
    }
