"""What the doctor may find: each with its meaning and the way to mend it."""

from enum import StrEnum
from typing import NamedTuple

from activities.names import workflow_id
from domain.words import Model


class Severity(StrEnum):
    """错误 and 警告 make the office unsound; a 提示 does not."""

    ERROR = "错误"
    WARNING = "警告"
    HINT = "提示"


class Finding(Model):
    """One thing that is not as it should be."""

    code: str
    severity: Severity
    case_no: str | None = None
    dispute_id: str | None = None
    workflow_id: str | None = None
    means: str
    mend: str
    repairable: bool = False
    seq: int | None = None
    """The event it is about, where it is about one."""
    lead_id: str | None = None


class Kind(NamedTuple):
    """A kind of finding. ``repairable``: ``doctor --repair`` mends it."""

    severity: Severity
    means: str
    mend: str
    repairable: bool = False


REPAIR = "fengqiao doctor --repair"
VERIFY = "fengqiao ledger verify"
PREPARE = "重新运行 fengqiao up；生产环境运行 python -m hosting.prepare"
_E, _W, _H = Severity

KINDS: dict[str, Kind] = {
    "ledger_down": Kind(
        _E, "台账数据库（PostgreSQL）连接不上", "启动 PostgreSQL，核对 FENGQIAO_DATABASE_URL；办理会自动等待"
    ),
    "migrations_behind": Kind(_E, "台账表结构与本版软件不一致", PREPARE),
    "temporal_down": Kind(_E, "Temporal 服务连接不上", "启动 Temporal，核对 TEMPORAL_ADDRESS"),
    "namespace_missing": Kind(_E, "Temporal 中没有命名空间 {detail}", PREPARE),
    "search_attributes_missing": Kind(_E, "Temporal 缺少检索属性 {detail}，案件流程会卡住", PREPARE),
    "no_worker": Kind(
        _E,
        "没有工作进程在任务队列 {detail} 上取任务：没有人推进案件，定时器不动作",
        "启动工作进程：fengqiao up；生产环境 docker compose up -d worker",
    ),
    "no_notices_worker": Kind(
        _E,
        "没有工作进程在任务队列 {detail} 上取任务：催办、预警通知发不出去，案件照常推进",
        "重启工作进程：fengqiao up；生产环境 docker compose restart worker",
    ),
    "backlog": Kind(
        _W,
        "任务队列 {detail}",
        "增加工作进程：docker compose up -d --scale worker=N；工作进程日志中查原因",
    ),
    "workflow_task_failing": Kind(
        _E,
        "流程任务反复失败（第 {attempt} 次，{cause}）：案件停在原处，办理操作得不到回答",
        "改正程序后重启工作进程，流程自行继续；历史与程序不再相符的，"
        "运行 temporal workflow reset --workflow-id {workflow_id} --type FirstWorkflowTask --reason doctor",
    ),
    "activity_retrying": Kind(
        _W,
        "“{activity}”已尝试 {attempt} 次仍失败（{cause}），将一直重试",
        "排除 {cause} 的原因（台账、网关、另一案件），流程自行继续",
    ),
    "workflow_missing": Kind(_E, "台账中案件未归档，Temporal 中没有它的流程：期限无人看守", REPAIR, True),
    "workflow_lost": Kind(_E, "台账中案件未归档，流程却已结束（{status}）：期限无人看守", REPAIR, True),
    "workflow_left_over": Kind(_W, "案件已归档，流程还在运行", REPAIR, True),
    "matter_missing": Kind(
        _E,
        "流程在运行，台账中没有这件案件：登记未能提交，或台账丢失了数据",
        "temporal workflow show --workflow-id {workflow_id} 查看；台账从备份恢复过的，请恢复到更新的备份",
    ),
    "workflow_behind": Kind(_W, "流程落后于台账（流程 {known}，台账 {version}）", REPAIR, True),
    "ledger_lost_events": Kind(
        _E,
        "台账少于流程所知的事件（流程 {known}，台账 {version}）：台账丢失过数据",
        "停止工作进程，从更新的备份恢复台账（docs/operations.md），再运行 " + VERIFY,
    ),
    "display_differs": Kind(
        _W,
        "流程界面显示的{field}与台账不同，版本相同",
        "下一次办理会更正；仍不同时查工作进程日志",
    ),
    "projection_behind": Kind(_E, "查询表落后于事件（查询表 {shown}，事件 {recorded}）", REPAIR, True),
    "projection_differs": Kind(
        _E, "查询表与事件重放的结果不符（{field}）：有人绕过软件改过查询表", REPAIR, True
    ),
    "events_missing": Kind(
        _E,
        "事件少于查询表所记（查询表 {shown}，事件 {recorded}）：事件被删除或丢失",
        VERIFY + "，再从备份恢复台账",
    ),
    "head_hash_differs": Kind(
        _E,
        "末条事件的哈希与查询表所记不同：事件或查询表被改动过",
        VERIFY + "，与备份核对；确认事件无误后 fengqiao ledger rebuild",
    ),
    "key_missing": Kind(
        _E,
        "案件的数据密钥不见了，又没有销毁记录：密钥丢失或被人删去，内容打不开",
        VERIFY + "，再从备份恢复 data_keys 中的这一行",
    ),
    "destruction_unfinished": Kind(
        _W,
        "销毁清册 {list} 已批准，还有 {number} 件没有销毁",
        "请综治中心在办案平台“档案”中执行完毕，或写明理由终止清册",
    ),
    "ownerless": Kind(
        _E,
        "案件未归档，却没有任何单位有待办或期限",
        "fengqiao show {case_no} 查看，再由联席会议办公室或政法委督办（登录后 fengqiao act {case_no} supervise）",
    ),
    "nobody_there": Kind(
        _H,
        "{unit}有 {number} 项任务，却没有一个能登录的人：单位名称写错了，或还没有开通账号",
        "请账号管理员为该单位开通账号；名称写错的，请枢纽单位在案件中改派、调整承办单位",
    ),
    "alarm_overdue": Kind(_E, "{clock}应于 {due} 预警，定时器没有动作", REPAIR, True),
    "notice_undelivered": Kind(
        _W,
        "第 {seq} 条事件的催办、预警通知没有送达：还在排队，或多次失败后不再重试",
        "修好通知网关与通知队列，再运行 " + REPAIR + "（已送达的不会再发）",
        True,
    ),
    "no_pdf": Kind(
        _H,
        "这台机器没有装 LibreOffice（soffice）：文书可以下载 .docx、可以打印，没有“下载 PDF”",
        "要 PDF 的，在运行办案平台的机器上安装：apt-get install libreoffice-writer-nogui fonts-noto-cjk，再重启办案平台",
    ),
    "no_chinese_font": Kind(
        _W,
        "这台机器没有中文字体：转换出的 PDF 中汉字显示为方框",
        "安装仿宋_GB2312、方正小标宋等公文字体，或 apt-get install fonts-noto-cjk，再重启办案平台",
    ),
    "webhook_dead": Kind(
        _W,
        "{system}有 {number} 条推送多次重试仍未送达，已不再自动重试",
        "与对方排除原因（地址、证书、对方停机），再请账号管理员在办案平台“推送”中再送一次",
    ),
    "notices_given_up": Kind(
        _W,
        "通知渠道“{channel}”最近三天有 {number} 条没有发出或没有回执",
        "检查渠道文件（FENGQIAO_CHANNELS）和这一渠道；给当事人的已转由人另行告知",
    ),
    "lead_missing": Kind(_E, "派生的线索没有登记，无人核查", REPAIR, True),
    "merger_unheard": Kind(
        _W, "已并案，母件却没有接收本件的单号", REPAIR + "；母件已归档或拒绝的，请在母件上登记关联", True
    ),
    "number_used_twice": Kind(
        _H, "同一单号在别的渠道也登记了一件", "fengqiao show {case_no} 核对，重复的并案"
    ),
}


class About(NamedTuple):
    """Which matter a finding is about, and which event or lead of it."""

    dispute_id: str
    case_no: str | None = None
    seq: int | None = None
    lead_id: str | None = None


def found(code: str, about: About | None = None, **words: object) -> Finding:
    """A finding of this kind, worded."""
    kind = KINDS[code]
    workflow = workflow_id(about.dispute_id) if about else None
    named = about._asdict() if about else {}
    said = {**words, **named, "workflow_id": workflow}
    if about and not about.case_no:
        said["case_no"] = about.dispute_id
    return Finding(
        code=code,
        severity=kind.severity,
        workflow_id=workflow,
        means=kind.means.format(**said),
        mend=kind.mend.format(**said),
        repairable=kind.repairable,
        **named,
    )
