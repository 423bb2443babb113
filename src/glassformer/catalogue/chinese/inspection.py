"""What traces and reports say, and arithmetic in words."""

SENTENCES: dict[str, str] = {
    "the Noto fonts of that script (Debian: fonts-noto-core)": (
        "该文字的 Noto 字体（Debian：fonts-noto-core）"
    ),
    "a font such as DejaVu Sans (Debian: fonts-dejavu-core)": (
        "DejaVu Sans 等字体（Debian：fonts-dejavu-core）"
    ),
    "Noto Sans CJK (Debian: fonts-noto-cjk)": "Noto Sans CJK（Debian：fonts-noto-cjk）",
    "Noto Color Emoji (Debian: fonts-noto-color-emoji)": (
        "Noto Color Emoji（Debian：fonts-noto-color-emoji）"
    ),
    "GNU FreeFont (Debian: fonts-freefont-ttf)": "GNU FreeFont（Debian：fonts-freefont-ttf）",
    (
        "no font on this machine has {characters}: install {font}, or save as SVG, which uses "
        "the fonts of the machine that shows it"
    ): "本机没有字体包含 {characters}：请安装 {font}，或保存为 SVG，由打开它的机器提供字体",
    "drawing PNG needs resvg: {how}": "绘制 PNG 需要 resvg：{how}",
    'there is no word "{asked}" in the sentence; its words are: {words}': (
        "句子中没有词“{asked}”；句中的词为：{words}"
    ),
    '"{asked}" occurs {times} times: {places} (counted from 1); say which one': (
        "“{asked}”出现 {times} 次：{places}（从 1 起计数）；请指明是哪一个"
    ),
    "{choice} is word {number}": "{choice} 是第 {number} 个词",
    "there is no {part} attention in this trace: no target was traced": (
        "此计算记录中没有{part}注意力：没有记录目标句"
    ),
    '"{word}" has no token: the tokenizer drops it': "“{word}”没有对应的词元：分词器把它略去了",
    "the {part} attention has layers 1 to {most}; there is no layer {layer}": (
        "{part}注意力有第 1 至 {most} 层，没有第 {layer} 层"
    ),
    "the {part} attention has heads 1 to {most}; there is no head {head}": (
        "{part}注意力有第 1 至 {most} 头，没有第 {head} 头"
    ),
    "this model's card names no head here; choose {heads}": (
        "此模型的卡片在这里没有推荐的头；可选 {heads}"
    ),
    "the encoder predicts no tokens: {align} is for the decoder": (
        "编码器不预测词元：{align} 用于解码器"
    ),
    '"{word}" is a special token: {special} shows these too': (
        "“{word}”是特殊词元：请用 {special} 显示它们"
    ),
    '"{word}" occurs {times} times, so there is no {asked}': (
        "“{word}”出现 {times} 次，因此没有 {asked}"
    ),
    '"{word}" occurs once, so there is no {asked}': "“{word}”只出现一次，因此没有 {asked}",
    "a flow shows one head: give {layer} and {head}": (
        "流程图只显示一个头：请给出 {layer} 与 {head}"
    ),
    "tables need pandas: {command}": "表格需要 pandas：{command}",
    "there is no word to draw: the tokenizer drops all of them": (
        "没有可画的词：分词器把它们全部略去了"
    ),
    "the text has {length} tokens and was truncated to {limit}": (
        "文本有 {length} 个词元，已截断为 {limit} 个"
    ),
    "there is no search history to show: no translation was searched for": (
        "没有搜索过程可显示：没有搜索过译文"
    ),
    "a model that translates reads one text at a time: leave {pair:name} out": (
        "翻译模型一次只读一个文本：请去掉 {pair:name}"
    ),
    "{name} has heads 1 to {heads}: say which one ({head})": (
        "{name} 有第 1 至 {heads} 头：请指明是哪一个（{head}）"
    ),
    "{name} has heads 1 to {heads}; there is no head {head}": (
        "{name} 有第 1 至 {heads} 头，没有第 {head} 头"
    ),
    "{name} has no heads: leave {head:name} out": "{name} 不分头：请去掉 {head:name}",
    (
        "nothing was recorded at update {asked}, so update {update} is shown; recorded updates: "
        "{recorded}"
    ): "第 {asked} 步没有记录，因此显示第 {update} 步；有记录的训练步：{recorded}",
    '"{second}" and "{first}" have the same tokens: give another target to compare with': (
        "“{second}”与“{first}”的词元相同：请给出另一个用于比较的译文"
    ),
    (
        "{align:name} is about rows of the decoder, and no attention of the decoder is shown "
        "here: give {cross} or {decoder}, with a model that has one"
    ): (
        "{align:name} 与解码器的行有关，而这里没有显示解码器的注意力：请给出 {cross} 或 "
        "{decoder}，并使用有解码器的模型"
    ),
    (
        "this would be {count} links, and at most {most} are written unless some are selected: "
        "give one of {settings:name}"
    ): "共有 {count} 条连线，未作选择时最多写出 {most} 条：请给出 {settings:name} 之一",
    (
        "this would be {count} links, and at most {most} are written unless some are selected: "
        "give one of {settings:name}, or {save_trace} for everything"
    ): (
        "共有 {count} 条连线，未作选择时最多写出 {most} 条：请给出 {settings:name} 之一，或用 "
        "{save_trace} 保存全部"
    ),
    "{setting:name} is shown as text or JSON and has no picture": (
        "{setting:name} 只能以文字或 JSON 显示，没有图片"
    ),
    "for an update of a training no trace was recorded, so there is none to save": (
        "训练中的某一步没有完整的计算记录，无法保存"
    ),
    "this trace has no target to compare": "此计算记录没有可比较的目标句",
    "the other trace has no target to compare": "另一计算记录没有可比较的目标句",
    "two targets can be compared only for the same source and target language": (
        "只能比较同一源句、同一目标语言的两个译文"
    ),
    "{folder} has no {file}: no sentence was watched during that training (train with {watch})": (
        "{folder} 中没有 {file}：该训练没有观察任何句子（训练时请用 {watch}）"
    ),
    "{path} is damaged or of another version: {reason}": "{path} 已损坏或版本不同：{reason}",
    '"{text}" was not watched in this training; watched sentences: {watched}': (
        "此训练没有观察“{text}”；观察过的句子：{watched}"
    ),
    "the targets watched are {known}; there is no {to!r}": (
        "观察过的目标语言为 {known}，没有 {to!r}"
    ),
    "nothing was recorded up to update {update}; recorded updates: {updates}": (
        "到第 {update} 步为止没有记录；有记录的训练步：{updates}"
    ),
    "at update {update} no attention could be recorded: {problem}": (
        "第 {update} 步的注意力无法记录：{problem}"
    ),
    (
        "{name!r} was not recorded: for an update of a training there are only the attention "
        "weights, {known}"
    ): "没有记录 {name!r}：训练中的某一步只有注意力权重，即 {known}",
    "none: the model has no decoder": "无：模型没有解码器",
    "several sentences were watched, so say which one: {watched}": (
        "观察了多个句子，请指明是哪一个：{watched}"
    ),
    "{at:name} must be integers, one for each of {axes}, but is {given!r}": (
        "{at:name} 应为整数，每个轴（{axes}）一个，却是 {given!r}"
    ),
    "{name} is [{axes}] of sizes {sizes}, counted from 0; there is no cell {at}": (
        "{name} 的轴为 [{axes}]，形状为 {sizes}；下标从 0 起计数，{at} 超出范围"
    ),
    "the trace was recorded with a model of another configuration": "此计算记录来自另一配置的模型",
    (
        "this arithmetic needs the weight {name}, which a saved trace does not hold: load it "
        "with its model, Trace.load(path, model=…), or attach one, trace.with_model(…)"
    ): (
        "此算式需要权重 {name}，而保存的计算记录中没有：请连同模型加载，Trace.load(path, "
        "model=…)，或附上模型，trace.with_model(…)"
    ),
    "{path} was recorded with a model of another configuration": "{path} 来自另一配置的模型",
    (
        "the step {name} was not kept in this trace, which has {some} of {all} steps: ask for it "
        "({names}), or for all"
    ): (
        "此计算记录没有保留步骤 {name}，只有 {all} 个步骤中的 {some} 个：请指定它（{names}），或"
        "保留全部"
    ),
    "there is no step {name!r} in this trace": "此计算记录中没有步骤 {name!r}",
    "there is no step {name!r} in this trace; did you mean {near}?": (
        "此计算记录中没有步骤 {name!r}；是否指 {near}？"
    ),
    "each source needs its target, but there are {sources} sources and {targets} targets": (
        "每个源句需要一个目标句，而这里有 {sources} 个源句和 {targets} 个目标句"
    ),
    "either all sentences have a target to record, or none has": (
        "要么所有句子都有要记录的目标句，要么都没有"
    ),
    "{step} was not recorded: the model did not run {module}": (
        "没有记录到 {step}：模型没有运行 {module}"
    ),
    "a trace is saved as .safetensors, but the name given is {name}": (
        "计算记录保存为 .safetensors，而给出的名称是 {name}"
    ),
    "{path} is no trace of schema {whole}, or {partial}": (
        "{path} 不是格式为 {whole} 或 {partial} 的计算记录"
    ),
    "{path} and {beside} do not belong to the same trace": "{path} 与 {beside} 不属于同一计算记录",
    "{file} is damaged: predictions for other tokens": "{file} 已损坏：其中的预测属于别的词元",
    "{file} is damaged: a target, but no decoder": "{file} 已损坏：有目标句，却没有解码器",
    "{file} is damaged: its source has token types that the model lacks": (
        "{file} 已损坏：源句含有模型没有的句段类型"
    ),
    (
        "{path} does not hold what its .json says: {step} is missing, unexpected, or of another "
        "shape or type"
    ): "{path} 与其 .json 不符：{step} 缺失、多余，或形状、类型不同",
    "{path} and the .json beside it are no readable trace: {reason}": (
        "{path} 与旁边的 .json 不是可读的计算记录：{reason}"
    ),
    "{file} is damaged: {reason}": "{file} 已损坏：{reason}",
    "{file} is damaged: its {side} contradicts itself": "{file} 已损坏：其中的 {side} 自相矛盾",
    "{name} matches no step of this model; examples of its steps are {source} and {weights}": (
        "{name} 与此模型的任何步骤都不符；它的步骤有 {source} 与 {weights} 等"
    ),
    "{names:name} must name at least one step: give a name or a pattern such as {example}": (
        "{names:name} 至少应指定一个步骤：请给出名称或模式，如 {example}"
    ),
    "{name} is a step of the target side, but no target is traced here": (
        "{name} 是目标端的步骤，而这里没有记录目标句"
    ),
    "{name} matches no step of this model; did you mean {near}?": (
        "{name} 与此模型的任何步骤都不符；是否指 {near}？"
    ),
    "{names:name} must be names of steps, but one is {given}": (
        "{names:name} 应为步骤的名称，其中一个却是 {given}"
    ),
    (
        "{module}: the derived weights · V should equal the kernel's output within "
        "{tolerance:g}, but differ by {difference:g}; the weights are not shown"
    ): (
        "{module}：推导的权重 · V 与计算核输出之差应在 {tolerance:g} 以内，却相差 "
        "{difference:g}；因此不显示权重"
    ),
    (
        "expected a view of schema {schema} and one of the kinds {known}, but was given schema "
        "{given!r} and view {view!r}"
    ): "应为格式 {schema}、种类为 {known} 之一的视图，却给出了格式 {given!r}、种类 {view!r}",
    "the data of this view is damaged: {reason}": "此视图的数据已损坏：{reason}",
    (
        "{name}[{indices}]   ({places}, counted from 0)\n  = {formula}\n  = {arithmetic}\n  = "
        "{recomputed:.5g}   recomputed; in the trace: {value:.5g}"
    ): (
        "{name}[{indices}]   （{places}，从 0 起计数）\n  = {formula}\n  = {arithmetic}\n  = "
        "{recomputed:.5g}   重新算出；计算记录中为 {value:.5g}"
    ),
    "entry {token} of the vocabulary": "词表第 {token} 项",
    "learned table, row {row}, feature {feature}": "学习得到的表，行 {row}，特征 {feature}",
    "{name} there": "{name} 的同一位置",
    "masked": "被掩码",
    "exp({score}) / Σ exp over {number} = {power} / {total} (both divided by exp({largest}))": (
        "exp({score}) / Σ exp（共 {number} 项）= {power} / {total}（均已除以 exp({largest})）"
    ),
    "{terms} + … ({number} products)": "{terms} + …（共 {number} 项乘积）",
    "{formula}, x = {products} = {x}": "{formula}，x = {products} = {x}",
}
