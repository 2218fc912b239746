"""The keys of an office: those the environment names, else those in its own data folder, made at its first start."""

from pathlib import Path

from hosting.embedded import postgres, temporal
from privacy import store
from privacy.keys import KeyProblem, Keys, Purpose

FOLDER = "keys"


def embedded_keys(home: Path, *, fresh: bool = False) -> Keys:
    """The keys for the data in ``home``, made where there are neither keys nor data yet.

    ``fresh``: whatever data there are will be thrown away. Raises KeyProblem.
    """
    folder = home / FOLDER
    if store.are_named():
        return store.load()
    held = any(store.key_file(folder, purpose).exists() for purpose in Purpose)
    if not held and not fresh and any((home / part.DATA).exists() for part in (postgres, temporal)):
        raise KeyProblem(
            f"数据目录 {home} 中已有数据，{folder} 中却没有密钥。请从备份中找回密钥后再启动；"
            "如数据由加密之前的旧版本产生，请用 FENGQIAO_HOME 另选目录"
        )
    if not held:
        store.make(folder)
    keys = store.load(folder)
    for purpose in Purpose:
        keys.ring(purpose)
    return keys
