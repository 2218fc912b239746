"""What an officer hears when an action was not taken."""


class Declined(Exception):
    """An action that was not taken; the message is for the officer, in Chinese."""

    def __init__(self, code: str, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.field = field
