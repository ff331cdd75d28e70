"""An answer that is no number is refused here, wherever a network is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lightbox.core.errors import UserFacingError

if TYPE_CHECKING:
    from torch import Tensor, nn

MOST_NAMES = 3


class LogitError(UserFacingError):
    """A network gave a logit that is not a finite number, so that it has no answer.

    Args:
        message: what happened, as one sentence.
        hint: what to do about it, as one sentence.
        damaged: whether the weights themselves hold such numbers, so that no scan has an answer that can be believed.
    """

    def __init__(self, message: str, hint: str, *, damaged: bool = False) -> None:
        super().__init__(message, hint)
        self.damaged = damaged


def check_logits(logits: Tensor, module: nn.Module, title: str) -> None:
    """Refuse logits of which one is not finite; a softmax would make a class of them without a word.

    Args:
        logits: (N, classes).
        module: which gave them.
        title: of the network, for people.

    Raises:
        LogitError: names the weights that are not finite either, where there are such.
    """
    import torch

    if bool(torch.isfinite(logits).all()):
        return
    kind = "not a number" if bool(torch.isnan(logits).any()) else "not a number but infinite"
    bad = [
        name
        for name, tensor in module.state_dict().items()
        if tensor.is_floating_point() and not bool(torch.isfinite(tensor).all())
    ]
    if bad:
        names = ", ".join(bad[:MOST_NAMES]) + (f" and {len(bad) - MOST_NAMES} more" if len(bad) > MOST_NAMES else "")
        hint = (
            f"Its weights hold values that are not finite ({names}): take the checkpoint from where it was published, "
            "train it again, or leave this network out."
        )
    else:
        hint = (
            "Its weights are finite, so the computation itself went wrong on this scan: leave this network out, or "
            "train it again."
        )
    raise LogitError(f"{title} gave a logit that is {kind}.", hint, damaged=bool(bad))
