from lightbox.jobs.places import Places


def test_there_are_as_many_places_as_workers_live():
    living = 2
    places = Places(lambda: living)
    assert places.take()
    assert places.take()
    assert not places.take()
    places.give_back()
    living = 1
    assert not places.take(), "one is taken, and one worker is left"
    living = 2
    assert places.take()
