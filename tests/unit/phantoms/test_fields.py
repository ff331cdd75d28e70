"""Projection and noise against closed forms."""

import numpy as np

from lightbox.phantoms.fields import Tube, curve, noise_field, project_tubes


def test_a_straight_rod_projects_to_its_chord():
    size, radius = 256, 2**-4.5  # on the grid of radii, which are rounded to a quarter octave
    rod = Tube(np.array([[0.5, -0.2, 0.0], [0.5, 1.2, 0.0]]), radius)
    profile = project_tubes([rod], size)[size // 2]
    x = (np.arange(size) + 0.5) / size - 0.5
    chord = 2 * np.sqrt(np.clip(radius**2 - x**2, 0, None))
    inside = np.abs(x) < 0.75 * radius
    np.testing.assert_allclose(
        profile[inside], chord[inside], rtol=0.03
    )  # 0.6 pixels of blur bend the chord towards its edge
    assert abs(profile[np.abs(x) > 1.5 * radius]).max() < 0.01 * radius


def test_a_curve_along_the_beam_piles_up():
    flat = Tube(np.array([[0.3, 0.5, 0.0], [0.7, 0.5, 0.0]]), 0.02)
    deep = Tube(np.array([[0.49, 0.5, 0.0], [0.51, 0.5, 0.4]]), 0.02)
    assert project_tubes([deep], 128).max() > 3 * project_tubes([flat], 128).max()


def test_noise_has_unit_strength_and_the_same_shape_at_any_size():
    strengths = [noise_field(np.random.default_rng(seed), (128, 128), 16).std() for seed in range(8)]
    np.testing.assert_allclose(np.mean(strengths), 1.0, atol=0.12)
    small, large = (noise_field(np.random.default_rng(1), (side, side), 6) for side in (64, 128))
    np.testing.assert_allclose(large.reshape(64, 2, 64, 2).mean(axis=(1, 3)), small, atol=0.05)


def test_a_curve_passes_through_its_points():
    points = ((0.0, 0.0, 0.0), (0.4, 0.1, 0.2), (1.0, 0.0, 0.0))
    line = curve(*points, count=3)
    np.testing.assert_allclose(line, points, atol=1e-12)
