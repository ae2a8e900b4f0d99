from . import test_access
from . import test_payment_method
from . import test_transaction
