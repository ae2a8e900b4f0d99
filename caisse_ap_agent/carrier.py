# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Carries one request to a terminal of the list, and says what became of it.

A report is what the server is told: a dict of reference, outcome, reason, fields,
receipt, error, contradiction and is_final, masked.
"""

import logging
import threading
import time

from caisse_ap import Request, RequestError, exchange

from .exchange_log import LogError

_logger = logging.getLogger(__name__)

# What Odoo gave us later than this may be another's by now: its lease is 45 seconds.
FRESH_SECONDS = 20.0
# The connection to a terminal outlives its answer by a moment.
TERMINAL_FREE_SECONDS = 5.0
LONGEST_ERROR = 500
LONGEST_RECEIPT = 8000


class Carrier:
    """`config`: the Config; `log`: the ExchangeLog."""

    def __init__(self, config, log):
        self._config = config
        self._log = log
        self._locks = {terminal: threading.Lock() for terminal in _terminals(config)}

    def carry(self, given, claimed_at, on_result):
        """Carry out one request, in a thread of its own. It returns the last report.

        `given`: a dict, as Odoo gives it. `claimed_at`: time.monotonic() before it was
        asked for. `on_result`: called with a report as soon as the outcome is known.
        """
        reference = given["reference"]
        try:
            refusal = self._refusal(given)
            if refusal:
                return self._answered(reference, _not_sent(reference, refusal))
            terminal = self._config.terminals[given["terminal"]]
            self._log.begin(reference, terminal=given["terminal"])
            return self._with_terminal(given, terminal, claimed_at, on_result)
        except LogError as error:
            _logger.error("%s", error)
            return _not_sent(reference, "agent_disk", str(error))

    def _refusal(self, given):
        """Return why a request must not be carried out, or ""."""
        request = given["request"]
        limit = self._config.refund_limit
        if given["terminal"] not in self._config.terminals:
            return "agent_unknown_terminal"
        is_refund = request.get("operation") in ("credit", "reversal")
        amount = request.get("amount_cents")
        if is_refund and limit is not None and amount > limit:
            return "agent_refund_limit"
        return ""

    def _with_terminal(self, given, terminal, claimed_at, on_result):
        reference, lock = given["reference"], self._locks[terminal]
        if not lock.acquire(timeout=TERMINAL_FREE_SECONDS):
            return self._answered(reference, _not_sent(reference, "agent_busy"))
        try:
            if time.monotonic() - claimed_at > FRESH_SECONDS:
                return self._answered(reference, _not_sent(reference, "agent_too_late"))
            return self._exchange(given, terminal, on_result)
        finally:
            lock.release()

    def _exchange(self, given, terminal, on_result):
        reference = given["reference"]
        try:
            request = Request(**given["request"])
        except (RequestError, TypeError) as error:
            report = _not_sent(reference, "agent_bad_request", str(error))
            return self._answered(reference, report)

        def tell(verdict):
            report = self._answered(reference, report_of(reference, verdict))
            on_result(dict(report, is_final=False))

        verdict = exchange(
            request,
            terminal.address,
            terminal.port,
            timeout=float(given["timeout"]),
            before_send=lambda: self._log.sent(reference),
            on_result=tell,
        )
        report = report_of(reference, verdict)
        if verdict.reason == "database_error":  # the log did not take `sent`
            report["reason"] = "agent_disk"
        return self._answered(reference, report)

    def _answered(self, reference, report):
        """Note a report; the terminal's word goes to Odoo even if the disk is full."""
        try:
            self._log.answer(reference, report)
        except LogError as error:
            _logger.error("%s", error)
        return report


def after_a_crash(reference, known):
    """Return the report on what the last run left.

    `known`: what the log has of it. Not even begun to leave is as good as not sent.
    """
    if "answer" in known:
        return known["answer"]
    if known.get("sent"):
        return _report(reference, "unknown", "agent_stopped")
    return _not_sent(reference, "agent_stopped")


def report_of(reference, verdict):
    """Return the report on a Verdict."""
    return _report(
        reference,
        verdict.outcome,
        verdict.reason,
        fields=verdict.fields,
        receipt=verdict.receipt[:LONGEST_RECEIPT],
        error=verdict.error[:LONGEST_ERROR],
        contradiction=verdict.contradiction,
    )


def _not_sent(reference, reason, error=""):
    return _report(reference, "not_sent", reason, error=error[:LONGEST_ERROR])


def _report(reference, outcome, reason, **details):
    report = {"fields": {}, "receipt": "", "error": "", "contradiction": ""}
    report.update(reference=reference, outcome=outcome, reason=reason, is_final=True)
    return dict(report, **details)


def _terminals(config):
    return set(config.terminals.values())
