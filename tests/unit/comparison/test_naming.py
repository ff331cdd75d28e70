"""A file's name tells what is in it, and nothing of the upload."""

import dataclasses
import datetime as dt

from lightbox.comparison.naming import name_file

DAY = dt.date(2026, 11, 29)


def with_answers(comparison, *answers, titles=("Normal", "Bacterial pneumonia", "Viral pneumonia")):
    panels = tuple(
        dataclasses.replace(
            panel,
            class_titles=titles,
            probabilities=tuple(0.8 if index == answer else 0.1 for index in range(3)),
        )
        for panel, answer in zip(comparison.panels, answers, strict=False)
    )
    return dataclasses.replace(comparison, panels=panels)


def test_one_network_gives_kind_answer_network_and_day(comparison):
    one = with_answers(comparison, 2)
    assert name_file(one, "zip", day=DAY) == "lightbox_chest-xray_viral-pneumonia_convnet_2026-11-29.zip"
    assert name_file(one, "png", day=DAY).endswith("_2026-11-29.png")


def test_networks_that_agree_share_the_answer_and_others_have_each_their_own(comparison):
    agree, differ = with_answers(comparison, 1, 1), with_answers(comparison, 1, 0)
    assert name_file(agree, "zip", day=DAY) == (
        "lightbox_chest-xray_bacterial-pneumonia_convnet-resnet50_2026-11-29.zip"
    )
    assert name_file(differ, "zip", day=DAY) == (
        "lightbox_chest-xray_convnet-bacterial-pneumonia_resnet50-normal_2026-11-29.zip"
    )


def test_a_class_in_any_letters_gives_a_name_that_every_file_system_takes(comparison):
    odd = with_answers(comparison, 0, titles=("../Größe: \x00/é", "b", "c"))
    assert name_file(odd, "zip", day=DAY) == "lightbox_chest-xray_groe-e_convnet_2026-11-29.zip"
    none = with_answers(comparison, 1, titles=("a", "脳腫瘍", "c"))
    assert name_file(none, "zip", day=DAY) == "lightbox_chest-xray_class-1_convnet_2026-11-29.zip"
