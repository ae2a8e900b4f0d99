# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""An answer while it arrives: what can be told of it, and when. Pure.

The outcome is told as soon as the result is whole, because a customer and a cashier
wait for it. What comes afterwards only adds details: an outcome that was told is never
replaced by another one, save that an acceptance is never lost and that a refusal which
the terminal contradicts is no longer safe to try again.
"""

from dataclasses import replace

from .frame import FrameError, FrameReader
from .operation import has_result, judge

_LINE_ENDS = b"\r\n"
_STARTS = 8  # after broken frames: what a peer can make us keep


class AnswerReader:
    """Reads the answer to one request from pieces of any size."""

    def __init__(self, request, on_result=None):
        """
        :param Request request: what was asked
        :param on_result: function of a Verdict, called when an outcome can be told: at
            most twice, an acceptance that is readable after a broken frame being the
            second. Or None.
        """
        self._request = request
        self._on_result = on_result
        self._earlier = []  # messages before the last broken place
        self._starts_left = _STARTS
        self._reader = FrameReader()
        self._error = None  # the first FrameError that is certain
        self._is_broken = False  # nothing more can be read in this message
        self._told = None  # the Verdict that was told

    @property
    def is_known(self):
        """True when the outcome is clear: nobody can be paying any more."""
        return bool(self._told) and self._told.outcome != "unknown"

    @property
    def may_end(self):
        """True when silence may end the answer here (protocol.md 1.5).

        After a broken frame somebody may still be paying, unless nobody was asked to.
        """
        if self._is_broken:
            return self.is_known or not self._request.is_payment
        return self._reader.at_boundary and has_result(self._request, self._messages)

    def feed(self, data):
        """Take more bytes. Never raises."""
        if self._is_broken:
            self._start_again(data)
        if not self._is_broken:
            self._read(data)
        self._tell()

    def close(self, ended_by):
        """Return the Verdict on the whole answer.

        :param str ended_by: end_of_stream, quiet, timed_out or connection_lost
        :return: Verdict, never not_sent
        """
        error = self._error or self._truncation()
        if self.is_known:
            return self._complete(error)
        return judge(self._request, self._messages, error, ended_by)

    @property
    def _messages(self):
        return self._earlier + self._reader.messages

    def _start_again(self, data):
        """After a broken frame a clear message may still come: somebody may be typing
        a code. It is looked for at the start of a piece only, never inside one.
        """
        is_start = data.lstrip(_LINE_ENDS)[:2] == b"CZ"
        if is_start and self._starts_left and not self.is_known:
            self._starts_left -= 1
            self._earlier = self._messages
            self._reader, self._is_broken = FrameReader(), False

    def _read(self, data):
        try:
            self._reader.feed(data)
        except FrameError as error:
            self._error, self._is_broken = self._error or error, True

    def _tell(self):
        verdict = self._verdict_to_tell()
        if not verdict or (self._told and self._told.outcome == verdict.outcome):
            return
        self._told = verdict
        if self._on_result:
            self._on_result(verdict)

    def _verdict_to_tell(self):
        """Return the Verdict that can be told now, or None."""
        if self.is_known:
            return None
        if self._is_broken:
            return judge(self._request, self._messages, self._error)
        verdict = judge(self._request, self._messages) if self.may_end else None
        return verdict if verdict and self._is_clear(verdict) else None

    def _is_clear(self, verdict):
        """A refusal without its reason (AF) is told once silence has shown that none
        comes. After a broken frame it cannot be believed: money may have moved.
        """
        refused = verdict.outcome == "refused"
        return verdict.outcome == "approved" or (
            refused and bool(verdict.detail_code) and not self._error
        )

    def _truncation(self):
        try:
            self._reader.close()
        except FrameError as error:
            return error
        return None

    def _complete(self, error):
        """Return what was told, with what has come since."""
        whole = judge(self._request, self._messages)
        if whole.outcome == self._told.outcome:
            return replace(whole, error=str(error or ""))
        if whole.contradiction and self._told.outcome == "refused":
            return whole
        error = str(error or whole.error)
        return replace(self._told, contradiction=whole.contradiction, error=error)
