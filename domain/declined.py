"""What cannot be done, and why."""


class Declined(Exception):
    """An action that cannot be taken. ``code`` is stable; the message tells the officer what to do, in Chinese."""

    def __init__(self, code: str, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.field = field


class Unlawful(Declined):
    """What the law forbids whoever asks for it; that it was asked for stays on record."""
