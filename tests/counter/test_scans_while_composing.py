"""first"""
from pathlib import Path
import time
from tests.counter.composing import LEARNED, composing_on
from tests.counter.harness import CounterLibrary
from tests.counter.test_two_hundred_scans import stock
from tests.support.xvfb import wait_for

def test_one(tmp_path: Path, embedded: CounterLibrary) -> None:
    numbers = stock(embedded, on_loan_to=embedded.patron())
    with composing_on(tmp_path, embedded, [LEARNED]) as terminal:
        print(terminal.tell("present"))
        terminal.compose("nihon", "にほｎ")
        t=time.time()
        terminal.session.scan(*numbers[:20])
        print("typed in", time.time()-t)
        wait_for(lambda: terminal.tell("counts")["scans"] == 20, "scans")
        assert terminal.tell("report")["scans"]==numbers[:20]
        print(terminal.tell("field"), terminal.tell("report")["scans"][:3])
