"""What a party answered at a callback, question by question, as it is read wherever it is shown."""

from collections.abc import Iterator, Mapping

from domain.actions.callback import RecordCallback

QUESTIONS = (
    "q1_received", "q2_solved", "q3_fulfilled", "q4_speed", "q5_attitude", "q6_result", "q7_process",
)  # fmt: skip


def answered(body: RecordCallback, reasons: Mapping[str, str]) -> list[tuple[str, str]]:
    """Every question with its answer and every word that was added. ``reasons``: the policy's, by their letters, which
    nobody is shown."""
    return list(_answered(body, reasons))


def _answered(body: RecordCallback, reasons: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for name in QUESTIONS:
        yield _title(name), str(getattr(body, name))
    topics = "、".join(body.q8_topics)
    yield _title("q8_topics"), f"{topics}（{body.q8_text}）" if body.q8_text else topics
    if reason := reasons.get(body.category or ""):
        yield _title("category"), reason
    if body.category_text:
        yield _title("category_text"), body.category_text


def _title(name: str) -> str:
    return RecordCallback.model_fields[name].title or name
