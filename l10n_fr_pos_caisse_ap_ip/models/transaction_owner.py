"""Who owns the money of an approved transaction: one payment line, or nobody.

Only the server changes the owner, one change at a time: attached to another line, given
back, reversed, or freed because the order went away.
"""

from datetime import timedelta

from odoo import _, models
from odoo.exceptions import UserError

from .. import compat
from ..caisse_ap import PAYMENTS
from .transaction import CARRIED_OPERATIONS, FREE_STATES, ORPHAN

# A page says every 30 s which sales it holds.
PAGE_GONE_SECONDS = 90
# It need not be written down more often.
SEEN_SECONDS = 20
# The point of sale that may have to decide about a row, and nothing for the others: of
# such an expression PostgreSQL knows how few rows it finds.
UNDECIDED = """
    (CASE WHEN payment_id IS NULL AND resolution IS NULL
           AND operation IN ('debit', 'credit') AND state IN ('unknown', 'approved')
          THEN config_id END)
"""
INDEX_UNDECIDED = f"""
    CREATE INDEX IF NOT EXISTS fr_caisse_ap_ip_undecided
        ON fr_caisse_ap_ip_transaction ({UNDECIDED})
"""
FIND_UNDECIDED = f"""
    SELECT id FROM fr_caisse_ap_ip_transaction WHERE {UNDECIDED} = %s ORDER BY id DESC
"""


class FrCaisseApIpTransaction(models.Model):
    _inherit = "fr.caisse.ap.ip.transaction"

    def init(self):
        # What a till asks again and again must not grow with the years.
        self.env.cr.execute(INDEX_UNDECIDED)
        self.env.cr.execute(
            """
            CREATE UNIQUE INDEX IF NOT EXISTS fr_caisse_ap_ip_one_order
                ON fr_caisse_ap_ip_transaction (company_id, order_uuid)
             WHERE state IN ('pending', 'sent') AND order_uuid <> '';
            CREATE INDEX IF NOT EXISTS fr_caisse_ap_ip_contradicted
                ON fr_caisse_ap_ip_transaction (session_id)
             WHERE is_contradicted;
            """
        )
        return super().init()

    # -- Change of owner -----------------------------------------------------------

    def _attach_to_line(self, sale, owner_uuid, page):
        """Give the money to another payment line, if nobody was quicker.

        :param dict sale: ``line_uuid``, ``order_uuid``, ``order_name``
        :param str owner_uuid: the line that owns the money as the page believes, or ""
        :param str page: the page that asks
        :return: dict for the till; its ``owner_uuid`` says whether the line got it
        """
        self._lock()
        is_expected = (self.owner_uuid or "") == owner_uuid
        if self.is_orphan and is_expected and self._is_offered_to(page):
            self._set_owner(
                sale["line_uuid"],
                owner_order_uuid=sale["order_uuid"],
                owner_order_name=sale["order_name"],
                page=page,
                seen_at=self._database_time(),
            )
            self._note("attached", sale["order_name"])
            self._update_attention()
            self._push()
        return self._to_till()

    def _set_owner(self, line_uuid, **values):
        """Write who owns the money now, and who said so.

        :param str line_uuid: a payment line, or False for nobody
        """
        if not line_uuid:
            values.update(owner_order_uuid=False)
        self.write(
            dict(
                values,
                owner_uuid=line_uuid,
                owner_by_name=self._person_name(),
                owner_at=self._database_time(),
            )
        )

    def _free_from_order(self, reason):
        """Let go of an order that goes away: its money is nobody's.

        :param str reason: code for the history
        """
        for transaction in self:
            transaction._set_owner(False, payment_id=False)
            transaction._note(reason)
            transaction._update_attention()
            transaction._push()

    def _leave_line(self):
        """Take earlier attempts off a line that goes on with a new one.

        Should the terminal accept one of them all the same, it is money of no line: the
        customer paid twice.
        """
        freed = self.filtered(lambda one: one.state in FREE_STATES and one.owner_uuid)
        if freed:
            freed.write({"owner_uuid": False, "owner_order_uuid": False})

    def _link_payments(self, payments):
        """Note the payments that carry accepted transactions.

        A payment of a line that does not own the money carries nothing.

        :param payments: ``pos.payment`` records whose ``transaction_id`` is a reference
        """
        found = self.search(
            [("reference", "in", payments.mapped("transaction_id"))] + ORPHAN
        )
        for transaction in found:
            mine = payments.filtered(
                lambda one, found=transaction: one.transaction_id == found.reference
                and one.payment_method_id == found.payment_method_id
                and one.pos_order_id.state != "cancel"
                and found._may_be_carried_by(one[compat.PAYMENT_LINE])
            )[:1]
            if mine:
                line_uuid = mine[compat.PAYMENT_LINE] or transaction.owner_uuid
                transaction.write({"payment_id": mine.id, "owner_uuid": line_uuid})
                # A table that is saved again and again is one event.
                if not transaction._has_event("carried", mine.pos_order_id.name):
                    transaction._note("carried", mine.pos_order_id.name)

    def _may_be_carried_by(self, line_uuid):
        return not (line_uuid and self.owner_uuid) or line_uuid == self.owner_uuid

    # -- Pages ---------------------------------------------------------------------

    def _is_offered_to(self, page):
        """Tell whether this page may decide: the page of the sale is gone, or asks.

        :param str page: the page that asks, or ""
        """
        if not self.owner_uuid or not self.seen_at or self.page == page:
            return True
        gone = self._database_time() - timedelta(seconds=PAGE_GONE_SECONDS)
        return self.seen_at < gone and not self._is_being_reversed()

    def _is_being_reversed(self):
        """Tell whether a reversal takes or may have taken the money back (bool)."""
        return bool(
            self.search(
                [
                    ("about_id", "in", self.ids),
                    ("operation", "=", "reversal"),
                    ("state", "in", ("pending", "sent", "unknown")),
                ],
                limit=1,
            )
        )

    def _see(self, session, line_uuids, page):
        """Note that a page holds these payment lines.

        :param session: ``pos.session`` of the page
        :param list line_uuids: payment lines (str) in open orders of the page
        :param str page: the page
        """
        now = self._database_time()
        # Whoever meets the exchange on a row tries again: no error for the log.
        self.env.cr.execute(
            """
            UPDATE fr_caisse_ap_ip_transaction
               SET page = %(page)s, seen_at = %(now)s
             WHERE owner_uuid IN %(lines)s AND company_id = %(company)s
               AND state NOT IN %(free)s AND operation IN %(carried)s
               AND payment_id IS NULL AND resolution IS NULL
               AND (page IS DISTINCT FROM %(page)s OR seen_at < %(stale)s)
            """,
            {
                "page": page,
                "now": now,
                "stale": now - timedelta(seconds=SEEN_SECONDS),
                "lines": tuple(line_uuids),
                "company": session.company_id.id,
                "free": FREE_STATES,
                "carried": CARRIED_OPERATIONS,
            },
            log_exceptions=False,
        )

    def _find_of_lines(self, session, line_uuids):
        """Return what a page must know of its lines (dict of records by line).

        That is the last attempt, unless another one took or may have taken money.
        """
        found = self.search(
            [
                ("company_id", "=", session.company_id.id),
                # An inquiry decides nothing.
                ("operation", "in", PAYMENTS),
                "|",
                ("line_uuid", "in", line_uuids),
                ("owner_uuid", "in", line_uuids),
            ]
        )
        by_line = {}
        for line_uuid in line_uuids:
            mine = found.filtered(
                lambda one, line=line_uuid: line in (one.line_uuid, one.owner_uuid)
            )
            by_line[line_uuid] = mine.sorted(
                lambda one, line=line_uuid: (one._binds(line), one.id)
            )[-1:]
        return {line_uuid: last for line_uuid, last in by_line.items() if last}

    def _binds(self, line_uuid):
        """Tell whether a payment line must not be sent again because of this."""
        if self.state == "approved" and self.operation in CARRIED_OPERATIONS:
            return self.owner_uuid == line_uuid
        return self.state not in FREE_STATES

    def _find_to_decide(self, session, line_uuids, page):
        """Return what this page has to decide though it holds no line of it."""
        self.env.cr.execute(FIND_UNDECIDED, (session.config_id.id,))
        others = self.browse(row[0] for row in self.env.cr.fetchall())
        return others.filtered(
            lambda one: one.owner_uuid not in line_uuids and one._is_offered_to(page)
        )

    def _find_contradicted(self, session):
        """Return where person and terminal, or the terminal alone, say two things."""
        return self.search(
            [("session_id", "=", session.id), ("is_contradicted", "=", True)]
        )

    # -- Orders --------------------------------------------------------------------

    def _find_on_order(self, values, line_uuids):
        """Return a payment of the same order that this page does not know, or none.

        :param dict values: checked payload
        :param list line_uuids: payment lines (str) of the order that the page knows
        """
        if not values["order_uuid"]:
            return self.browse()
        return self.search(
            [
                ("owner_order_uuid", "=", values["order_uuid"]),
                ("company_id", "=", values["company_id"]),
                ("operation", "in", CARRIED_OPERATIONS),
                ("state", "not in", FREE_STATES),
                ("resolution", "=", False),
                ("owner_uuid", "not in", [*line_uuids, values["line_uuid"]]),
            ],
            limit=1,
        )

    def _find_aboard(self, company, order_uuid):
        """Return what took or may take money for an order, whatever page sent it.

        :param company: ``res.company`` record
        :param str order_uuid: what tills call the order
        """
        return self.search(
            [
                ("owner_order_uuid", "=", order_uuid),
                ("company_id", "=", company.id),
                ("operation", "in", CARRIED_OPERATIONS),
                ("state", "not in", FREE_STATES),
                ("resolution", "=", False),
            ]
        )

    def _check_none_aboard(self):
        """Refuse to drop the order of these.

        :raise UserError: names the order and the payments
        """
        if self:
            raise UserError(
                _(
                    "Order %(order)s cannot be cancelled, deleted or merged: its card "
                    "payment was approved, or may still be. %(payments)s. Finish the "
                    "sale, or refund the customer first.",
                    order=self[0].owner_order_name or self[0].order_name or "",
                    payments=", ".join(one._summary() for one in self),
                )
            )

    def _follow_payments(self, payments):
        """Note the order that has a payment line, where Odoo made one order of two.

        :param payments: ``pos.payment`` records with one of our methods
        """
        # One of the back office has none before 18.0, as money of nobody has none.
        names = {
            payment[compat.PAYMENT_LINE]: payment.pos_order_id
            for payment in payments.filtered(compat.PAYMENT_LINE)
        }
        for transaction in self.search([("owner_uuid", "in", list(names))]):
            order = names[transaction.owner_uuid]
            uuids = order._fr_caisse_ap_ip_uuids()
            if uuids and transaction.owner_order_uuid not in uuids:
                transaction.owner_order_uuid = uuids[0]
                transaction._note("order_joined", order.pos_reference or order.name)
