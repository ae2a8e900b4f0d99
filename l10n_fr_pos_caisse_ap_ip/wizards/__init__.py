from . import closing
from . import day_total
from . import resolution
