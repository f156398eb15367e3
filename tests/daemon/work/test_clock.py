from inkwash.daemon.work.clock import Clock


def test_the_clock_says_nothing_at_first_and_stands_still_while_paused() -> None:
    clock = Clock()
    assert clock.seconds_left(0) is None
    assert clock.seconds_left(1) == 0
    with clock.paused():
        before = clock._start
    assert clock._start > before
