"""What each item of a policy file means, in the words of whoever writes one; ``policy schema`` prints them."""

BASIS = "依据：文件名称和条款"
TAG = "出处：S 县方案规定，F 法律法规条文，W 网上公开资料，K 一般知识，D 默认值（县里可调整）"

FIELD_WORDS: dict[str, dict[str, str]] = {
    "Policy": {
        "county": "本县：名称、案号前缀、乡镇",
        "units": "单位：谁担任什么角色，还有哪些单位",
        "powers": "权限：除了任务的承办单位，还有谁可以办某些操作",
        "investigators": "调查人数：哪些单位调查时至少派几人",
        "leads": "留下的线索没有指明单位时交给谁",
        "calendar": "放假、调休和上班时间",
        "tiers": "等级，由低到高，每级写明路线、时限、由谁告知和怎样办结",
        "indicators": "指标：什么情形落入哪一等级；都不成立的为最低等级",
        "special_groups": "特殊人群名单",
        "facts": "登记时本县另问的事实，条件中写作 own.名称",
        "time_nodes": "时间节点：期间人数多的提高一级",
        "clocks": "时限：代码 → 名称、长度、预警",
        "ladders": "预警阶梯：代码 → 各级预警和督办单位",
        "escalation_after_supervision_wd": "督办后给单位的工作日数，之后才提请联席会议",
        "channel_clocks": "渠道 → 该渠道的法定时限（只能增加）",
        "routing": "分流：诉求归入哪一类，由谁主办、协办",
        "premium_categories": "金额属于社会保险费的类别",
        "execution_categories": "处置后还要执行的类别",
        "refund_categories": "要求退费的类别",
        "receiving": "首问责任制：除枢纽外谁可以收件；不写则只有枢纽收件",
        "hubs": "按乡镇确定的接手单位（枢纽）",
        "transfer": "移送外地：不写则按不予受理 N4 办理",
        "words": "叫法：软件原来的词 → 本县的词，凡告诉人的地方一律换用",
        "reviews": "定期会审清单，不影响办理",
        "refusals": "不予受理的代码（国家层已列，可逐项改写）",
        "documents": "文书（国家层已列，可改叫法、不出、另加）",
        "extension": "延期：同一时限可以延几次",
        "callback": "回访：次数、间隔、不满意怎么办",
        "agreement": "调解协议不得写的内容（只能增加）",
        "agreement_review_required": "协议是否须先审查才能签订",
        "guidance": "指引不得作出的承诺（只能增加）",
        "masks": "身份信息怎样遮蔽（只能更严）",
        "identities": "谁可以查看完整身份信息（只能更少）",
        "retention": "群体件的保管期限和人数标准",
        "statistics": "统计口径",
    },
    "County": {
        "name": "县名", "case_prefix": "争议案号的前缀，如 偏社争", "lead_prefix": "线索编号的前缀，如 偏社线",
        "towns": "乡镇名单", "plan": "本县方案的文号；操作的依据引用“县方案”条款的才写",
    },
    "Units": {
        "roles": "角色 → 单位名称；必须有 center（枢纽）和 joint_office（督办单位）",
        "others": "其他单位", "patterns": "其他单位的名称样式，* 代表任意文字",
        "also_called": "角色 → 该单位的其他叫法（全称等），反映到它时也能认出",
        "center_patterns": "各乡镇枢纽的名称样式", "groups": "统称的角色 → 各单位的名称样式",
    },
    "Powers": {
        "raise_level": "上调等级", "supervise": "督办", "consult": "组织会商", "joint_meeting": "召开联席会议、报上级",
        "decide_extension": "审批延期", "investigate": "调查", "guide": "仲裁诉讼指引", "mediate": "主持调解",
        "review_agreement": "审查协议", "levy": "责令缴纳、催告、登记到账", "execute": "反馈执行",
    },
    "Power": {"units": "角色、单位名称、名称样式（*）或 towns（各乡镇单位）"},
    "InvestigatorRule": {"least": "至少几人", "units": "哪些单位须派足"},
    "LeadRule": {"unit": "角色或单位"},
    "WorkCalendar": {
        "version": "日历版本；改了放假安排须写自己的版本", "off": "放假的日子，可写起止 2026-10-01/2026-10-07",
        "work": "调休上班的日子", "assumed_from": "从哪一天起的安排是推定的", "work_start": "上班时间", "work_end": "下班时间",
    },
    "Tier": {
        "name": "等级名称", "rank": "次序，由低到高逐级加大", "path": "办理方式的叫法，受理时选它",
        "route": "路线：依次进行的步骤", "handler": "lead 主办单独办理，joint 联合办理",
        "notifier": "由谁告知当事人：lead 主办、center 枢纽或角色", "total": "办理总时限（clocks 的代码）",
        "total_from": "总时限从何时起算：acceptance 受理、tier 进入本等级、receipt 收件",
        "execution": "是否办理后续执行", "callback": "回访；写 {rounds: 0} 即不回访",
        "closed_by": "由谁结案归档：center、lead 或角色", "closes_with_answer": "答复当事人即办结（须不回访、不执行）",
        "organiser": "由谁组织各单位并向上报告", "downgrade_approver": "降级须由哪个角色批准",
        "report_urgently": "是否立即作紧急信息报告", "documents": "结案时出具的文书", "retention_years": "保管年数；null 为永久",
    },
    "TierCallback": {
        "rounds": "0 不回访；1 告知后回访；2 执行后再回访一次", "clock": "首次回访的时限", "again": "以后各次的时限",
        "by": "由谁回访：center、lead 或角色",
    },
    "RouteStep": {
        "step": "步骤", "owner": "由谁办：角色、lead（主办）或 organiser（组织单位）", "clock": "时限（clocks 的代码）",
        "required": "是否必经；false 为需要时办理", "name": "本等级对这一步的叫法",
        "papers": "报上级时随附的文书", "upward": "答复“须再报更上一级”时依次报给的角色",
    },
    "IndicatorRule": {
        "code": "代码", "text": "说法；{事实} 换成实际情况", "tier": "至少落入的等级", "when": "条件",
        "unknown": "事实不明时：fires 也算成立，ignored 不算",
    },
    "Condition": {
        "fact": "事实", "at_least": "不少于", "more_than": "多于", "at_most": "不多于", "equals": "等于", "one_of": "是其中之一",
        "none_of": "都不是", "present": "有（true）或没有（false）", "all": "同时成立", "any": "任一成立",
    },
    "OwnFact": {"ask": "登记时怎样问"},
    "TimeNode": {
        "name": "名称", "starts": "开始：MM-DD 每年重复，YYYY-MM-DD 只一次", "ends": "结束",
        "min_headcount": "至少多少人才提高一级",
    },
    "ClockRule": {
        "name": "名称", "length": "长度", "unit": "单位：wd 工作日，d 自然日，h 小时",
        "kind": "internal 内部，statutory 法定，not_before 最早可办，window 可以做某事的期间",
        "ladder": "预警阶梯的代码", "max_extension": "最多延长多少，不写不能延长",
    },
    "Ladder": {"rungs": "各级预警，由早到晚", "supervisor": "督办单位（角色）；写多个的，第一个不是自己逾期的督办"},
    "LadderRung": {
        "alarm": "预警", "fraction": "时间过去的比例，1 为到期", "working_days_after_due": "逾期后第几个工作日",
    },
    "RoutingRules": {
        "categories": "诉求归类", "rows": "各类别由谁主办、协办", "several": "多项诉求只定一个主办，最后一条只写 lead",
        "modifiers": "什么情形下还有谁参加",
    },
    "CategoryRule": {"category": "类别", "type": "争议类型", "keywords": "诉求中含这些词的才归入"},
    "RouteRow": {
        "category": "类别", "regimes": "参保制度", "insurances": "险种", "lead": "主办（角色或单位）", "co": "协办",
    },
    "LeadChoice": {"if_any": "含这些类别之一时", "lead": "主办"},
    "RouteModifier": {"when": "条件", "add": "参加的单位"},
    "ReceivingRules": {"units": "谁可以收件", "clock": "收件单位办结或移交的时限"},
    "HubRule": {"towns": "哪些乡镇", "hub": "接手单位"},
    "TransferRules": {"clock": "告知申请人并交出材料的时限"},
    "ReviewRule": {
        "name": "清单名称", "every": "week 每周、month 每月、quarter 每季", "day": "星期几、几日或每季首月几日",
        "tiers": "列哪些等级；不写为全部", "older_than_days": "收件满多少日的才列", "unit": "由哪个角色过一遍",
    },
    "RefusalRule": {
        "name": "名称", "redirect": "正确途径",
        "kind": "refuse 不予受理，lead 转线索，merge 并案，review 先经法制审核",
    },
    "DocumentRule": {
        "issuer": "谁出具：角色、lead、actor（办理的单位）或 mediator", "to": "送给谁，多个用 / 分开", "fields": "除抬头外的栏目",
        "name": "本县的叫法", "omit": "本县不出这种文书", "on": "哪些操作时出具（本县自己的文书）", "tiers": "只在这些等级出具",
    },
    "ExtensionRules": {"times": "同一时限可以延期几次"},
    "CallbackRules": {
        "attempts": "最多拨打几次", "min_days_between": "两次之间至少隔几日", "different_hours": "是否须在不同时段",
        "rehandle_times": "最多重新办理几次", "categories": "不满意的原因：字母 → 说明和后续",
    },
    "Dissatisfaction": {"text": "说明", "then": "rehandle 重新办理，explain 释法，new_matter 另行登记"},
    "WordingRules": {
        "words": "词组", "separator": "按什么分句", "negation": "紧邻其前即无害的否定", "forbidden": "不得写的内容",
    },
    "Forbidden": {
        "id": "代码", "article": "条款", "explanation": "说明", "patterns": "正则表达式", "unless": "同句含这些的无害",
    },
    "MaskRule": {"head": "保留开头几个字", "tail": "保留末尾几个字", "until": "保留到哪一级地名"},
    "IdentityRule": {"may_view": "谁可以查看"},
    "Retention": {"group_years": "群体件保管年数；null 为永久", "group_headcount": "多少人以上为群体件"},
    "StatisticsRules": {"repeat_days": "办结后多少日内再次登记算重复投诉"},
}  # fmt: skip
"""By model and field. ``basis`` and ``tag`` mean the same everywhere."""
