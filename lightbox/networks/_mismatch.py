"""In which way weights are not those of an architecture: said by name, so that a person can mend it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lightbox.core.errors import UserFacingError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lightbox.networks.card import Card

Shape = tuple[int, ...]
MOST_NAMES = 3


def check_fit(wanted: Mapping[str, Shape], found: Mapping[str, Shape], card: Card, title: str) -> None:
    """Refuse weights that an architecture does not take as they are.

    Args:
        wanted: shapes of the architecture's tensors, by name.
        found: shapes of the tensors in the file, by name.
        card: of the checkpoint.
        title: of the architecture, for people.

    Raises:
        UserFacingError: says which tensors are missing, left over or of another shape, the first few by name; or which
            prefix all names have.
    """
    missing = [name for name in wanted if name not in found]
    extra = [name for name in found if name not in wanted]
    other = [name for name in wanted if name in found and wanted[name] != found[name]]
    if not (missing or extra or other):
        return
    message = f"The weights of {card.task}/{card.network} do not fit the architecture {title}: "
    prefix = find_prefix(wanted, found)
    if prefix:
        raise UserFacingError(
            f"{message}each name in the file begins with {prefix!r}.",
            f"Save the file with the names without {prefix!r}, and write its new sha256 on the card.",
        )
    parts = [_list(missing, "missing"), _list(extra, "left over"), _shapes(other, wanted, found)]
    raise UserFacingError(f"{message}{'; '.join(part for part in parts if part)}.", _advise(other, wanted, found, card))


def find_prefix(wanted: Mapping[str, Shape], found: Mapping[str, Shape]) -> str:
    """What stands before the name of each tensor in the file, such as ``module.``; "" where nothing does."""
    first = min(found, key=len, default="")
    prefixes = [first.removesuffix(name) for name in wanted if first.endswith(f".{name}")]
    # The longest name gives the shortest prefix: "a.b.weight" ends as both "b.weight" and "weight" do.
    prefix = min(prefixes, key=len, default="")
    whole = prefix and all(name.startswith(prefix) and name.removeprefix(prefix) in wanted for name in found)
    return prefix if whole else ""


def _list(names: Sequence[str], what: str) -> str:
    if not names:
        return ""
    more = f" and {len(names) - MOST_NAMES} more" if len(names) > MOST_NAMES else ""
    return f"{what}: {', '.join(names[:MOST_NAMES])}{more}"


def _shapes(names: Sequence[str], wanted: Mapping[str, Shape], found: Mapping[str, Shape]) -> str:
    told = [f"{name} ({_size(found[name])} in the file, {_size(wanted[name])} wanted)" for name in names]
    return _list(told, "of another shape")


def _size(shape: Shape) -> str:
    return " x ".join(map(str, shape)) or "one number"


def _advise(names: Sequence[str], wanted: Mapping[str, Shape], found: Mapping[str, Shape], card: Card) -> str:
    """What can help. Where only the outputs differ in number, the card's classes are the likely cause."""
    classes = len(card.classes)
    outputs = {
        found[name][0] for name in names if wanted[name][:1] == (classes,) and found[name][1:] == wanted[name][1:]
    }
    if names and len(outputs) == 1 and all(wanted[name][:1] == (classes,) for name in names):
        return f"The card lists {classes} classes and the file answers {outputs.pop()}: correct the card's classes."
    return "Correct network and [architecture] on the card, or bring the weights that were trained for them."
