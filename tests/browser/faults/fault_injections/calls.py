# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""A call of the page that comes again."""

import uuid

METHOD = "pos.payment.method"


def replayed(reference=""):
    """Somebody sends the page's call again, after the sale."""

    def act(context):
        with context.till.page.expect_request(
            lambda request: "fr_caisse_ap_ip_start" in (request.post_data or "")
        ) as calling:
            context.pay()
        context.till.sees_sold()
        replay(context, calling.value.post_data_json["params"]["args"], reference)

    return act


def replay(context, args, reference):
    method, payload = args
    if reference:
        payload = dict(payload, reference=str(uuid.uuid4()))
    login = context.shop.cashier
    context.shop.rpc(METHOD, "fr_caisse_ap_ip_start", method, payload, login=login)
