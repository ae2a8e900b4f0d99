"""What script/demo and script/test share is on the path, as it is for them."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "script"))
