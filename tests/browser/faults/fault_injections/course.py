# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The usual course of a sale, and when a fault comes into it."""

from tills import CASH

# Seconds that the server waits where the terminal says nothing.
SHORT_TIMEOUT = 3


def plays(name):
    """The terminal plays one of its scenarios."""
    argument = {"slow": ":3"}.get(name, "")

    def act(context):
        if context.shop.is_ours:  # the published addon has no such setting
            seconds = SHORT_TIMEOUT + 5 * (name == "slow")
            context.configure(fr_caisse_ap_ip_timeout=seconds)
        context.terminal.play(name + argument)
        context.pay()
        if name == "partial":
            pay_rest(context)

    return act


def pay_rest(context):
    context.close_dialog()
    context.till.choose(CASH)
    context.till.validate()


def waits(*faults, then="accept"):
    """Faults one after the other while the customer types; then he acts."""

    def act(context):
        context.stand()
        for fault in faults:
            fault(context)
        context.customer(then)

    return act


def sale(*faults):
    """Faults once everything is over."""

    def act(context):
        context.pay()
        context.till.sees_sold()
        for fault in faults:
            fault(context)

    return act


def customer(does):
    return lambda context: context.customer(does)
