"""The words of every fault, in English and Chinese: the fault, then the way out.

Kept apart from the code that finds faults so that a translator or a clerk can read them in one
place. The codes are stable; the words may be improved. `{value}` is what the file says.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

SUGGESTION: Final = ('; did you mean "{}"?', "；是否应为“{}”？")

MESSAGES: Final[Mapping[str, tuple[str, str]]] = {
    # the file as a whole
    "format": (
        "files of the kind {value} are not read; use .yaml, .json or .xlsx",
        "不支持 {value} 文件；请使用 .yaml、.json 或 .xlsx",
    ),
    "too-large": (
        "the file is larger than {limit}; split off what is not part of the standard",
        "文件超过 {limit}；请去掉不属于测评体系的内容",
    ),
    "too-many-values": (
        "the file holds more than {limit} values, references counted as often as they are used; shorten it",
        "文件内容超过 {limit} 项（引用按展开后计）；请精简",
    ),
    "too-deep": (
        "values are nested more than {limit} deep; flatten them",
        "嵌套超过 {limit} 层；请减少层级",
    ),
    "empty": (
        "the file is empty; it needs at least urn, version, title, subject and nodes",
        "文件为空；至少需要 urn、version、title、subject 和 nodes",
    ),
    "encoding": (
        "the text is not UTF-8{guess}; save it again as UTF-8",
        "文本不是 UTF-8 编码{guess}；请另存为 UTF-8",
    ),
    "control-character": (
        "the text holds the control character {value}; delete it",
        "文本含有控制字符 {value}；请删除",
    ),
    "syntax": (
        "this cannot be read: {problem}; check brackets, quotes, colons and indentation here and just above",
        "无法解析：{problem}；请检查此处及上一行的括号、引号、冒号和缩进",
    ),
    "several-documents": (
        "a second document begins here (---); one file holds one version of one standard",
        "此处开始了第二个文档（---）；一个文件只存一个版本",
    ),
    "tag": (
        "the tag {value} is not allowed; write the plain value",
        "不允许使用标签 {value}；请直接写值",
    ),
    "unknown-alias": (
        "*{value} refers to nothing above it; write the value out, or mark it above with &{value}",
        "*{value} 在前文没有定义；请直接写出内容，或在前文用 &{value} 标记",
    ),
    "workbook": (
        "the workbook cannot be read ({problem}); open it in Excel or WPS and save it again as .xlsx",
        "工作簿无法读取（{problem}）；请用 Excel 或 WPS 打开后另存为 .xlsx",
    ),
    # keys, sheets and columns
    "duplicate-key": (
        '"{value}" stands twice (first at {first}); keep one',
        "“{value}”重复出现（首次：{first}）；请只保留一个",
    ),
    "key-not-text": (
        "the key {value} is not text; put it in quotes",
        "键 {value} 不是文本；请加引号",
    ),
    "unknown-key": (
        '"{value}" is not known here; known are: {known}',
        "此处没有“{value}”这一项；可用的有：{known}",
    ),
    "unknown-sheet": (
        'a sheet "{value}" is not known; delete or rename it; known are: {known}',
        "没有名为“{value}”的工作表；请删除或改名；可用的有：{known}",
    ),
    "unknown-column": (
        'a column "{value}" is not known; delete or rename it; known are: {known}',
        "没有名为“{value}”的列；请删除或改名；可用的有：{known}",
    ),
    "column-without-header": (
        "this column holds values but has no header; name it in row 1 or empty it",
        "此列有内容但没有表头；请在第 1 行写上列名，或清空此列",
    ),
    "missing-sheet": ('the sheet "{value}" is missing; add it', "缺少工作表“{value}”；请补上"),
    "missing-column": (
        'the column "{value}" is missing; add it in row 1',
        "缺少列“{value}”；请在第 1 行补上",
    ),
    "cell-error": (
        "the cell holds an Excel error; put the value in its place",
        "单元格是 Excel 错误值；请改为正确的值",
    ),
    # kinds of values
    "missing": ('"{value}" is missing; add it', "缺少“{value}”；请补上"),
    "not-a-mapping": (
        '"{value}" must be written as key: value pairs',
        "“{value}”应写成“键: 值”的形式",
    ),
    "not-a-list": (
        '"{value}" must be a list; write [ ... ] even around a single value',
        "“{value}”应为列表；只有一个值时也要写成 [ … ]",
    ),
    "not-text": (
        '"{value}" must be text, not {found}; put it in quotes',
        "“{value}”应为文本，而不是 {found}；请加引号",
    ),
    "not-a-number": (
        '"{value}" must be a number, not {found}; write digits without quotes or units',
        "“{value}”应为数字，而不是 {found}；请只写数字，不加引号和单位",
    ),
    "not-whole": (
        '"{value}" must be a whole number, not {found}; leave out the fraction',
        "“{value}”应为整数，而不是 {found}；请去掉小数",
    ),
    "too-small": (
        '"{value}" must be {bound}, not {found}; correct the number',
        "“{value}”应为 {bound}，而不是 {found}；请更正",
    ),
    "not-a-flag": (
        '"{value}" must be true or false, not {found}',
        "“{value}”应为 true 或 false，而不是 {found}",
    ),
    "too-long": (
        '"{value}" is longer than {limit} characters; shorten it',
        "“{value}”超过 {limit} 个字符；请缩短",
    ),
    "repeated-item": (
        '"{found}" stands twice in "{value}"; keep one',
        "“{found}”在“{value}”中重复；请只保留一个",
    ),
    # codes
    "unquoted-code": (
        'the code {value} is a number, so 1.10 would become 1.1; put it in quotes: "{value}"',
        '编号 {value} 未加引号，会被当作数字（1.10 会变成 1.1）；请写成 "{value}"',
    ),
    "number-in-code-cell": (
        (
            "the code {value} is a number or a date to Excel, so 1.10 would become 1.1; "
            "format the column as text and type the code again"
        ),
        "编号 {value} 被 Excel 当作数字或日期（1.10 会变成 1.1）；请将该列设为文本格式后重新输入",
    ),
    "duplicate-code": (
        'the code "{value}" is taken (at {first}); give each its own',
        "编号“{value}”已被使用（首次：{first}）；请使用不同的编号",
    ),
    "urn-form": (
        '"{value}" is not a urn; write it like urn:chuangwen:standard:example-city, without spaces and #',
        "“{value}”不是合法的 urn；请写成 urn:chuangwen:standard:example-city 的形式，不含空格和 #",
    ),
    "also-form": (
        '"{value}" does not name a leaf of another standard; write its urn, #, and the code',
        "“{value}”没有指明其他测评体系的条目；请写成 urn#编号",
    ),
    # words with a fixed meaning
    "unknown-subject": (
        'the subject "{value}" is not known; known are: {known}',
        "没有“{value}”这种测评对象；可用的有：{known}",
    ),
    "unknown-method": (
        'the method "{value}" is not known; known are: {known}',
        "没有“{value}”这种测评方法；可用的有：{known}",
    ),
    "unknown-measure": (
        'the measure "{value}" is not known; known are: {known}',
        "没有“{value}”这种度量；可用的有：{known}",
    ),
    "unknown-aggregate": (
        'the aggregate "{value}" is not known; known are: {known}',
        "没有“{value}”这种汇总方式；可用的有：{known}",
    ),
    "unknown-map": (
        'the map "{value}" is not known; known are: {known}',
        "没有“{value}”这种换算方式；可用的有：{known}",
    ),
    "unknown-photo": (
        'the photo rule "{value}" is not known; known are: {known}',
        "没有“{value}”这种拍照规则；可用的有：{known}",
    ),
    "unknown-class": (
        'the class "{value}" is not known; known are: {known}',
        "没有“{value}”这种问题类别；可用的有：{known}",
    ),
    "unknown-effect": (
        'the effect "{value}" is not known; known are: {known}',
        "没有“{value}”这种否决效果；可用的有：{known}",
    ),
    "unknown-evidence": (
        'the kind of evidence "{value}" is not known; known are: {known}',
        "没有“{value}”这种印证材料；可用的有：{known}",
    ),
    "within-form": (
        '"{value}" is not a time limit; write whole working hours as 2h or working days as 3d',
        "“{value}”不是合法的时限；请写工作小时（如 2h）或工作日（如 3d）",
    ),
    # references
    "undeclared-place-type": (
        'the place type "{value}" is not declared; add it to place_types or correct it',
        "点位类型“{value}”没有声明；请加入 place_types 或更正",
    ),
    "undeclared-problem-type": (
        'the problem type "{value}" is not declared; add it to problem_types or correct it',
        "问题类型“{value}”没有声明；请加入 problem_types 或更正",
    ),
    "undeclared-criterion": (
        'there is no node "{value}"; correct the code or add the node',
        "没有编号为“{value}”的条目；请更正编号或补上条目",
    ),
    "criterion-not-leaf": (
        '"{value}" has children; a check counts in leaves only, name one of those below it',
        "“{value}”有下级条目；检查项只能计入末级条目，请改为其下级",
    ),
    "unknown-parent": (
        'there is no node "{value}" to be the parent; correct the code or add the node',
        "上级编号“{value}”不存在；请更正编号或补上条目",
    ),
    "parent-cycle": (
        'the parents of "{value}" lead back to it ({cycle}); correct one parent in this circle',
        "“{value}”的上级形成循环（{cycle}）；请更正其中一个上级",
    ),
    # nodes
    "no-nodes": ("there are no nodes; add at least one", "没有任何条目；请至少添加一个"),
    "leaf-key-on-inner": (
        '"{value}" belongs to leaves, and this node has children; move it to the children',
        "“{value}”只用于末级条目，而此条目有下级；请移到下级",
    ),
    "inner-key-on-leaf": (
        '"{value}" belongs to nodes with children, and this is a leaf; remove it or add children',
        "“{value}”只用于有下级的条目，而此条目是末级；请删除，或添加下级",
    ),
    "only-with-met": (
        '"{value}" counts only with aggregate: met; remove it or change the aggregate',
        "“{value}”只在 aggregate: met 时有效；请删除，或更改汇总方式",
    ),
    "met-without-table": (
        "aggregate: met needs a table of [count, share]; add it",
        "aggregate: met 需要 table（[数量, 比例] 的列表）；请补上",
    ),
    "table-row": (
        "a row of the table is [count, share]; write it so",
        "table 的每一行应为 [数量, 比例]；请照此填写",
    ),
    "table-not-falling": (
        "the counts of the table must fall from row to row, but {value} follows {before}; reorder the rows",
        "table 的数量应逐行递减，但 {before} 之后是 {value}；请调整顺序",
    ),
    "share-range": (
        '"{value}" must lie between 0 and 1, not {found}; write 85 % as 0.85',
        "“{value}”应在 0 到 1 之间，而不是 {found}；85% 请写成 0.85",
    ),
    "unknown-grade": (
        'the grade "{value}" is not declared under grades; known are: {known}',
        "等级“{value}”没有在 grades 中声明；可用的有：{known}",
    ),
    "grade-name": (
        '"{value}" cannot name a grade; use letters without spaces, signs , ; : ( ) or numbers',
        "“{value}”不能作为等级名；请使用字母或汉字，不含空格、逗号、分号、冒号、括号，也不能是数字",
    ),
    "linear-flat": (
        "from and to are both {value}, so the measure makes no difference; change one of them",
        "from 与 to 都是 {value}，测评值不起作用；请更改其中一个",
    ),
    "bands-empty": (
        "bands needs a list of {{min, share}}; add it",
        "bands 需要 {{min, share}} 的列表；请补上",
    ),
    "band-order": (
        "min must fall from band to band, but {value} follows {before}; reorder the bands",
        "min 应逐档递减，但 {before} 之后是 {value}；请调整顺序",
    ),
    "band-last-min": (
        "the last band has a min, so lower measures have no share; add a last band without min",
        "最后一档不应有 min，否则更低的值没有对应比例；请再加一档不带 min 的",
    ),
    "band-without-min": (
        "only the last band may have no min; add min or move the band to the end",
        "只有最后一档可以没有 min；请补上 min，或移到最后",
    ),
    "map-cell": (
        (
            '"{value}" is not a map; write proportional, linear(0, 30), bands(0.85:A, 0.80:B, C), '
            "required(12) or deduct(0.5)"
        ),
        (
            "“{value}”不是换算方式；请写 proportional、linear(0, 30)、bands(0.85:A, 0.80:B, C)、"
            "required(12) 或 deduct(0.5)"
        ),
    ),
    "table-cell": (
        '"{value}" is not a table; write it as 4:A; 3:B; 2:C',
        "“{value}”不是换算表；请写成 4:A; 3:B; 2:C",
    ),
    "grades-cell": (
        '"{value}" is not a list of grades; write it as A:1; B:0.66; C:0.33; D:0',
        "“{value}”不是等级列表；请写成 A:1; B:0.66; C:0.33; D:0",
    ),
    "levels": (
        "the tree is more than {limit} levels deep; flatten it",
        "层级超过 {limit} 级；请减少层级",
    ),
    # points
    "leaf-without-points": (
        'the leaf "{value}" has no points, and the node above it adds points up; add points',
        "末级条目“{value}”没有分值，而上级按分值求和；请补上 points",
    ),
    "sum-without-points": (
        "all children have 0 points, so there is nothing to add up; give at least one of them points",
        "所有下级分值都是 0，无法求和；请至少给一个下级分值",
    ),
    "deduct-without-points": (
        'the leaf "{value}" deducts from 0 points; give it points or another map',
        "末级条目“{value}”分值为 0，无法扣分；请给出分值或更换换算方式",
    ),
    "points-differ": (
        'the children of "{value}" have {found} points together, but {declared} are declared; correct either',
        "“{value}”的下级分值合计 {found}，但声明为 {declared}；请更正其一",
    ),
    "no-scale": (
        "the top nodes have no points, so the total is unknown; add scale",
        "顶级条目没有分值，无法得出总分；请补上 scale",
    ),
    # vetoes
    "veto-without-cap": (
        'the effect "{value}" needs cap: points; add it',
        "效果“{value}”需要 cap（分值）；请补上",
    ),
    "quantity-form": (
        "a quantity needs both what is counted and how many at least; add the other",
        "数量要求需要同时写明计数对象和最少数量；请补全",
    ),
    "no-criteria": (
        'the check counts nowhere; name leaves under "criteria" or "also"',
        "检查项没有计入任何条目；请在 criteria 或 also 中写明",
    ),
}
