"""What stands between list and strip: a question or a card, never both."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject

from madoguchi.widgets.look.arrival_card import ArrivalCard
from madoguchi.widgets.look.counter_frame import Card, CounterFrame
from madoguchi.widgets.look.panel_views import ArrivalView
from madoguchi.widgets.look.views import Answer, QuestionView


class Between(QObject):
    """Opens and closes them; what is opened closes whatever stood there, a question unanswered.

    ``focus`` gives the keyboard back to whatever is in sight, ``refresh`` shows keys and banner anew.
    """

    def __init__(self, frame: CounterFrame, focus: Callable[[], None], refresh: Callable[[], None]) -> None:
        super().__init__()
        self._frame = frame
        self._focus = focus
        self._refresh = refresh
        self._on_answer: Callable[[Answer, str], None] | None = None
        self._arrival = ArrivalCard(frame.look)
        self._arrival.closed.connect(self.close_card)
        frame.question.answered.connect(self._answered)

    # -- a question ------------------------------------------------------------------------------------

    def ask(self, view: QuestionView, on_answer: Callable[[Answer, str], None]) -> None:
        """Opens a question."""
        self.close_card()
        self._on_answer = on_answer
        self._frame.ask(view)
        self._refresh()

    def asking(self) -> bool:
        """Whether a question is open."""
        return self._on_answer is not None

    def question(self) -> QuestionView | None:
        """The question that is open."""
        return self._frame.question.view() if self._on_answer is not None else None

    def close_question(self) -> None:
        """Leaves the question unanswered that is open."""
        if self._on_answer is None:
            return
        self._on_answer = None
        self._frame.close_question()
        self._focus()
        self._refresh()

    def _answered(self, answer: Answer, reason: str) -> None:
        on_answer = self._on_answer
        self.close_question()
        if on_answer is not None:
            on_answer(answer, reason)

    # -- a card ----------------------------------------------------------------------------------------

    def open_card(self, card: Card) -> None:
        """Shows a card."""
        self.close_question()
        self._frame.set_card(card)

    def greet(self, view: ArrivalView) -> None:
        """Shows what whoever has just signed in should know."""
        self._arrival.set_view(view)
        self.open_card(self._arrival)

    def is_greeting(self) -> bool:
        """Whether that is still shown."""
        return self._frame.card() is self._arrival

    def close_card(self) -> None:
        """Takes the card away."""
        card = self._frame.card()
        if card is not None:
            self._frame.set_card(None)
            # hidden, it would still hold what was typed
            card.set_view(None)
            self._focus()
