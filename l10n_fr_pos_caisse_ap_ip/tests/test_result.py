"""The terminal's word, written as soon as it is known; and threads that must end."""

import ctypes
import threading
import uuid
from dataclasses import replace
from unittest.mock import Mock, patch

from odoo.tests.common import tagged

from .. import background_exchanges, compat
from ..caisse_ap import Verdict
from ..models import transaction_result
from .common import TerminalCase

APPROVED = Verdict("approved", "approved", 1234)
EXCHANGE = background_exchanges.Exchange  # tests of a till put another in its place
REFUSED = Verdict("refused", "declined", detail_code="04")


@tagged("post_install", "-at_install")
class TestResult(TerminalCase):
    def setUp(self):
        super().setUp()
        self.pushed = []
        self.enter(patch.object(compat, "TILL_HAS_BUS", True))
        self.enter(patch.object(compat, "push", self._note_push, create=True))
        self.row = self.transaction(self.start())
        self.mark_sent(self.row)

    def _note_push(self, config, states):
        self.pushed += [(config, state) for state in states]

    def test_outcome_is_pushed_before_the_answer_has_ended(self):
        """The till knows while the terminal is still taken."""
        self.row._record_result(APPROVED)
        self.assertEqual((self.row.state, self.row.approved_cents), ("approved", 1234))
        self.assertTrue(self.row.lease_until)
        self.assertEqual(
            [state["state"] for _config, state in self.pushed], ["approved"]
        )

    def test_end_frees_the_terminal_and_tells_nothing_twice(self):
        """An end that adds nothing is no news."""
        self.row._record_result(APPROVED)
        self.row._record_verdict(APPROVED)
        self.assertFalse(self.row.lease_until)
        self.assertEqual(len(self.pushed), 1)

    def test_end_adds_details(self):
        """What came after the outcome is written, and told."""
        self.row._record_result(APPROVED)
        self.row._record_verdict(replace(APPROVED, authorisation="123456"))
        self.assertEqual(self.row.authorisation, "123456")
        [first, second] = [state["authorisation"] for _config, state in self.pushed]
        self.assertEqual((first, second), ("", "123456"))

    def test_refusal_that_is_contradicted_is_unknown(self):
        """The till may not try again: the terminal said both."""
        self.row._record_result(REFUSED)
        verdict = Verdict("unknown", "conflicting_fields", contradiction="AE")
        self.row._record_verdict(verdict)
        self.assertEqual(self.row.state, "unknown")
        self.assertFalse(self.row.lease_until)

    def test_acceptance_that_is_contradicted_stands(self):
        """A manager is to look; the history says what the terminal contradicted."""
        self.row._record_result(APPROVED)
        self.row._record_verdict(replace(APPROVED, contradiction="AE CB"))
        self.assertEqual(self.row.state, "approved")
        self.assertIn("contradicts itself - AE CB", self.row.history)
        self.assertNotIn(self.env.user.name, self.row.history, "nobody said so")
        self.assertEqual(len(self.pushed), 2)
        state = self.row._to_till()
        self.assertTrue(state["needs_person"])
        self.assertEqual(state["title"], "The terminal contradicts itself")
        self.assertIn("12.34", state["message"])
        self.assertTrue(self.row.activity_ids)
        closing = self.till().fr_caisse_ap_ip_closing(self.session.id)
        self.assertTrue(closing["needs_attention"])

    def test_contradiction_is_resolved_by_a_manager(self):
        """Nothing asks for attention then, and the payment stays what it is."""
        self.row._record_result(APPROVED)
        self.row._record_verdict(replace(APPROVED, contradiction="CB"))
        self.row._resolve_contradiction("compared")
        self.assertEqual(self.row._to_till()["title"], "Payment approved")
        self.assertFalse(self.row.activity_ids)

    def test_unknown_result_may_become_an_acceptance(self):
        """A broken frame first, a clear word later: the acceptance is not lost."""
        self.row._record_result(Verdict("unknown", "broken_frame"))
        self.row._record_result(APPROVED)
        self.row._record_verdict(APPROVED)
        self.assertEqual(self.row.state, "approved")

    def test_state_is_pushed_in_the_language_of_the_cashier(self):
        """The page shows it as it comes, so its words are the cashier's."""
        self.env["res.lang"]._activate_lang("fr_FR")
        self.row.user_id.lang = "fr_FR"
        self.row._record_result(REFUSED)
        [(config, state)] = self.pushed
        self.assertEqual(config, self.config)
        cashier = self.row.with_context(lang="fr_FR", tz=self.row.user_id.tz)
        self.assertEqual(state, cashier._to_till())


@tagged("post_install", "-at_install")
class TestNews(TerminalCase):
    def test_only_the_page_of_the_sale_can_listen(self):
        """Where it listens itself: on a channel that it is told, not one it names."""
        self.enter(patch.object(compat, "TILL_HAS_BUS", False))
        send = self.enter(patch.object(transaction_result, "send_on_bus"))
        page = uuid.uuid4().hex
        state = self.start(page=page)
        row = self.transaction(state)
        self.mark_sent(row)
        row._record_result(APPROVED)
        [(_env, channel, _name, message)] = [call[0] for call in send.call_args_list]
        self.assertEqual(channel, state["bus"]["channel"])
        self.assertNotIn(page, channel)
        self.assertEqual(message["states"][0]["state"], "approved")

    def test_page_that_did_not_name_itself(self):
        """It asks; nobody is pushed anything."""
        self.enter(patch.object(compat, "TILL_HAS_BUS", False))
        send = self.enter(patch.object(transaction_result, "send_on_bus"))
        state = self.start()
        self.answer(self.transaction(state))
        self.assertFalse(state["bus"])
        self.assertNotIn(None, state.values(), "XML-RPC could not say it")
        self.assertFalse(send.called)


@tagged("post_install", "-at_install")
class TestExchange(TerminalCase):
    """An exchange that connects while its row is being committed."""

    def setUp(self):
        super().setUp()
        self.row = self.transaction(self.start())
        self.words = []  # whether the request left, and the results written

        def record(_key, verdict):
            self.words.append(verdict.outcome)

        for name in ("_write_until_done", "_write_result"):
            self.enter(patch.object(background_exchanges, name, record))

    def exchange(self, may_leave=True):
        """Return an exchange with a terminal that accepts what it is sent."""

        def talk(before_send, on_result, **_arguments):
            if before_send() is False:
                return Verdict("not_sent", "given_up")
            self.words.append("bytes")
            on_result(APPROVED)
            return APPROVED

        self.enter(patch.object(background_exchanges, "exchange", talk))
        mark = lambda _key, _write: may_leave  # noqa: E731
        self.enter(patch.object(background_exchanges, "_write", mark))
        key = (self.env.cr.dbname, self.row.id)
        exchange = EXCHANGE(*key, None, "192.0.2.1", 8888, 30.0)
        exchange.begin()
        self.assertTrue(exchange.is_connected(10))
        return exchange

    def ended(self, exchange):
        """Return what happened, once the exchange has ended."""
        with background_exchanges._changed:
            gone = background_exchanges._changed.wait_for(
                lambda: exchange.key not in background_exchanges._running, 10
            )
        self.assertTrue(gone)
        return self.words

    def test_nothing_leaves_before_the_commit(self):
        """A connection that stands waits for the row; then the bytes leave."""
        exchange = self.exchange()
        self.assertEqual(self.words, [])
        exchange.leave(True)
        self.assertEqual(self.ended(exchange), ["bytes", "approved", "approved"])

    def test_nothing_leaves_after_a_rollback(self):
        """No row: nothing is sent and nothing is written."""
        exchange = self.exchange()
        exchange.abandon()
        self.assertEqual(self.ended(exchange), [])

    def test_row_that_was_given_up_meanwhile(self):
        """A row committed as pending is asked once more before the first byte."""
        exchange = self.exchange(may_leave=False)
        exchange.leave(False)
        self.assertEqual(self.ended(exchange), ["not_sent"])

    def test_commit_that_took_long(self):
        """A row committed as sent is no leave to send once its lease may be over."""
        exchange = self.exchange(may_leave=False)
        exchange._began -= 60
        exchange.leave(True)
        self.assertEqual(self.ended(exchange), ["not_sent"])


@tagged("post_install", "-at_install")
class TestStart(TerminalCase):
    connects_at_once = True

    def test_row_is_committed_as_sent(self):
        """A connection that stands before the commit needs no second one."""
        row = self.transaction(self.start())
        self.assertEqual(row.state, "sent")
        self.assertTrue(row.sent_at)
        self.assertEqual(len(self.sent), 1)

    def test_no_thread(self):
        """A server out of threads has sent nothing, and says so."""
        broken = Mock()
        broken.begin.side_effect = RuntimeError("can't start new thread")
        exchange = patch.object(background_exchanges, "Exchange", lambda *_args: broken)
        with exchange, self.assertLogs("odoo.addons", "ERROR"):
            row = self.transaction(self.start())
        self.assertEqual((row.state, row.reason), ("not_sent", "no_thread"))


@tagged("post_install", "-at_install")
class TestBackground(TerminalCase):
    def ends(self, dbname, transaction_id):
        """Tell whether an exchange gives up a row that it cannot write."""
        with self.assertLogs(background_exchanges.__name__, "WARNING") as logs:
            key = (dbname, transaction_id)
            with patch.object(background_exchanges, "_write", side_effect=ValueError):
                background_exchanges._write_until_done(key, APPROVED)
        return "its row is gone" in logs.output[0] and len(logs.output) == 1

    def test_row_that_is_gone(self):
        """A thread whose row was deleted ends, and says it once."""
        self.assertTrue(self.ends(self.env.cr.dbname, 2**31 - 1))

    def test_module_that_is_gone(self):
        """So does one whose module was uninstalled."""
        with patch.object(background_exchanges, "TRANSACTION", "no.such.model"):
            self.assertTrue(self.ends(self.env.cr.dbname, 1))

    def test_database_that_is_gone(self):
        """So does one whose database was dropped."""
        self.assertTrue(self.ends("no-such-database-caisse-ap", 1))

    def test_stacks_of_other_threads(self):
        """A thread that starts meanwhile gets the stack that it always gets."""
        usual = self.stack_of(lambda run: threading.Thread(target=run).start())
        small = self.stack_of(lambda run: background_exchanges._start_thread(run, ()))
        self.assertEqual(small, background_exchanges.STACK_BYTES)
        stop = threading.Event()

        def start_small_ones():
            while not stop.is_set():
                background_exchanges._start_thread(int, ())

        threading.Thread(target=start_small_ones, daemon=True).start()
        others = {
            self.stack_of(lambda run: threading.Thread(target=run).start())
            for _thread in range(30)
        }
        stop.set()
        self.assertEqual(others, {usual})

    def stack_of(self, start):
        """Return the bytes of the stack of a thread that a function starts."""
        sizes, done = [], threading.Event()

        def run():
            sizes.append(own_stack())
            done.set()

        start(run)
        self.assertTrue(done.wait(10))
        return sizes[0]


def own_stack():
    """Return the size (bytes) of the stack of this thread, as glibc tells it."""
    libc = ctypes.CDLL(None)
    libc.pthread_self.restype = ctypes.c_ulong
    attributes = ctypes.create_string_buffer(64)
    libc.pthread_getattr_np(ctypes.c_ulong(libc.pthread_self()), attributes)
    size = ctypes.c_size_t()
    libc.pthread_attr_getstacksize(attributes, ctypes.byref(size))
    libc.pthread_attr_destroy(attributes)
    return size.value
