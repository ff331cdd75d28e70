"""The z-plus rule with only the work that a rectified input leaves, and its dual for negated weights."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lightbox.networks.engines import torchvision_import  # noqa: F401  (must precede zennit, which imports torchvision)

# isort: split
from zennit.core import BasicHook, ParamMod, Stabilizer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from torch import Tensor, nn

# zennit's own.
STABILIZER = 1e-6


class SparingZPlus(BasicHook):  # type: ignore[misc]
    """zennit's ``ZPlus``, to the bit; where no input is negative, half of its work is a product with nothing.

    Positive inputs meet positive weights in one pass through the layer, negative inputs negative weights in a second
    one. After a ReLU the second pass multiplies zeros: it is left out.

    Args:
        zero_params: parameters to set to zero, such as ``["bias"]``.
        negate: the rule on the negated weights: what speaks against a class, as evidence for its opposite. The dual
            of CLRP2. The epsilon rule would not do: there the sign of the weights cancels, and the opposite of a class
            has the relevance of the class itself.

    Reference:
        Bach et al. (2015), doi:10.1371/journal.pone.0130140, equation 60 with alpha 1 and beta 0.
    """

    def __init__(self, zero_params: Sequence[str] | None = None, *, negate: bool = False) -> None:
        kept = list(zero_params or ())
        sign = -1 if negate else 1
        stabilise = Stabilizer(STABILIZER)
        super().__init__(
            input_modifiers=[lambda scan: scan.clamp(min=0), lambda scan: scan.clamp(max=0)],
            param_modifiers=[
                ParamMod(lambda weight, _name: (sign * weight).clamp(min=0), zero_params=kept),
                ParamMod(lambda weight, _name: (sign * weight).clamp(max=0), zero_params=[*kept, "bias"]),
            ],
            output_modifiers=[lambda output: output] * 2,
            gradient_mapper=lambda out_grad, outputs: [out_grad / stabilise(sum(outputs))] * len(outputs),
            reducer=lambda inputs, gradients: sum(
                scan * gradient for scan, gradient in zip(inputs, gradients, strict=True)
            ),
        )

    def backward(
        self, module: nn.Module, grad_input: tuple[Tensor, ...], grad_output: tuple[Tensor, ...]
    ) -> tuple[Tensor | None, ...]:
        """Relevance of the layer's input, for that of its output."""
        if bool((self.stored_tensors["input"][0] < 0).any()):
            return super().backward(module, grad_input, grad_output)  # type: ignore[no-any-return]
        half = BasicHook(
            self.input_modifiers[:1],
            self.param_modifiers[:1],
            self.output_modifiers[:1],
            self.gradient_mapper,
            self.reducer,
        )
        half.stored_tensors = self.stored_tensors
        return half.backward(module, grad_input, grad_output)  # type: ignore[no-any-return]
