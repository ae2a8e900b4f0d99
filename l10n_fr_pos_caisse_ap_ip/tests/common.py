"""A till with a card terminal, and a stand-in for the network.

What happens on real sockets, in threads and after a kill is proved outside Odoo's
test runner (tests/ at the root of the repository): its cursors never commit.
"""

import uuid
from contextlib import contextmanager
from datetime import timedelta
from unittest.mock import Mock, patch

from odoo.tests.common import TransactionCase, new_test_user

from .. import background_exchanges, compat
from ..caisse_ap import decode, encode, judge
from ..models.pos_payment_method import SELECTION_VALUE

ACCEPTED = {"CZ": "0301", "AE": "10", "AC": "123456", "CC": "00B"}


@contextmanager
def same_cursor(transactions):
    """Stand in for a cursor of its own: it would see nothing of what a test wrote."""
    yield transactions.sudo()


class TerminalCase(TransactionCase):
    # Whether the terminal is connected before the row is committed.
    connects_at_once = False

    def setUp(self):
        super().setUp()
        # The words below are English, whatever language the database speaks.
        self.env["res.lang"]._activate_lang("en_US")
        self.env = self.env(context=dict(self.env.context, lang="en_US"))
        self.env.company.currency_id = self.env.ref("base.EUR")
        self.journal = self.env["account.journal"].create(
            {"name": "Terminal bank", "type": "bank", "code": "TPEB"}
        )
        self.method = self.create_method("Carte", fr_caisse_ap_ip_address="192.0.2.1")
        self.cheque = self.create_method(
            "Chèque",
            fr_caisse_ap_ip_address="192.0.2.2",
            fr_caisse_ap_ip_mode="check",
        )
        self.config = self.create_config("Boutique", self.method + self.cheque)
        self.cashier = new_test_user(
            self.env, "till-user", "base.group_user,point_of_sale.group_pos_user"
        )
        self.session = self.open_session(self.config)
        self.env.cr.postcommit.clear()  # up to 16.0 tests inherit the last one's
        self.sent = []  # Requests that "left" for the terminal
        self.enter(patch.object(background_exchanges, "Exchange", self._exchange))
        model = type(self.env["fr.caisse.ap.ip.transaction"])
        self.enter(patch.object(model, "_fresh", same_cursor))

    def enter(self, context):
        value = context.__enter__()
        self.addCleanup(context.__exit__, None, None, None)
        return value

    def create_method(self, name, **values):
        values.setdefault("use_payment_terminal", SELECTION_VALUE)
        if "journal_id" in self.env["pos.payment.method"]._fields:
            values.setdefault("journal_id", self.journal.id)
        if "payment_method_type" in self.env["pos.payment.method"]._fields:
            values.setdefault("payment_method_type", "terminal")
        account = self.journal.default_account_id
        values.setdefault("receivable_account_id", self._receivable_account().id)
        if "outstanding_account_id" in self.env["pos.payment.method"]._fields:
            values.setdefault("outstanding_account_id", account.id)
        return self.env["pos.payment.method"].create(dict(values, name=name))

    def create_config(self, name, methods):
        sale_journal = self.env["account.journal"].create(
            {"name": name, "type": "sale", "code": f"S{uuid.uuid4().hex[:4]}"}
        )
        return self.env["pos.config"].create(
            {
                "name": name,
                "journal_id": sale_journal.id,
                "invoice_journal_id": sale_journal.id,
                "payment_method_ids": [(6, 0, methods.ids)],
            }
        )

    def _receivable_account(self):
        return self.env.company.account_default_pos_receivable_account_id

    def open_session(self, config):
        session = self.env["pos.session"].create(
            {"config_id": config.id, "user_id": self.env.uid}
        )
        session.state = "opened"
        return session

    # -- A till's part ---------------------------------------------------------------

    def payload(self, **values):
        return dict(
            {
                "reference": str(uuid.uuid4()),
                "line_uuid": str(uuid.uuid4()),
                "order_uuid": str(uuid.uuid4()),
                "order_name": "Order 0001",
                "session_id": self.session.id,
                "operation": "debit",
                "amount_cents": 1234,
                "refunded_lines": [],
            },
            **values,
        )

    def till(self, user=None):
        return self.method.with_user(user or self.cashier)

    def start(self, **values):
        """Start a payment as a cashier does and let Odoo commit."""
        state = self.till().fr_caisse_ap_ip_start(self.payload(**values))
        self.commit()
        return state

    def tell(self, line_uuids, page):
        """Tell the server which lines a page holds; return what it says to it."""
        rows = self.env["fr.caisse.ap.ip.transaction"].search([])
        self.flush(rows)
        self.forget(rows)  # the server works on them in SQL
        return self.till().fr_caisse_ap_ip_unfinished(self.session.id, line_uuids, page)

    def commit(self):
        """Do what a commit does after it: Odoo's test cursors never do."""
        self.env.cr.postcommit.run()
        rows = self.env["fr.caisse.ap.ip.transaction"].search([])
        self.flush(rows)
        self.forget(rows)

    def forget(self, records):
        """Drop what Odoo remembers of records that SQL changed."""
        forget = getattr(records, "invalidate_recordset", None)  # from 16.0 on
        (forget or records.invalidate_cache)()

    def flush(self, records):
        """Write down what Odoo remembers, for SQL to see it."""
        flush = getattr(records, "flush_recordset", None)  # from 16.0 on
        (flush or records.flush)()

    def queries(self, function, *arguments):
        """Return how many queries (int) a function makes that remembers nothing."""
        self.flush_all()
        forget = getattr(self.env, "invalidate_all", None)  # from 16.0 on
        (forget or self.env.cache.invalidate)()
        before = self.env.cr.sql_log_count
        function(*arguments)
        self.flush_all()
        return self.env.cr.sql_log_count - before

    def flush_all(self):
        flush = getattr(self.env, "flush_all", None)  # from 16.0 on
        (flush or self.env["base"].flush)()

    def mark_sent(self, transaction):
        """Do what the exchange does before its first byte; return whether it may send.

        It works in SQL, in a transaction of its own.
        """
        self.flush(transaction)
        may_send = transaction._mark_sent()
        self.forget(transaction)
        return may_send

    def transaction(self, state):
        return self.env["fr.caisse.ap.ip.transaction"].search(
            [("reference", "=", state["reference"])]
        )

    def approved(self, **values):
        """Return a transaction that the terminal accepted and no payment carries."""
        transaction = self.transaction(self.start(**values))
        self.answer(transaction)
        return transaction

    def unknown(self, **values):
        """Return a transaction that was sent and never answered."""
        transaction = self.transaction(self.start(**values))
        self.mark_sent(transaction)
        transaction._end_exchange("unknown", "timed_out")
        return transaction

    def order(self, amount=12.34, state="draft"):
        """Return an order of the open session, without lines."""
        values = {
            "session_id": self.session.id,
            "company_id": self.env.company.id,
            "pricelist_id": self.config.pricelist_id.id,
            "amount_tax": 0,
            "amount_total": amount,
            "amount_paid": 0,
            "amount_return": 0,
        }
        fields = self.env["pos.order"]._fields
        order = self.env["pos.order"].create(
            {name: value for name, value in values.items() if name in fields}
        )
        order.state = state  # 16.0 cannot create a paid one
        return order

    def name_of(self, order):
        """Return what people call an order."""
        return order.pos_reference or order.name

    def pay(self, order, transaction, line_uuid=None):
        """Save the payment line that a till made of an accepted transaction."""
        line_uuid = line_uuid or transaction.owner_uuid
        if self.env["pos.payment"].search([(compat.PAYMENT_LINE, "=", line_uuid)]):
            line_uuid = str(uuid.uuid4())  # one that was saved twice
        return self.env["pos.payment"].create(
            {
                "pos_order_id": order.id,
                "payment_method_id": transaction.payment_method_id.id,
                "amount": transaction.amount_approved,
                "payment_status": "done",
                "transaction_id": transaction.reference,
                compat.PAYMENT_LINE: line_uuid,
            }
        )

    # -- The terminal's part -----------------------------------------------------------

    def _exchange(self, dbname, transaction_id, request, host, port, timeout):
        """Return an exchange whose request "leaves" after the commit."""
        exchange = Mock()
        exchange.is_connected.return_value = self.connects_at_once
        sent = (transaction_id, request, host, port)
        exchange.leave = lambda _is_marked: self.sent.append(sent)
        return exchange

    def answer(self, transaction, **fields):
        """Let the terminal answer the last request of a transaction."""
        self.mark_sent(transaction)
        transaction._record_verdict(self.verdict(transaction, **fields))
        self.flush(transaction)

    def verdict(self, transaction, **fields):
        """Return what the answer of the terminal is worth, an acceptance by default."""
        requests = [sent[1] for sent in self.sent if sent[0] == transaction.id]
        echo = dict(requests[-1].fields())
        echo.update(ACCEPTED)
        echo.update(fields)
        answer = decode(encode({tag: value for tag, value in echo.items() if value}))
        return judge(requests[-1], answer)

    @contextmanager
    def later(self, seconds):
        """Let time pass on the database's clock."""
        now = self.env["fr.caisse.ap.ip.transaction"]._database_time()
        with self.database_clock(now + timedelta(seconds=seconds)):
            yield

    @contextmanager
    def database_clock(self, moment):
        model = type(self.env["fr.caisse.ap.ip.transaction"])
        with patch.object(model, "_database_time", lambda self: moment):
            yield
