"""Where the packaged program begins: the commands, and the voice's children, which are this program too."""

import os
import sys

# Set by the program's loader for its own libraries: lp, espeak-ng and systemctl are to find the system's.
_EARLIER = os.environ.pop("LD_LIBRARY_PATH_ORIG", "")
if _EARLIER:
    os.environ["LD_LIBRARY_PATH"] = _EARLIER
else:
    os.environ.pop("LD_LIBRARY_PATH", None)

from kiosk.voice import child  # noqa: E402 - the environment is settled first

if sys.argv[1:] == [child.CALLED]:
    child.main()
else:
    from ui.commands import main

    main()
