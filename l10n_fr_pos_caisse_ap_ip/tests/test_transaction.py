from datetime import timedelta
from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import TerminalCase

LOGGER = "odoo.addons.l10n_fr_pos_caisse_ap_ip.models.transaction_lease"


@tagged("post_install", "-at_install")
class TestTransaction(TerminalCase):
    def test_row_is_there_before_anything_is_sent(self):
        """Nothing leaves before the commit; then exactly one request does."""
        state = self.till().fr_caisse_ap_ip_start(self.payload())
        self.assertEqual(state["state"], "pending")
        self.assertFalse(self.sent)
        self.commit()
        self.assertEqual(len(self.sent), 1)

    def test_request_holds_what_the_server_knows(self):
        """Address and port come from the method, the amount from the till."""
        self.start()
        _transaction_id, request, host, port = self.sent[0]
        self.assertEqual((host, port), ("192.0.2.1", 8888))
        fields = dict(request.fields())
        self.assertEqual(fields["CB"], "1234")
        self.assertEqual(fields["CD"], "0")
        self.assertEqual(fields["CE"], "978")

    def test_same_reference_is_sent_once(self):
        """A replayed call returns the row and sends nothing."""
        payload = self.payload()
        for _call in range(3):
            self.till().fr_caisse_ap_ip_start(payload)
            self.commit()
        self.assertEqual(len(self.sent), 1)

    def test_line_with_money_at_risk_is_not_sent_again(self):
        """A new reference for a line that may be paid returns the first attempt."""
        first = self.start(line_uuid="line-0001")
        for state in ("sent", "unknown", "approved"):
            self.transaction(first).state = state
            second = self.start(line_uuid="line-0001")
            self.assertEqual(second["reference"], first["reference"])
        self.assertEqual(len(self.sent), 1)

    def test_line_that_was_refused_may_be_sent_again(self):
        """Refused and not sent are the two outcomes that free a line."""
        first = self.start(line_uuid="line-0001")
        self.answer(self.transaction(first), AE="01", AF="04", AC="")
        second = self.start(line_uuid="line-0001")
        self.assertNotEqual(second["reference"], first["reference"])
        self.assertEqual(len(self.sent), 2)

    def test_second_till_is_told_who_holds_the_terminal(self):
        """One transaction at a time per terminal, whatever the till."""
        self.start()
        busy = self.start()
        self.assertEqual(busy["state"], "busy")
        self.assertIn("Boutique", busy["message"])
        self.assertEqual(len(self.sent), 1)

    def test_terminal_is_free_after_the_answer(self):
        """The lock ends with the exchange."""
        first = self.start()
        self.answer(self.transaction(first))
        self.assertEqual(self.start()["state"], "pending")

    def test_database_refuses_two_transactions_on_one_terminal(self):
        """The lock is an index of PostgreSQL: it holds across servers."""
        transactions = self.env["fr.caisse.ap.ip.transaction"]
        first = self.transaction(self.start())
        values = first.copy_data({"reference": "another-reference"})[0]
        values["order_uuid"] = "another-order"
        values["lease_until"] = first.lease_until
        with mute_logger("odoo.sql_db"), self.assertRaises(Exception) as caught:
            with self.env.cr.savepoint():
                transactions.create(values)
        self.assertIn("fr_caisse_ap_ip_one_terminal", str(caught.exception))

    def test_accepted_payment_tells_the_till_what_it_needs(self):
        """Approved: amount, card type, authorisation number."""
        transaction = self.transaction(self.start())
        self.answer(transaction)
        state = self.till().fr_caisse_ap_ip_status([transaction.reference])
        state = state[transaction.reference]
        self.assertEqual(state["state"], "approved")
        self.assertEqual(state["approved_cents"], 1234)
        self.assertEqual(state["authorisation"], "123456")
        self.assertTrue(state["card_type"])
        self.assertEqual(transaction.amount_approved, 12.34)

    def test_partial_approval_keeps_the_amount_that_moved(self):
        """The row holds what was asked and what was paid."""
        transaction = self.transaction(self.start())
        self.answer(transaction, CB="00001000")
        self.assertEqual(transaction.state, "approved")
        self.assertEqual(transaction.amount_approved, 10.0)
        self.assertIn("10", transaction._to_till()["message"])

    def test_wrong_echo_is_unknown(self):
        """An acceptance of another amount frees nothing."""
        transaction = self.transaction(self.start())
        self.answer(transaction, CB="999999")
        self.assertEqual(transaction.state, "unknown")

    def test_refusal_says_why_in_the_language_of_the_cashier(self):
        """The reason comes in French or English, with its code."""
        self.env["res.lang"]._activate_lang("fr_FR")
        transaction = self.transaction(self.start())
        self.answer(transaction, AE="01", AF="13", AC="")
        for lang, words in (("fr_FR", "devise"), ("en_US", "urrency")):
            state = transaction.with_context(lang=lang)._to_till()
            self.assertIn(words, state["message"])
            self.assertIn("13", state["message"])

    def test_a_refund_is_not_told_as_a_payment(self):
        """What may have been given back is not charged, and has no minus sign."""
        self.env["res.lang"]._activate_lang("fr_FR")
        self.method.fr_caisse_ap_ip_free_refund = True
        credit = self.unknown(operation="credit", amount_cents=650)
        french = credit.with_context(lang="fr_FR")
        self.assertIn("remboursé", french._title())
        self.assertIn("déjà été remboursé de 6,50", french._message())
        self.answer(credit, AE="01", AF="04", AC="")
        self.assertEqual(french._title(), "Remboursement refusé")

    def test_refund_is_a_credit_of_a_positive_amount(self):
        """CD=1, and Odoo counts it as negative."""
        self.method.fr_caisse_ap_ip_free_refund = True
        transaction = self.transaction(self.start(operation="credit"))
        self.assertEqual(dict(self.sent[0][1].fields())["CD"], "1")
        self.answer(transaction)
        self.assertEqual(transaction.amount_approved, -12.34)

    def test_lapsed_lease_before_sending_is_not_sent(self):
        """The process died before the first byte: a retry is free of risk."""
        transaction = self.transaction(self.start())
        later = transaction.lease_until + timedelta(seconds=1)
        with self.database_clock(later), self.assertLogs(LOGGER, "WARNING"):
            self.till().fr_caisse_ap_ip_status([transaction.reference])
        self.assertEqual(transaction.state, "not_sent")
        self.assertFalse(transaction.lease_until)

    def test_lapsed_lease_after_sending_is_unknown(self):
        """The process died after the request left: money may have moved."""
        transaction = self.transaction(self.start())
        self.mark_sent(transaction)
        later = transaction.lease_until + timedelta(seconds=1)
        with self.database_clock(later), self.assertLogs(LOGGER, "WARNING"):
            self.till().fr_caisse_ap_ip_status([transaction.reference])
        self.assertEqual(transaction.state, "unknown")

    def test_lapsed_lease_frees_the_terminal(self):
        """Whoever comes next takes the terminal of a process that died."""
        first = self.transaction(self.start())
        later = first.lease_until + timedelta(seconds=1)
        with self.database_clock(later), self.assertLogs(LOGGER, "WARNING"):
            second = self.start()
        self.assertEqual(second["state"], "pending")
        self.assertEqual(first.state, "not_sent")

    def test_process_that_slept_sends_nothing(self):
        """Once the lease has lapsed the request must not be written any more."""
        transaction = self.transaction(self.start())
        with self.database_clock(transaction.lease_until + timedelta(seconds=1)):
            self.assertFalse(self.mark_sent(transaction))

    def test_renewed_lease_does_not_lapse(self):
        """A long customer keeps the terminal as long as the process lives."""
        transaction = self.transaction(self.start())
        later = transaction.lease_until - timedelta(seconds=1)
        with self.database_clock(later):
            transaction._renew_leases()
        self.forget(transaction)
        self.assertGreater(transaction.lease_until, later + timedelta(seconds=10))

    def test_cancel_before_sending_forbids_sending(self):
        """Cancelled in time: nothing leaves, the line is free."""
        payload = self.payload()
        self.till().fr_caisse_ap_ip_start(payload)
        state = self.till().fr_caisse_ap_ip_cancel(payload)
        self.assertEqual(state["state"], "not_sent")
        self.assertFalse(self.mark_sent(self.transaction(state)))

    def test_cancel_that_overtakes_the_start_wins(self):
        """A start that arrives after its own cancellation sends nothing."""
        payload = self.payload()
        self.till().fr_caisse_ap_ip_cancel(payload)
        state = self.till().fr_caisse_ap_ip_start(payload)
        self.commit()
        self.assertEqual(state["state"], "not_sent")
        self.assertFalse(self.sent)

    def test_cancel_after_sending_tells_the_truth(self):
        """The protocol has no cancellation: the line stays with the terminal."""
        payload = self.payload()
        state = self.till().fr_caisse_ap_ip_start(payload)
        transaction = self.transaction(state)
        self.mark_sent(transaction)
        state = self.till().fr_caisse_ap_ip_cancel(payload)
        self.assertEqual(state["state"], "sent")
        self.assertIn("red key", state["cancel_message"])

    def test_late_acceptance_ends_an_unknown_payment(self):
        """The terminal's word comes late: it still counts."""
        transaction = self.transaction(self.start())
        self.mark_sent(transaction)
        transaction._end_exchange("unknown", "process_stopped")
        self.answer(transaction)
        self.assertEqual(transaction.state, "approved")

    def test_acceptance_beats_a_person_who_said_not_paid(self):
        """Nobody's word loses an acceptance; both stay in the history."""
        transaction = self.transaction(self.start())
        self.mark_sent(transaction)
        transaction._end_exchange("unknown", "timed_out")
        self.till().fr_caisse_ap_ip_resolve(transaction.reference, "refused")
        self.answer(transaction)
        self.assertEqual(transaction.state, "approved")
        self.assertIn("confirmed by hand: not paid", transaction.history)

    def test_late_refusal_does_not_undo_what_a_person_said(self):
        """A person saw the receipt; the contradiction is kept in the history."""
        transaction = self.transaction(self.start())
        self.mark_sent(transaction)
        self.till().fr_caisse_ap_ip_resolve(transaction.reference, "approved", "A1")
        self.answer(transaction, AE="01", AF="04", AC="")
        self.assertEqual(transaction.state, "approved")
        self.assertEqual(transaction.approved_cents, 1234)
        self.assertEqual(transaction.authorisation, "A1")
        self.assertIn("too late for the till - refused", transaction.history)

    def test_resolution_is_recorded_with_its_author(self):
        """Who, when and what: an unknown payment never ends by itself."""
        transaction = self.transaction(self.start())
        self.mark_sent(transaction)
        transaction._end_exchange("unknown", "timed_out")
        state = self.till().fr_caisse_ap_ip_resolve(
            transaction.reference, "approved", "654321"
        )
        self.assertEqual(state["state"], "approved")
        self.assertEqual(transaction.resolved_by_id, self.cashier)
        self.assertTrue(transaction.resolved_at)
        self.assertEqual(transaction.authorisation, "654321")

    def test_second_resolution_changes_nothing(self):
        """Two people cannot decide differently without a trace."""
        transaction = self.transaction(self.start())
        self.mark_sent(transaction)
        transaction._end_exchange("unknown", "timed_out")
        self.till().fr_caisse_ap_ip_resolve(transaction.reference, "approved")
        state = self.till().fr_caisse_ap_ip_resolve(transaction.reference, "refused")
        self.assertEqual(state["state"], "approved")

    def test_page_that_restarts_learns_about_its_lines_and_others(self):
        """Lines come back by their id; attempts without a payment are listed."""
        first = self.start(line_uuid="line-0001")
        self.mark_sent(self.transaction(first))
        self.transaction(first)._end_exchange("unknown", "timed_out")
        second = self.start(line_uuid="line-0002")
        self.answer(self.transaction(second))
        found = self.till().fr_caisse_ap_ip_unfinished(self.session.id, ["line-0001"])
        self.assertEqual(found["lines"]["line-0001"]["state"], "unknown")
        [other] = found["others"]
        self.assertEqual(other["reference"], second["reference"])

    def test_card_number_is_masked_wherever_it_is_kept(self):
        """Neither database nor page ever holds a full card number."""
        transaction = self.transaction(self.start())
        self.answer(transaction, AA="4970100000021234", AB="2612")
        kept = str(transaction.read()) + str(transaction._to_till())
        self.assertNotIn("4970100000021234", kept)
        self.assertNotIn("2612", kept)
        self.assertTrue(transaction.card_number.endswith("1234"))

    def test_cancel_that_races_its_start_gets_an_answer(self):
        """The start was committed a moment ago, where our snapshot does not see it."""
        payload = self.payload()
        self.till().fr_caisse_ap_ip_start(payload)
        model = type(self.env["fr.caisse.ap.ip.transaction"])
        nothing = self.env["fr.caisse.ap.ip.transaction"]
        finders = [model._find_earlier, lambda self, *args: nothing]
        with patch.object(
            model, "_find_earlier", lambda self, *args: finders.pop()(self, *args)
        ):
            state = self.till().fr_caisse_ap_ip_cancel(payload)
        self.assertEqual(state["state"], "pending")
