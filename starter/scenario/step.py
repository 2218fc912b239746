"""One line of a script: who did what, when, in the words of the scenario format."""

from typing import Annotated, Any

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict

SYSTEM = "系统"


class Step(BaseModel):
    """``at`` is business time; a step that never happens has none."""

    model_config = ConfigDict(extra="ignore")

    step: int
    unit: str
    officer: str = ""
    action: str
    data: Annotated[dict[str, Any], BeforeValidator(lambda given: given or {})] = {}
    after: str | None = None
    at: AwareDatetime | None = None

    @property
    def happens(self) -> bool:
        """Whether somebody acts; otherwise only timers do."""
        return self.at is not None and self.unit != SYSTEM and self.action != "risk_recheck"

    @property
    def refused(self) -> bool:
        """Whether the program must turn this step down."""
        return self.data.get("expect") in ("refused", "rejected")

    @property
    def case(self) -> int:
        """Which case of the story it is about."""
        number = self.data.get("case")
        return number if isinstance(number, int) else 1
