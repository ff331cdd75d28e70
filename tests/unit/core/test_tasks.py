"""Tasks and the words for their classes."""

from lightbox.core.tasks import TASKS, class_title


def test_a_class_in_words_whatever_its_task():
    assert class_title("no_tumor") == "No tumour"
    assert class_title("viral") == "Viral pneumonia"
    assert class_title("dementia") == "dementia"
    keys = [key for task in TASKS.values() for key in task.classes]
    assert len(keys) == len(set(keys)), "a key names one class, or its words could be another task's"
