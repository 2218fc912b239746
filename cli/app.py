"""The command line's commands, gathered."""

import typer

from cli import books, desk, doctor, importing, listing, matters, policy, privacy, running, stats, template
from cli.spoken import SpokenGroup

app = typer.Typer(
    name="fengqiao",
    cls=SpokenGroup,
    help="枫桥：社会保险费征缴争议联合处置。件件有着落、事事有回音。",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_show_locals=False,
    rich_markup_mode=None,
)

app.command("up", help="启动（真实时间，数据保留），Ctrl-C 停止")(running.up)
app.command("demo", help="用加速时钟演示全部样例；--stay 演示后保持运行")(running.demo)
app.command("play", help="按剧本驱动争议走完全程；--check 与预期逐项比对")(running.play)

app.command("register", help="登记一件争议或线索（YAML/JSON 文件）")(matters.register)
app.command("import", help="导入 12345 等平台的导出表（xlsx、csv）；--check-only 只核对")(
    importing.import_file
)
app.command("list", help="案件列表，新登记的在前；可按阶段、等级、主办、类别、登记时间筛选")(
    listing.list_matters
)
app.command("show", help="查看案件；--at 查看当时的样子")(matters.show)
app.command("why", help="每个期限的由来（为什么是这一天）")(matters.why)

app.command("stats", help="期内统计：--month 2026-06、--quarter 2026Q2 或 --from 与 --until")(stats.stats)
app.command("doctor", help="检查整个系统：什么在运行、什么卡住、怎样处理；--repair 修复")(doctor.doctor)

app.command("inbox", help="单位收件箱：待办任务与期限")(desk.inbox)
app.command("sign", help="签收")(desk.sign)
app.command("complete", help="办理任务：--set 字段=值 逐项填写，或 --file；表样见 template")(desk.complete)
app.command("act", help="对案件的其他操作（撤回、到账、调整等级、督办……）")(desk.act)
app.command(
    "template",
    help="打印表样（带说明的 YAML，已填建议值）：任务、案号，或 register（登记表）；--list 列出全部操作",
)(template.show_template)

app.command("search", help="按姓名、证件号、电话、信用代码查案件（结果不显示身份）")(privacy.search_people)
app.command("reveal", help="查看完整身份信息：须有权限、写事由，并记入案件")(privacy.reveal)

app.add_typer(privacy.keys_app, name="keys", help="密钥：生成、更换、停用")
app.add_typer(books.ledger_app, name="ledger", help="台账：导出、重建、核验")
app.add_typer(policy.policy_app, name="policy", help="政策：检查政策文件，查看等级、任务和时限")
