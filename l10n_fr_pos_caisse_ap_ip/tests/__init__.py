from . import test_accounting
from . import test_access
from . import test_day_total
from . import test_decision
from . import test_payment_method
from . import test_refund
from . import test_session
from . import test_transaction
