# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The Caisse-AP protocol over IP in plain Python: standard library only, no Odoo."""

from .client import exchange
from .frame import (
    MAX_FRAME_BYTES,
    FrameError,
    FrameReader,
    decode,
    decode_nested,
    encode,
)
from .masking import mask_card_number, mask_text
from .operation import Verdict, judge
from .request import PAYMENTS, Request, RequestError
from .tables import (
    APPLICATIONS,
    OPERATIONS,
    READING_MODES,
    STATUS_DETAILS,
    STATUSES,
    Label,
)

__all__ = [
    "APPLICATIONS",
    "FrameError",
    "FrameReader",
    "Label",
    "MAX_FRAME_BYTES",
    "OPERATIONS",
    "PAYMENTS",
    "READING_MODES",
    "Request",
    "RequestError",
    "STATUSES",
    "STATUS_DETAILS",
    "Verdict",
    "decode",
    "decode_nested",
    "encode",
    "exchange",
    "judge",
    "mask_card_number",
    "mask_text",
]
