"""The away lock over the whole window: whose work waits, since when, what opens it; nothing of any patron."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from madoguchi.widgets.look.canvas import Canvas, Ink
from madoguchi.widgets.look.controls import KeyButton
from madoguchi.widgets.look.credentials import Credentials
from madoguchi.widgets.look.flow import block_height, draw_block
from madoguchi.widgets.look.form_field import FormField
from madoguchi.widgets.look.icons import Icon
from madoguchi.widgets.look.painted import Painted, Readout
from madoguchi.widgets.look.panel_views import LockView
from madoguchi.widgets.look.theme import Look
from madoguchi.widgets.look.words import translate

CARD_WIDTH = 760
_HELD = Ink("heading", bold=True)
_QUIET = Ink("label", colour="ink2")


class HeldScans(Readout):
    """How many scans came while nobody was there, and what becomes of them."""

    def __init__(self, look: Look, parent: QWidget) -> None:
        super().__init__(look, parent)
        self._count_words = ""

    def set_count(self, count: int) -> None:
        """Show this many; 0 shows nothing."""
        words = translate("Look", "読み取り {count}件を保留中").format(count=count) if count else ""
        self._count_words = words
        self.speak(words, self._detail() if count else "")
        self.update()

    @staticmethod
    def _detail() -> str:
        return translate("Look", "まだ処理していません。離席した職員が再開すると、順に処理します。")

    def _words_left(self) -> int:
        theme = self.look.theme
        return theme.space(4) + theme.px(32) + theme.space(3)

    def height_for(self, width: int) -> int:
        """Height in px at this width; 0 while nothing is held."""
        if not self._count_words:
            return 0
        theme = self.look.theme
        room = width - self._words_left() - theme.space(3)
        words = block_height(theme, self._count_words, _HELD, room)
        return words + block_height(theme, self._detail(), _QUIET, room) + 2 * theme.space(2)

    def draw(self, canvas: Canvas) -> None:
        """Paint everything."""
        if not self._count_words:
            return
        theme = canvas.theme
        canvas.box(self.rect(), border="line", fill="surfaceAlt", radius=theme.radius("control"))
        icon = theme.px(32)
        canvas.icon(theme.space(4) + icon // 2, self.height() // 2, icon, Icon.RECORDED, "ink")
        left = self._words_left()
        room = self.width() - left - theme.space(3)
        top = draw_block(canvas, left, theme.space(2), room, self._count_words, _HELD)
        draw_block(canvas, left, top, room, self._detail(), _QUIET)


class LockPanel(Painted, QWidget):
    """Shows a ``LockView`` over everything. Enter works here as in the sign-in panel.

    The way out is a sign-in: a staff card can say who, the password proves it.

    Signals:
        submitted(login, password): try these. The password is cleared from the field at once.
    """

    submitted = Signal(str, str)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        QWidget.__init__(self, parent)
        self.look = look
        self._view = LockView("", "")
        self._card = QRect()
        self._tight = False
        self._tops: dict[str, int] = {}
        self._credentials = Credentials(look, translate("Look", "再開"), self)
        self._held = HeldScans(look, self)
        self._credentials.submitted.connect(self.submitted)
        self.setFocusProxy(self._credentials)

    def set_view(self, view: LockView) -> None:
        """Show this."""
        self._view = view
        self.setAccessibleName(f"{self._heading()} {self._who()}")
        self.setAccessibleDescription(f"{self._opens_with()} {self._for_others()}")
        self._credentials.set_state(view.message, view.message_sign, busy=view.busy)
        self._held.set_count(view.held_scans)
        self._arrange()
        self.update()

    def start(self, login: str = "") -> None:
        """Begin anew: this login (of who left, or of who showed a card), no password."""
        self._credentials.start(login)

    def credentials(self) -> Credentials:
        """The fields, the button and the message."""
        return self._credentials

    def user_field(self) -> FormField:
        """The field of the login."""
        return self._credentials.login_field()

    def password_field(self) -> FormField:
        """The field of the password."""
        return self._credentials.password_field()

    def button(self) -> KeyButton:
        """The button that submits."""
        return self._credentials.button()

    def held_line(self) -> HeldScans:
        """The number of held scans."""
        return self._held

    @staticmethod
    def _heading() -> str:
        return translate("Look", "離席中")

    @staticmethod
    def _opens_with() -> str:
        return translate("Look", "パスワードを入れると再開します")

    def _who(self) -> str:
        return translate("Look", "{staff}（{since} から）").format(
            staff=self._view.staff, since=self._view.since
        )

    def _for_others(self) -> str:
        words = translate(
            "Look",
            "別の職員が使うときは、自分の職員番号とパスワードを入れてください。{staff}さんの作業は残ります。",
        )
        return words.format(staff=self._view.staff)

    # Layout and painting ----------------------------------------------------------------------------

    def sizeHint(self) -> QSize:
        """Qt's call."""
        return QSize(self.look.theme.px(CARD_WIDTH), self.look.theme.px(520))

    def look_changed(self) -> None:
        """Lay everything out again."""
        self._credentials.set_look(self.look)
        self._held.set_look(self.look)
        self._arrange()

    def resizeEvent(self, event: object) -> None:
        """Qt's call."""
        del event
        self._arrange()

    def _inks(self) -> tuple[Ink, Ink, Ink]:
        """Of the heading, of who is away, and of what opens the lock."""
        heading = Ink("name" if self._tight else "lock", bold=True)
        return heading, Ink("body", colour="ink2"), Ink("heading" if self._tight else "name", bold=True)

    def _pad(self) -> int:
        return self.look.theme.space(4) if self._tight else self.look.theme.grown(48)

    def _icon(self) -> int:
        theme = self.look.theme
        heading, who, _ = self._inks()
        return min(theme.line(heading.role) + theme.line(who.role), theme.px(64))

    def _words_left(self) -> int:
        """Where heading and name begin, from the card's left edge."""
        return self._pad() + self._icon() + self.look.theme.space(4)

    def _arrange(self) -> None:
        self._tight = False
        for self._tight in (False, True):
            if self._place() <= self.height() - 2 * self.look.theme.space(2):
                break

    def _place(self) -> int:
        """Place everything; return the card's height."""
        theme = self.look.theme
        gap = theme.space(1 if self._tight else 3)
        margin = theme.space(2) if self._tight else theme.grown(28)
        pad, (heading, who, opens) = self._pad(), self._inks()
        width = min(theme.px(CARD_WIDTH), self.width() - 2 * theme.space(4))
        inner = width - 2 * pad
        head_room = width - self._words_left() - pad
        tops = {"heading": margin}
        tops["who"] = tops["heading"] + theme.line(heading.role)
        tops["line"] = tops["who"] + block_height(theme, self._who(), who, head_room) + gap
        tops["opens"] = tops["line"] + gap
        tops["fields"] = tops["opens"] + block_height(theme, self._opens_with(), opens, inner) + gap
        fields, held = self._credentials.height_for(inner), self._held.height_for(inner)
        tops["held"] = tops["fields"] + fields + gap
        tops["others"] = tops["held"] + held + (gap if held else 0)
        height = tops["others"] + block_height(theme, self._for_others(), _QUIET, inner) + margin
        left = (self.width() - width) // 2
        top = max(theme.space(1), (self.height() - height) * 2 // 5)
        self._card = QRect(left, top, width, height)
        self._tops = {name: top + y for name, y in tops.items()}
        self._credentials.setGeometry(left + pad, self._tops["fields"], inner, fields)
        self._held.setVisible(bool(held))
        self._held.setGeometry(left + pad, self._tops["held"], inner, held)
        return height

    def paintEvent(self, event: QPaintEvent) -> None:
        """Qt's call."""
        del event
        painter = QPainter(self)
        self.draw(Canvas(painter, self.look.theme, pixel_ratio=self.devicePixelRatioF()))
        painter.end()

    def draw(self, canvas: Canvas) -> None:
        """Paint card, heading and sentences; fields, button and held scans paint themselves."""
        theme, card, tops = canvas.theme, self._card, self._tops
        canvas.fill(self.rect(), "ground")
        if not tops:
            return
        canvas.box(card, border="lineStrong", fill="surface", radius=theme.radius("card"))
        heading, who, opens = self._inks()
        pad, icon = self._pad(), self._icon()
        left, right = card.left() + pad, card.left() + card.width() - pad
        words = card.left() + self._words_left()
        middle = (tops["heading"] + tops["line"] - theme.space(1 if self._tight else 3)) // 2
        draw_padlock(canvas, QRect(left, middle - icon // 2, icon, icon), "accent")
        line = QRect(words, tops["heading"], right - words, theme.line(heading.role))
        canvas.text(line, self._heading(), heading)
        draw_block(canvas, words, tops["who"], right - words, self._who(), who)
        canvas.hline(left, right - 1, tops["line"])
        draw_block(canvas, left, tops["opens"], right - left, self._opens_with(), opens)
        draw_block(canvas, left, tops["others"], right - left, self._for_others(), _QUIET)


def draw_padlock(canvas: Canvas, rect: QRect, colour: str) -> None:
    """A closed padlock: a solid body with a keyhole, and a ring. No icon file of the program holds one."""
    side = rect.width()
    painter, ink = canvas.painter, canvas.theme.colour(colour)
    body = QRectF(rect.left() + side * 0.18, rect.top() + side * 0.42, side * 0.64, side * 0.5)
    stroke = side * 0.085
    ring = QRectF(rect.left() + side * 0.32, rect.top() + side * 0.12, side * 0.36, side * 0.36)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(ink, stroke, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
    painter.drawArc(ring, 0, 180 * 16)
    for x in (ring.left(), ring.right()):
        # One px into the arc and into the body, or a seam would show.
        top = ring.center().y() - 1
        painter.fillRect(QRectF(x - stroke / 2, top, stroke, body.top() - top + 1), ink)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ink)
    painter.drawRoundedRect(body, side * 0.05, side * 0.05)
    painter.setBrush(canvas.theme.colour("surface"))
    painter.drawEllipse(body.center(), side * 0.075, side * 0.075)
