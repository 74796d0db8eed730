"""Sentences in Chinese: the words for what the language says, and the order in which Chinese says it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby

from policyspec.kinds import CLAUSES
from policyspec.phrasing.titles import Said, lookup, title, without_aside
from policyspec.scope import Definition
from policyspec.statements import OBJECTS, Judgement, Period, Statement

CHINESE = "zh"

# ── The words for the language's own: complete, as a test holds them ─────────────────────────────

# A practice has no word.
MODALITIES = {"": "", "may": "可以", "must": "必须", "should": "应尽力", "never": "绝不"}
_GROUND = {"": "在{}的情况下"}
# How a clause is said, by the kind of a term; `` for all others.
PHRASES: Mapping[str, Mapping[str, str]] = {
    "from": {"subject": "{}的", "": "来自{}的"},
    "by": {"": "{}"},
    "to": {"": "向{}"},
    "for": {"": "为{}"},
    "under": {"": "基于{}"},
    "without": {"": "无需以{}为依据"},
    "unless": {
        "party": "向{}", "subject": "涉及{}", "data": "涉及{}", "purpose": "为{}", "basis": "基于{}",
        "safeguard": "以{}为保障", "permission": "通过{}权限", "channel": "通过{}", "place": "在{}", "right": "行使{}",
        "exception": "属于{}", "event": "发生{}",
    },
    "when": _GROUND,
    "via": {"permission": "通过{}权限", "": "通过{}"},
    "in": {"": "在{}"},
    "with": {"": "以{}为保障"},
    "keep": {"": "{}"},
    "within": {"": "{}"},
}  # fmt: skip
# How a period is said, by its form.
KEPT = {
    "lasting": "保存{}", "until": "保存至{}", "while": "在{}保存", "forever": "永久保存", "quoted": "按{}保存",
    "etc": "在未说明的期限内保存",
}  # fmt: skip
DEADLINES = {
    "lasting": "在{}内", "until": "在{}前", "while": "在{}", "forever": "不限期", "quoted": "{}",
    "etc": "在未说明的期限内",
}  # fmt: skip
LIMITS = {"": "", "at_least": "至少 ", "at_most": "至多 ", "under": "不满 "}
UNITS = {
    "minute": "分钟", "hour": "小时", "day": "日", "week": "周", "month": "个月", "year": "年",
    "working_day": "个工作日", "business_day": "个工作日",
}  # fmt: skip
NECESSITY = {"required": "必须提供", "optional": "可选择提供"}
# What a demand asks for that names a clause word alone.
ASKED = {
    "from": "信息属于谁或来自谁", "by": "由谁进行", "to": "由谁接收", "for": "为何目的", "under": "依据什么",
    "without": "无需什么依据", "unless": "有何例外", "when": "在何种情况下", "via": "通过何种方式", "in": "在何处进行",
    "with": "有何保障", "keep": "保存多久", "within": "在何期限内",
}  # fmt: skip
VERDICTS = {"allows": "政策允许：{}。", "forbids": "政策禁止：{}。", "undeclared": "政策未提及：{}。"}
KINDS = {
    "policy": "政策", "party": "主体", "subject": "个人", "data": "数据", "purpose": "目的", "basis": "依据",
    "exception": "例外", "permission": "权限", "safeguard": "措施", "right": "权利", "channel": "渠道", "place": "地点",
    "event": "事件", "action": "行为",
}  # fmt: skip
PROVIDER = "提供者"

# ── Terms ────────────────────────────────────────────────────────────────────────────────────────

_UNFIT = re.compile(r"[、，；：,;:]")
WIDE = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
_PREPOSITION = re.compile(r"[向对从就].|.*或")


def joined(texts: Sequence[str], word: str) -> str:
    """A list: `甲、乙和丙`."""
    return texts[0] if len(texts) == 1 else f"{'、'.join(texts[:-1])}{word}{texts[-1]}" if texts else ""


def _term(definition: Definition) -> str:
    text = title(definition, CHINESE)
    if definition.kind == "party":
        text = without_aside(text)
    if definition.kind == "policy":
        return f"《{text}》"
    return f"“{text}”" if definition.kind == "permission" or _UNFIT.search(text) else text


def spaced(text: str) -> str:
    """A text with a space between Chinese and other letters or digits."""
    text = re.sub(rf"({WIDE.pattern})([A-Za-z0-9])", r"\1 \2", text)
    return re.sub(rf"([A-Za-z0-9.)])({WIDE.pattern})", r"\1 \2", text)


def _phrases(items: Iterable[tuple[Definition, ...]], word: str, said: Said) -> list[tuple[str, str]]:
    """The items of a clause: templates and texts."""
    found = []
    for item in items:
        terms = [(_template(term, word, said), _term(term)) for term in item]
        if len({template for template, _ in terms}) == 1:
            found.append((terms[0][0], "兼".join(text for _, text in terms)))
        else:
            found.append(("{}", "且".join(template.format(text) for template, text in terms)))
    return found


def _template(term: Definition, word: str, said: Said) -> str:
    if word == "unless" and term.kind == "place" and said.has_place:
        return PHRASES["to"][""]
    if word == "when" and re.search(r"(?:时|期间)$", title(term, CHINESE)):
        return "在{}"
    if word == "when" and title(term, CHINESE).endswith(("情形", "情况")):
        return "在{}下"
    return lookup(PHRASES[word], term.kind)


def _clause(word: str, said: Said) -> str:
    """A clause with its list: `基于同意或合同`."""
    is_choice = said.is_choice or word in ("under", "when", "unless", "without")
    conjunction = "或" if is_choice and word != "with" else "和"
    groups = []
    for template, group in groupby(_phrases(said.items(word), word, said), key=lambda each: each[0]):
        groups.append((template, [text for _, text in group]))
    texts = []
    for at, (template, listed) in enumerate(groups):
        text = joined(listed, f"，{conjunction}" if any("兼" in each for each in listed) else conjunction)
        if at == len(groups) - 1 and word in said.says.is_open:
            text += "等"
        texts.append(template.format(text))
    text = joined(texts, "，或" if is_choice else "，")
    if word == "without" and said.says.modality == "never":
        text = re.sub(r"^无需以(.*)为依据$", r"在没有\1的情况下", text)
    if word == "unless" and text:
        text = f"但{text}的除外"
    return f"仅{text}" if text and word in said.says.only else text


# ── Periods ──────────────────────────────────────────────────────────────────────────────────────


def periods(word: str, said: Said) -> str:
    """What `keep` or `within` says: `保存至账号注销后 3 年`."""
    quoted = iter(said.quoted(word, CHINESE))
    texts = [_period(each, word, next(quoted, "") if each.form == "quoted" else "") for each in
             said.says.periods.get(word, ())]  # fmt: skip
    if word in said.says.is_open:
        texts.append((DEADLINES if word == "within" else KEPT)["etc"])
    return joined(texts, "，或")


def _period(period: Period, word: str, quoted: str) -> str:
    template = (DEADLINES if word == "within" else KEPT)[period.form]
    event = _term(period.event) if period.event is not None else ""
    # `收集时` is a time already: `收集后`.
    after = f"{event.removesuffix('时')}后" if event else ""
    match period.form:
        case "lasting":
            span = length(period.word, period.amount, period.unit)
            if not after:
                return template.format(span)
            return template.format(f"{after} {span}") if word == "within" else f"保存至{after}{span}"
        case "quoted":
            text = template.format(f"“{quoted or '…'}”")
            return f"在{after}{text}" if after else text
        case "until" if period.date is not None:
            return template.format(date(period.date.isoformat()))
        case "while":
            return template.format(event if event.endswith("期间") else f"{event}期间")
    return template.format(event)


def length(limit: str, amount: int, unit: str) -> str:
    """`至少 3 个工作日`."""
    return f"{LIMITS[limit]}{amount} {UNITS[unit]}"


def age(limit: str, amount: int, unit: str) -> str:
    """`不满 14 岁`."""
    return length(limit, amount, unit).replace("年", "岁")


def listed(word: str, said: Said) -> tuple[str, ...]:
    """The items of a clause, or the objects, each by itself, without the words around them."""
    if word in said.says.periods:
        return (spaced(periods(word, said)),)
    items = [(each,) for each in said.says.objects] if word == OBJECTS else said.items(word)
    texts = [spaced("兼".join(title(each, CHINESE) for each in item)) for item in items]
    return (*texts, *(["其他"] if word in said.says.is_open else []))


def date(iso: str) -> str:
    """`2027 年 1 月 1 日`."""
    year, month, day = (int(part) for part in iso.split("-"))
    return f"{year} 年 {month} 月 {day} 日"


# ── Sentences ────────────────────────────────────────────────────────────────────────────────────


def _predicate(said: Said) -> str:
    """The verbs with their objects."""
    says = said.says
    conjunction = "或" if says.any_of or said.is_choice else "和"
    frames = [_frame(action, says.objects) for action in says.actions]
    objects = _objects(said)
    only = "仅" if OBJECTS in says.only else ""
    if len({frame for _, frame in frames}) == 1:
        verb = joined([verb for verb, _ in frames], conjunction)
        return only + frames[0][1].format(verb=verb, objects=objects)
    parts = [frame.format(verb=verb, objects="其" if at else objects) for at, (verb, frame) in enumerate(frames)]
    return only + joined(parts, conjunction)


def _frame(action: Definition, objects: Sequence[Definition]) -> tuple[str, str]:
    """The verb of an action, and where it and its objects stand.

    `行使权利`, of a right: the objects in place of `权利`. A verb that has an object already takes them in front.
    """
    text = re.sub(r"\s*[(（].*?[)）]|[{}]", "", title(action, CHINESE)).partition("、")[0] or action.name
    kinds = list(dict.fromkeys(each.kind for each in objects)) or ["data"]
    for kind in kinds:
        before, found, behind = text.partition(KINDS[kind])
        if found and before:
            return text, f"{before}{{objects}}{behind}"
    if not text.isascii() and kinds != ["data"] and len(text) > 3:
        return text, "{verb}（{objects}）" if _PREPOSITION.match(text) else "对{objects}{verb}"
    return text, "{verb} {objects}" if text.isascii() else "{verb}{objects}"


def _objects(said: Said) -> str:
    says = said.says
    text = joined([_term(each) for each in says.objects], "或" if said.is_choice else "和")
    if OBJECTS in says.is_open:
        text += "等"
    text = _clause("from", said) + text
    if says.necessity and says.modality == "never":
        return f"{NECESSITY[says.necessity]}的{text}"
    return f"{text}（{NECESSITY[says.necessity]}）" if says.necessity else text


def statement(said: Said) -> str:
    """What a sentence says, without a full stop."""
    says = said.says
    who = joined([text for _, text in _phrases(said.items("by") or [(each,) for each in said.by], "by", said)], "和")
    if "by" in says.is_open:
        who += "等"
    only = "仅" if "by" in says.only else ""
    text = f"{only}{who or PROVIDER}"
    if found := _clause("when", said):
        text += f"{found}，"
    text += MODALITIES[said.modality]
    how = [periods("within", said)] if says.says("within") else []
    if "within" in says.only:
        how = [f"仅{each}" for each in how]
    how += [_clause(word, said) for word in ("under", "without", "for", "via", "with", "in")]
    how = [each for each in how if each]
    # Several of them are told apart by commas; one alone, if it is short, stands right before the verb.
    text += "，".join(how) + ("，" if len(how) > 1 or len("".join(how)) > 16 else "")
    text += _clause("to", said) + _predicate(said)
    if says.says("keep"):
        text += f"，并{'仅' if 'keep' in says.only else ''}{periods('keep', said)}"
    if found := _clause("unless", said):
        text += f"，{found}"
    return spaced(text).strip().rstrip("。")


def sentence(said: Said) -> str:
    return f"{statement(said)}。"


def judgement(each: Judgement) -> str:
    """What a rule demands of a policy."""
    if each.declaration is not None:
        return f"政策必须声明{_declared(each.declaration)}。"
    assert each.pattern is not None
    says = statement(Said(each.pattern, is_pattern=True))
    if each.word == "no":
        return f"政策不得表述「{says}」。"
    if each.word == "some":
        return f"政策必须表述「{says}」。"
    if each.needs_declaration is not None:
        return f"政策表述「{says}」的，必须声明{_declared(each.needs_declaration)}。"
    return f"政策表述「{says}」的，还必须说明{'、'.join(_needs(each.needs))}。"


def _declared(term: Definition) -> str:
    return spaced(f"属于“{title(term, CHINESE)}”的{KINDS[term.kind]}")


def _needs(needs: Statement | None) -> Iterable[str]:
    if needs is None:
        return
    said = Said(needs)
    for word in CLAUSES:
        if needs.says(word):
            found = periods(word, said) if word in needs.periods else _clause(word, said)
            yield spaced(f"「{found}」") if found else ASKED[word]
