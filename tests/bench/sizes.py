"""How much is measured: all of it, the quick run, and the smallest that still runs every part."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much of everything.

    Attributes:
        filler: items that are only there, so that the tables are not empty ones.
        offscreen_too: the scans are timed without a screen as well as on one.
        starts: fresh processes for each thing that is started.
        scans: timed scans on each page of a window on a screen; half as many of one without.
        bare: acts of the same kind without the window; returns that trap a reservation, and that do not.
        trips: acts whose round trips are counted.
        marks: after how many scans the memory is read; growth counts from the second one.
        terminals: how many of them lend at once.
        seconds: how long they lend, and how long each limit beside them runs.
        load: items to be lent in that time.
        sign_ins: times that somebody signs in.
        outs: people whose accounts are ended while they work.
        leavings: times that somebody leaves their desk and comes back.
        made_scale: how many times the city's size the library is in which is searched.
        questions: how many of each class are asked.
        searches: how often each of them is.
        held_up: scans, of which half come while a search is under way.
        people: who are there when others register.
        patrons: among whom somebody is found.
        move_in_scale: how many times the city's patrons and open loans are moved in.
        wedge_samples: lines that hands type, and scans, that the recogniser is to tell apart.
    """

    filler: int
    offscreen_too: bool
    starts: int
    scans: int
    bare: int
    trips: int
    marks: tuple[int, ...]
    terminals: tuple[int, ...]
    seconds: float
    load: int
    sign_ins: int
    outs: int
    leavings: int
    made_scale: float
    questions: int
    searches: int
    held_up: int
    people: int
    patrons: int
    move_in_scale: float
    wedge_samples: int


FULL = Sizes(
    filler=100_000, offscreen_too=True, starts=7, scans=1_000, bare=500, trips=50,
    marks=(500, 1_000, 2_500, 5_000),
    terminals=(1, 4, 16), seconds=10, load=60_000, sign_ins=200, outs=20, leavings=100,
    made_scale=1, questions=10, searches=10, held_up=400, people=30_000, patrons=117_795,
    move_in_scale=1, wedge_samples=100_000,
)  # fmt: skip
QUICK = Sizes(
    filler=20_000, offscreen_too=False, starts=5, scans=200, bare=100, trips=20, marks=(250, 500, 1_000),
    terminals=(1, 4, 16), seconds=3, load=20_000, sign_ins=50, outs=10, leavings=30,
    made_scale=0.01, questions=4, searches=10, held_up=60, people=6_000, patrons=6_000,
    # a margin found among fewer is a wider one
    move_in_scale=0.02, wedge_samples=100_000,
)  # fmt: skip
SMALLEST = Sizes(
    filler=20, offscreen_too=False, starts=1, scans=4, bare=2, trips=2, marks=(2, 4, 6), terminals=(2,),
    seconds=1, load=8_000, sign_ins=2, outs=2, leavings=2,
    made_scale=0.001, questions=1, searches=1, held_up=2, people=600, patrons=600,
    move_in_scale=0.002, wedge_samples=200,
)  # fmt: skip
