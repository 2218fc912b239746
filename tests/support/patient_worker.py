"""The worker's process with a gateway that waits: ``begun`` appears in the folder, ``go`` lets it go on.

``python -m tests.support.patient_worker FOLDER LAST_CALL``
"""

import sys
import time
from datetime import timedelta
from pathlib import Path

from activities.messages import Notice
from hosting.serving import main
from worker import running_workers


class Waiting:
    """A messaging platform that takes its time."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def send(self, notice: Notice) -> None:
        """Wait to be let go."""
        (self._folder / "begun").touch()
        while not (self._folder / "go").exists():
            time.sleep(0.02)


if __name__ == "__main__":
    last_call = timedelta(seconds=float(sys.argv[2]))
    main(running_workers, last_call=last_call, gateway=Waiting(Path(sys.argv[1])))
