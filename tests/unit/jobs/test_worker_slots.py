from lightbox.jobs.worker_slots import WorkerSlots


def test_there_are_as_many_places_as_workers_live():
    living = 2
    slots = WorkerSlots(lambda: living)
    assert slots.take()
    assert slots.take()
    assert not slots.take()
    slots.give_back()
    living = 1
    assert not slots.take(), "one is taken, and one worker is left"
    living = 2
    assert slots.take()
