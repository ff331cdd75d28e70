"""Whether a recipe and an architecture can be trained at all: asked before a picture is read, not after hours."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import torch

from lightbox.core.errors import UserFacingError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from torch import nn

    from lightbox.networks import NetworkSpec
    from lightbox.training.distil import Teacher
    from lightbox.training.recipe import Recipe

# What torch's and torchvision's modules raise for an input that they cannot take.
REFUSALS = (RuntimeError, ValueError, AssertionError, TypeError, IndexError)


def check_recipe(recipe: Recipe) -> None:
    """Refuse numbers that no training comes to an end with.

    Raises:
        UserFacingError: names the number.
    """
    if recipe.batch_size < 2:
        raise UserFacingError(
            f"Steps of {recipe.batch_size} images cannot be trained with: batch norm needs two.",
            "Give a --batch-size of 2 or more.",
        )
    for name in ("teacher_weight", "teacher_on_phantoms"):
        if not 0 <= getattr(recipe, name) <= 1:
            raise UserFacingError(
                f"A {name} of {getattr(recipe, name):g} is no share.",
                f"Give --{name.replace('_', '-')} from 0 to 1.",
            )
    for name in ("teacher_size", "views"):
        if getattr(recipe, name) < 0:
            raise UserFacingError(
                f"A {name} of {getattr(recipe, name)} cannot be.", f"Give --{name.replace('_', '-')} of 0 or more."
            )
    if recipe.views and recipe.resample:
        raise UserFacingError(
            "With views some pictures that resampling leaves out would never be learned from.",
            "Give --views or --resample, not both.",
        )
    if recipe.sizes and recipe.teacher_size > recipe.sizes[-1]:
        raise UserFacingError(
            f"Pictures are prepared at {recipe.sizes[-1]} pixels: a teacher at {recipe.teacher_size} would see them "
            "blown up.",
            "Give a --teacher-size of the last of the --sizes at most.",
        )
    if recipe.epochs < 1 or not recipe.sizes or min(recipe.sizes) < 1:
        raise UserFacingError(
            f"Nothing is trained in {recipe.epochs} epochs at {_list(recipe.sizes) or 'no'} pixels.",
            "Give --epochs of 1 or more, and --sizes of 1 or more.",
        )
    if recipe.size_at(recipe.epochs - 1) != recipe.sizes[-1]:
        raise UserFacingError(
            f"With {recipe.epochs} epochs the last of the sizes {_list(recipe.sizes)} is never reached, at which a "
            "network is judged and shipped.",
            f"Give --epochs of {len(recipe.sizes)} or more, or fewer --sizes.",
        )


def check_network(architecture: NetworkSpec, class_count: int, built: Mapping[str, Any], recipe: Recipe) -> None:
    """Pass two blank pictures through the untrained network, as in training, at its smallest and largest size.

    Args:
        architecture: what is built.
        class_count: number of logits.
        built: keyword arguments of its ``build``.
        recipe: has the sizes.

    Raises:
        UserFacingError: it cannot be built so, does not take pictures of that size, or answers with anything but one
            logit a class.
    """
    module = _build(architecture, class_count, built).train()
    for size in sorted({min(recipe.sizes), max(recipe.sizes)}):
        try:
            with torch.no_grad():
                logits = module(torch.zeros(2, 3, size, size))
        except REFUSALS as error:
            reason = str(error).partition("\n")[0]
            raise UserFacingError(
                f"{architecture.title} cannot be trained on pictures of {size} pixels ({reason}).",
                "Give --sizes that it takes, or choose another network.",
            ) from error
        if not isinstance(logits, torch.Tensor) or logits.shape != (2, class_count):
            raise UserFacingError(
                f"{architecture.title} answers in training with more than one logit a class, which is not supported.",
                "Choose another network, such as torchvision/efficientnet_b0.",
            )


def check_teacher(teacher: Teacher, recipe: Recipe) -> None:
    """Show a teacher two blank pictures of each size that it will see.

    Raises:
        UserFacingError: it does not take pictures of that size.
    """
    for size in sorted({recipe.teacher_size or size for size in recipe.sizes}):
        try:
            teacher(torch.zeros(2, 1, size, size))
        except REFUSALS as error:
            reason = str(error).partition("\n")[0]
            raise UserFacingError(
                f"The teacher cannot be shown pictures of {size} pixels ({reason}).",
                "Give a --teacher-size that it takes.",
            ) from error


def _build(architecture: NetworkSpec, class_count: int, built: Mapping[str, Any]) -> nn.Module:
    try:
        return architecture.build(class_count, **built)
    except (TypeError, ValueError) as error:
        raise UserFacingError(
            f"{architecture.title} cannot be built with {json.dumps(dict(built))} ({error}).",
            "Correct --widths or the recipe's [architecture]; only the ConvNet has any.",
        ) from error


def _list(sizes: tuple[int, ...]) -> str:
    return ", ".join(map(str, sizes))
