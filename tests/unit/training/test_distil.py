import numpy as np
import pytest
import torch
from torch.nn import functional

from lightbox.core.errors import UserFacingError
from lightbox.training.arrays import Pictures
from lightbox.training.distil import Answers, answers_name, distil, read_teacher
from lightbox.training.recipe import Recipe
from tests.unit.jobs.conftest import write_checkpoint

CLASSES = ("glioma", "meningioma", "pituitary", "no_tumor")


def logits(*rows):
    return torch.tensor(rows, dtype=torch.float64, requires_grad=True)


def test_the_loss_is_the_papers_sum_by_hand():
    student, teacher, temperature, weight = logits([2.0, 0.0, -1.0]), logits([1.0, 1.0, -2.0]), 3.0, 0.7
    wanted = np.exp(teacher.detach().numpy() / temperature)
    wanted /= wanted.sum()
    answered = np.exp(student.detach().numpy() / temperature)
    answered /= answered.sum()
    divergence = float((wanted * np.log(wanted / answered)).sum())
    hard = torch.tensor([0.4], dtype=torch.float64)
    loss = distil(student, teacher, hard, temperature, weight)
    assert float(loss.detach()) == pytest.approx(0.3 * 0.4 + 0.7 * 9.0 * divergence, rel=1e-12)


def test_the_gradient_keeps_its_size_at_a_high_temperature():
    """Hinton et al. 2015, equation 4: T^2 times the gradient tends to (z - v) / N for zero-mean logits."""
    student, teacher = logits([0.5, -0.2, -0.3]), logits([-0.1, 0.4, -0.3])
    distil(student, teacher, torch.zeros(1, dtype=torch.float64), 1e4, 1.0).backward()
    expected = (student - teacher).detach() / 3
    assert torch.allclose(student.grad, expected, atol=1e-4)


def test_a_student_that_agrees_learns_only_from_the_labels():
    student = logits([0.3, -0.4])
    labels = torch.tensor([1])
    hard = functional.cross_entropy(student, labels, reduction="none")
    assert float(distil(student, student.detach(), hard, 4.0, 0.7).detach()) == pytest.approx(
        0.3 * float(hard.detach())
    )


def test_a_scan_without_a_share_of_the_teacher_learns_from_its_label_alone():
    student, teacher = logits([2.0, 0.0], [0.3, -0.4]), logits([-1.0, 1.0], [1.0, 1.0])
    hard = torch.tensor([0.4, 0.2], dtype=torch.float64)
    first = distil(student[:1], teacher[:1], hard[:1], 3.0, 0.7)
    loss = distil(student, teacher, hard, 3.0, torch.tensor([0.7, 0.0]))
    assert float(loss.detach()) == pytest.approx((float(first.detach()) + 0.2) / 2, rel=1e-6)


def test_a_teacher_answers_with_the_mean_log_probability(tmp_path):
    first, second = (write_checkpoint(tmp_path / str(seed), seed=seed) for seed in (1, 2))
    grey = torch.rand(2, 1, 64, 64, generator=torch.Generator().manual_seed(0))
    alone = [read_teacher([folder], "brain_mri", CLASSES, "head")(grey) for folder in (first, second)]
    together = read_teacher([first, second], "brain_mri", CLASSES, "head")(grey)
    assert torch.allclose(together, (alone[0] + alone[1]) / 2, atol=1e-5)
    assert torch.allclose(alone[0].exp().sum(1), torch.ones(2), atol=1e-5)


def test_a_teacher_of_something_else_is_refused(tmp_path):
    folder = write_checkpoint(tmp_path / "brain")
    with pytest.raises(UserFacingError, match="trained for brain_mri"):
        read_teacher([folder], "chest_xray", ("normal", "bacterial", "viral"), "none")
    with pytest.raises(UserFacingError, match="cut to 'head'"):
        read_teacher([folder], "brain_mri", CLASSES, "none")


class Counting:
    """A teacher that answers with the brightest pixel, and remembers what it was shown."""

    def __init__(self):
        self.shown = []

    def __call__(self, grey):
        self.shown.append(tuple(grey.shape))
        return grey.amax(dim=(1, 2, 3))[:, None].expand(-1, 2)


def test_kept_answers_are_those_of_their_own_batch_view_and_grid():
    teacher = Counting()
    answers = Answers(teacher, size=0, keep=True)
    pictures = torch.rand(4, 3, 1, 8, 8, generator=torch.Generator().manual_seed(1))
    everyone = torch.ones(3, dtype=torch.bool)
    asked = [(0, 0), (0, 1), (1, 0), (1, 1)]
    said = [
        answers.of(grey, everyone, 2, view=view, batch=batch)
        for (view, batch), grey in zip(asked, pictures, strict=True)
    ]
    again = [
        answers.of(grey, everyone, 2, view=view, batch=batch)
        for (view, batch), grey in zip(asked, pictures, strict=True)
    ]
    assert len(teacher.shown) == 4
    for grey, first, second in zip(pictures, said, again, strict=True):
        assert torch.equal(first[:, 0], grey.amax(dim=(1, 2, 3)))
        assert torch.equal(first, second)
    answers.of(pictures[0, :, :, :4, :4], everyone, 2, view=0, batch=0)
    assert len(teacher.shown) == 5


def test_where_every_epoch_draws_anew_the_teacher_is_asked_every_time():
    teacher = Counting()
    answers = Answers(teacher, size=0, keep=False)
    for _ in range(2):
        answers.of(torch.zeros(3, 1, 8, 8), torch.ones(3, dtype=torch.bool), 2, view=0, batch=0)
    assert len(teacher.shown) == 2


def test_a_teacher_is_shown_its_own_grid_and_only_what_it_is_asked_about():
    teacher = Counting()
    wanted = torch.tensor([True, False, True])
    said = Answers(teacher, size=12, keep=False).of(torch.full((3, 1, 8, 8), 0.5), wanted, 2, view=0, batch=0)
    assert teacher.shown == [(2, 1, 12, 12)]
    assert said.tolist() == [[0.5, 0.5], [0.0, 0.0], [0.5, 0.5]]


def test_kept_answers_serve_the_next_pupil(tmp_path):
    file = tmp_path / "answers" / "kept.safetensors"
    grey = torch.rand(3, 1, 8, 8, generator=torch.Generator().manual_seed(1))
    everyone = torch.ones(3, dtype=torch.bool)
    first = Answers(Counting(), size=0, keep=True, file=file)
    said = first.of(grey, everyone, 2, view=1, batch=2)
    first.save()
    teacher = Counting()
    second = Answers(teacher, size=0, keep=True, file=file)
    assert torch.equal(second.of(grey, everyone, 2, view=1, batch=2), said)
    assert not teacher.shown
    second.of(grey, everyone, 2, view=1, batch=3)
    assert len(teacher.shown) == 1
    second.save()
    assert len(Answers(Counting(), size=0, keep=True, file=file)._kept) == 2


def test_answers_to_other_pictures_changes_or_teachers_are_another_file():
    def pictures(value):
        return Pictures(np.full((2, 4, 4), value, np.uint8), np.array([0, 1]), ())

    names = [
        answers_name(["a"], pictures(0), Recipe()),
        answers_name(["b"], pictures(0), Recipe()),
        answers_name(["a"], pictures(1), Recipe()),
        answers_name(["a"], pictures(0), Recipe(style=0.5)),
        answers_name(["a"], pictures(0), Recipe(seed=1)),
    ]
    assert len(set(names)) == len(names)
    assert answers_name(["a"], pictures(0), Recipe(learning_rate=1.0, epochs=3)) == names[0]
