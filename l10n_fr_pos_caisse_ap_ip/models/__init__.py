from . import series
from . import transaction
from . import transaction_words
from . import pos_payment_method
from . import pos_payment
