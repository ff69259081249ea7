"""The picture of today's counter on a page at rest: asks for the figures while in sight, and words them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QTimer

from madoguchi.app.lending.answers import CounterToday
from madoguchi.app.lending.facts import Desk
from madoguchi.app.lending.today import counter_today
from madoguchi.widgets import wording
from madoguchi.widgets.look.chart_views import BarFill, HourChartView, HourSeries
from madoguchi.widgets.look.hour_chart import HourChart
from madoguchi.widgets.look.theme import Look
from madoguchi.widgets.look.views import Sign
from madoguchi.widgets.worker import DatabaseWorker

translate = QCoreApplication.translate

REFRESH_MS = 60_000
# Two refreshes have brought nothing by then: the figures say of what time they are.
FRESH = dt.timedelta(minutes=2)


class TodayBoard(QObject):
    """Owns the chart and keeps it up to date while it is in sight.

    The page places ``widget``, calls ``show_now`` when it comes into its place and ``rest`` when it leaves.
    Between the two the server is asked whenever the chart is really visible: at once, then every minute, one
    question at a time. Under a cover, on another page or in a minimized window nothing is asked. While the
    server does not answer, the last figures stay and say of what time they are. The board goes with its
    ``widget``.

    ``clock_now`` is the library's time as this terminal knows it.
    """

    def __init__(
        self,
        look: Look,
        worker: DatabaseWorker,
        desk: Desk,
        clock_now: Callable[[], dt.datetime],
        *,
        refresh_ms: int = REFRESH_MS,
    ) -> None:
        self.widget = HourChart(look)
        super().__init__(self.widget)
        self._worker = worker
        self._desk = desk
        self._clock_now = clock_now
        self._figures: CounterToday | None = None
        self._as_of = clock_now()
        self._wanted = False
        self._asked = False
        self._line_down = False
        self._timer = QTimer(self)
        self._timer.setInterval(refresh_ms)
        self._timer.timeout.connect(self._refresh)
        self.widget.installEventFilter(self)
        self.widget.destroyed.connect(self.rest)

    def show_now(self) -> None:
        """The chart is in its place, or about to be: fresh figures as soon as it can be seen."""
        self._wanted = True
        if self.widget.isVisible():
            self._begin()

    def rest(self) -> None:
        """The chart has left its place: nothing is asked any more, and what still comes is only kept."""
        self._wanted = False
        self._timer.stop()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Qt's call."""
        if watched is self.widget:
            if event.type() is QEvent.Type.Show and self._wanted:
                self._begin()
            elif event.type() is QEvent.Type.Hide:
                self._timer.stop()
        return False

    def _begin(self) -> None:
        self._timer.start()
        self._refresh()

    def _refresh(self) -> None:
        self._show()
        if not self._asked:
            self._asked = True
            self._worker.ask(
                partial(counter_today, desk=self._desk),
                self._take,
                self._take_outage,
                self._take_fault,
                matters=False,
            )

    def _take(self, figures: CounterToday) -> None:
        self._figures, self._as_of = figures, self._clock_now()
        self._asked = self._line_down = False
        self._show()

    def _take_outage(self) -> None:
        # the question stays asked: the worker repeats it until the line is back
        self._line_down = True
        self._show()

    def _take_fault(self) -> None:
        self._asked = False

    def _show(self) -> None:
        if not self._wanted:
            return
        view = chart_view(self._figures, self._as_of, self._clock_now(), line_down=self._line_down)
        if view != self.widget.view():
            self.widget.set_view(view)


def chart_view(
    figures: CounterToday | None, as_of: dt.datetime, now: dt.datetime, *, line_down: bool
) -> HourChartView | None:
    """The figures in words, as they were at ``as_of`` and are seen ``now``; None before there are any."""
    title = translate("Counter", "今日の窓口")
    sign = Sign.OUTAGE if line_down else None
    if figures is None:
        if not line_down:
            return None
        sentence = translate("Counter", "今日の件数は、回線が戻ると表示します。")
        return HourChartView(title, sentence=sentence)
    fresh = not line_down and as_of.date() == now.date() and now - as_of < FRESH
    note = "" if fresh else _as_of_words(as_of, now)
    if not (figures.checkouts or figures.checkins or figures.renewals):
        sentence = translate("Counter", "今日はまだ、貸出・返却・延長がありません。")
        return HourChartView(title, note=note, note_sign=sign, sentence=sentence)
    return HourChartView(
        title,
        translate("Counter", "この館の1時間ごとの点数"),
        hours=tuple(hour.hour for hour in figures.hours),
        series=_series(figures, as_of.hour),
        now=now.hour if fresh else None,
        now_word=translate("Counter", "いま"),
        note=note,
        note_sign=sign,
    )


def _as_of_words(as_of: dt.datetime, now: dt.datetime) -> str:
    time = f"{as_of:%H:%M}"
    if as_of.date() != now.date():
        time = f"{wording.day(as_of.date())} {time}"
    return translate("Counter", "{time} 時点").format(time=time)


def _series(figures: CounterToday, last_hour: int) -> tuple[HourSeries, ...]:
    """The three acts. Hours after ``last_hour`` are open, unless the server's clock is ahead of this one."""

    def series(label: str, total: int, amounts: list[int], fill: BarFill, share: int) -> HourSeries:
        known = zip(figures.hours, amounts, strict=True)
        return HourSeries(
            label,
            translate("Counter", "{n}点").format(n=total),
            tuple(amount if hour.hour <= last_hour or amount else None for hour, amount in known),
            fill,
            share,
        )

    hours = figures.hours
    # a renewal is rare beside a loan or a return: half the height is enough on the common scale
    return (
        series(
            translate("Counter", "貸出"),
            figures.checkouts,
            [hour.checkouts for hour in hours],
            BarFill.SOLID,
            2,
        ),
        series(
            translate("Counter", "返却"),
            figures.checkins,
            [hour.checkins for hour in hours],
            BarFill.HATCHED,
            2,
        ),
        series(
            translate("Counter", "延長"),
            figures.renewals,
            [hour.renewals for hour in hours],
            BarFill.OUTLINED,
            1,
        ),
    )
