"""The command line's commands, gathered."""

from importlib import import_module
from typing import Any

import typer

from cli.spoken import SpokenGroup

COMMANDS = {
    "up": (
        "cli.running:up",
        "启动（真实时间，数据保留在 /var/lib/fengqiao 或本人的文件夹，另设用 FENGQIAO_HOME），Ctrl-C 停止",
    ),
    "demo": ("cli.running:demo", "用加速时钟演示全部样例；--stay 演示后保持运行，并有一个县的在办案件"),
    "play": ("cli.running:play", "按剧本驱动争议走完全程；--check 与预期逐项比对"),
    "found": ("cli.founding:found", "打印第一位账号管理员的开通链接（只在还没有账号时）"),
    "door": ("cli.door:door", "打印管理员入口的地址（可看明文，勿外传）"),
    "login": ("cli.signed_in:login", "登录办案平台：口令和验证码另行询问；此后办理以本人岗位的名义"),
    "logout": ("cli.signed_in:logout", "退出登录"),
    "whoami": ("cli.signed_in:whoami", "现在以谁、以哪个岗位登录在哪里"),
    "register": ("cli.registering:register", "登记一件争议或线索（YAML/JSON 文件）"),
    "import": ("cli.importing:import_file", "导入 12345 等平台的导出表（xlsx、csv）；--check-only 只核对"),
    "list": ("cli.listing:list_matters", "案件列表，新登记的在前；可按阶段、等级、主办、类别、登记时间筛选"),
    "review": ("cli.reviewing:review", "定期会审清单：本县政策写明的各份清单，下次日期和届时在列的案件"),
    "show": ("cli.matters:show", "查看案件；--at 查看当时的样子"),
    "why": ("cli.matters:why", "每个期限的由来（为什么是这一天）"),
    "stats": ("cli.stats:stats", "期内统计：--month 2026-06、--quarter 2026Q2 或 --from 与 --until"),
    "doctor": ("cli.doctor:doctor", "检查整个系统：什么在运行、什么卡住、怎样处理；--repair 修复"),
    "inbox": ("cli.desk:inbox", "单位收件箱：待办任务与期限"),
    "sign": ("cli.desk:sign", "签收"),
    "complete": ("cli.desk:complete", "办理任务：--set 字段=值 逐项填写，或 --file；表样见 template"),
    "act": ("cli.desk:act", "对案件的其他操作（撤回、到账、调整等级、督办……）"),
    "template": (
        "cli.template:show_template",
        "打印表样（带说明的 YAML，已填建议值）：任务、案号，或 register（登记表）；--list 列出全部操作",
    ),
    "search": ("cli.privacy:search_people", "按姓名、证件号、电话、信用代码查案件（结果不显示身份）"),
    "reveal": ("cli.privacy:reveal", "查看完整身份信息：须有权限、写事由，并记入案件"),
    "keys": ("cli.privacy:keys_app", "密钥：生成、更换、停用"),
    "signing": ("cli.signing:signing_app", "外单位系统的签名：生成密钥、登记公钥、停用、签名"),
    "ledger": ("cli.books:ledger_app", "台账：导出、重建、核验"),
    "archive": ("cli.archiving:archive_app", "档案：导出已归档案件的全部档案，核验档案包，列出保管期满的"),
    "calendar": ("cli.calendars:calendar_app", "放假、调休日历：与已公布的安排逐日核对"),
    "policy": (
        "cli.policy:policy_app",
        "政策：检查政策文件，说明一个等级怎样办，查看等级、任务和时限，打印文件格式",
    ),
}
"""Where each command is, and what is said of it."""


class Commands(SpokenGroup):
    """The commands, each loaded when it is called: all together take seconds, which a person would wait."""

    def __init__(self, **attrs: Any) -> None:
        super().__init__(**attrs)
        self.commands: Any = dict.fromkeys(
            COMMANDS
        )  # the names, from which the parser suggests one for a slip

    def list_commands(self, ctx: Any) -> list[str]:
        """Their names, as they are shown."""
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The command of this name."""
        if cmd_name not in COMMANDS:
            return None
        place, said = COMMANDS[cmd_name]
        module, _, thing = place.partition(":")
        found = getattr(import_module(module), thing)
        alone = typer.Typer(add_completion=False, rich_markup_mode=None)
        if isinstance(found, typer.Typer):
            alone.add_typer(found, name=cmd_name, help=said)
        else:
            alone.command(cmd_name, help=said)(found)
        return typer.main.get_group(alone).commands[cmd_name]

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Their list in the help, for which none is loaded."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, said) for name, (_, said) in COMMANDS.items()])


app = typer.Typer(
    name="fengqiao",
    cls=Commands,
    help="枫桥：社会保险费征缴争议联合处置。件件有着落、事事有回音。",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_show_locals=False,
    rich_markup_mode=None,
)


@app.callback()
def fengqiao() -> None:
    """The commands hang on this."""
