"""Child: one terminal that lends as fast as it is answered. A job in, "ready", a word to go, results out."""

from __future__ import annotations

import json
import sys
import time
from functools import partial
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import make_url

from madoguchi.app.lending.answers import CheckedOut
from madoguchi.app.lending.checkout import check_out
from madoguchi.app.lending.facts import Desk
from madoguchi.app.server.central import CentralServer
from madoguchi.app.server.outage import Outage
from madoguchi.app.staff.session import SignedIn
from tests.bench.stock import LOAD_CARDS, LOAD_ITEMS, VISIT
from tests.support.library import SOGO
from tests.support.staff import PASSWORD, line_to

# lent before the clock starts: the connection is open and every statement compiled
WARM = 3


def main() -> int:
    """Does the job."""
    job: dict[str, Any] = json.loads(sys.stdin.readline())
    first, last = job["first"], job["last"]
    server = line_to(make_url(job["url"]), limit_seconds=30)
    desk = Desk(branch_id=SOGO, terminal=f"{first}番窓口", login=job["login"])
    if isinstance(server, CentralServer):
        signed_in = server.sign_in(job["login"], PASSWORD)
        if not isinstance(signed_in, SignedIn):
            raise TypeError(f"not signed in: {signed_in}")
        desk = signed_in.desk
    visits: dict[int, UUID] = {}

    def lend(place: int) -> None:
        visit = visits.setdefault(place // VISIT, uuid4())
        answer = server.run(
            partial(
                check_out,
                operation=uuid4(),
                visit=visit,
                card_number=str(LOAD_CARDS + place // VISIT),
                item_number=str(LOAD_ITEMS + place),
                desk=desk,
            )
        )
        if not isinstance(answer, CheckedOut):
            raise TypeError(f"not lent: {answer}")

    for place in range(first, first + WARM):
        lend(place)
    _say("ready")
    sys.stdin.readline()
    place, outages, times = first + WARM, 0, []
    begun = time.perf_counter()
    while (now := time.perf_counter()) - begun < job["seconds"]:
        if place >= last:
            raise IndexError("the stock is too small for so quick a terminal")
        try:
            lend(place)
        except Outage:
            # the embedded file is given up after two seconds of waiting: counted, and not lent
            outages += 1
        else:
            times.append((time.perf_counter() - now) * 1e3)
        place += 1
    seconds = time.perf_counter() - begun
    server.close()
    _say({"lent": len(times), "outages": outages, "seconds": seconds, "times": times})
    return 0


def _say(words: object) -> None:
    print(json.dumps(words), flush=True)


if __name__ == "__main__":
    sys.exit(main())
