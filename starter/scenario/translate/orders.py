"""责令限期缴纳: who orders, what is owed; the levying body's own act wherever a story only implies it."""

from domain.actions.execution import Arrears, OrderPayment
from domain.decide.execution import ORDER
from domain.owed import levied
from starter.scenario.translate.scene import Scene, Sent, make
from starter.scenario.translate.sums import Sums, owed

PAY_BY = "5工作日"


def levying_unit(scene: Scene) -> str | None:
    """Who levies: the acting unit where it does, the lead where it is a branch at the base, else the tax office."""
    units, issuer = scene.policy.units, scene.policy.documents[ORDER].issuer
    if issuer in units.roles_of(scene.unit):
        return scene.unit
    lead = scene.d.lead
    if lead and not units.roles_of(lead) and not units.is_center(lead):
        return lead
    return units.roles.get(issuer)


def order(scene: Scene, arrears: Sums) -> list[Sent]:
    """The order to pay what is owed, served on the step's day; none where nothing is."""
    owing = {no: sum_ for no, sum_ in arrears.items() if sum_ > 0}
    unit = levying_unit(scene)
    if not owing or unit is None:
        return []
    body = make(
        OrderPayment,
        arrears=[make(Arrears, claim=no, principal=sum_) for no, sum_ in owing.items()],
        pay_by=PAY_BY,
        served=True,
        served_on=scene.day,
        served_by="直接送达",
    )
    return [scene.aside(body, unit)]


def ordered(scene: Scene) -> bool:
    """Whether an order is out already."""
    return any(p.name == scene.policy.paper(ORDER) for p in scene.d.documents)


def order_owed(scene: Scene) -> list[Sent]:
    """The order for what was recognised and not paid, where there is somebody to order and none is out."""
    if ordered(scene) or not scene.d.facts.respondents or not levied(scene.d):
        return []
    return order(scene, owed(scene.d))
