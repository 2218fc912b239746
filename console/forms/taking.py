"""What came of a form that an API's function takes: the thing made, or the form with what is wrong at its fields."""

import asyncio
from collections.abc import Callable
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from api.problems import Problem
from console.forms import faults, reading
from console.forms.acting import Filled
from domain.access import NotGranted
from domain.offers import Field

M = TypeVar("M", bound=BaseModel)
Pairs = list[tuple[str, str]]


async def taken(
    fields: list[Field], pairs: Pairs, model: type[M], make: Callable[[M], Any], **more: str
) -> tuple[Any, Filled]:
    """What came of a form; nothing, and what is wrong with it, when it was refused."""
    given = as_sent(fields, pairs, {})
    try:
        return await asyncio.to_thread(make, model.model_validate({**given.body, **more})), given
    except ValidationError as error:
        return None, given._replace(wrong=faults.of_error(error, fields))
    except NotGranted as error:
        return None, given.refused(error.field, str(error))
    except Problem as problem:
        return None, given.refused(problem.field, problem.message)


def as_sent(fields: list[Field], pairs: Pairs, wrong: dict[str, str]) -> Filled:
    """A form as it was sent."""
    return Filled(fields, reading.folded(fields, reading.gathered(pairs)), None, wrong)
