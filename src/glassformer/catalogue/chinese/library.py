"""What the library and requests say, and files that are written."""

SENTENCES: dict[str, str] = {
    "{place}: {message}": "{place}：{message}",
    "{place}, target {column}": "{place}，第 {column} 个译文",
    "the output {path} is the input itself: give another name": (
        "输出 {path} 就是输入文件本身：请换一个名称"
    ),
    "{name} is empty: expected one sentence per line": "{name} 为空：应每行一句",
    "{name} has only blank lines: expected one sentence per line": "{name} 只有空白行：应每行一句",
    "{place} is blank, but a sentence is needed: {skip_blank} skips blank lines": (
        "{place} 为空白，但需要一个句子：{skip_blank} 可跳过空白行"
    ),
    "{against_model:name} has nothing to translate: give SOURCE as well": (
        "{against_model:name} 没有可翻译的内容：请同时给出 SOURCE"
    ),
    "{hypotheses:name} are scored as they are: leave {model:name} and {save:name} out": (
        "{hypotheses:name} 按原样评测：请去掉 {model:name} 与 {save:name}"
    ),
    "{against:name} and {against_model:name} exclude each other: give one of them": (
        "{against:name} 与 {against_model:name} 不能同时使用：请只给出其一"
    ),
    "a comparison needs {two} or more, but it is {given}": "比较需要 {two} 或更大，却是 {given}",
    "one resample has no interval: give {two} or more, or 0 for none": (
        "一次重采样得不到置信区间：请给出 {two} 或更大，或用 0 表示不使用"
    ),
    "{bootstrap:name} must not be negative, but is {given}": (
        "{bootstrap:name} 不能为负，却是 {given}"
    ),
    "{precision:name} must be one of {known}, but is {given!r}": (
        "{precision:name} 应为 {known} 之一，却是 {given!r}"
    ),
    (
        "{name} is an encoder without a decoder and cannot translate; {model} loads a model that "
        "can, such as one that you trained"
    ): "{name} 是没有解码器的编码器，不能翻译；请用 {model} 指定能翻译的模型，如自己训练的模型",
    (
        "{folder} has no tokenizer.json; for a Hugging Face model, "
        "AutoTokenizer.from_pretrained(…).save_pretrained(…) writes it"
    ): (
        "{folder} 中没有 tokenizer.json；对于 Hugging Face 模型，可用 "
        "AutoTokenizer.from_pretrained(…).save_pretrained(…) 写出"
    ),
    (
        "{path} has {entries} entries, but the model has vectors for {vectors} only: they do not "
        "belong together"
    ): "{path} 有 {entries} 项，而模型只有 {vectors} 项的向量：两者不是一套",
    "{threads:name} must be at least 1, but is {given}": "{threads:name} 至少为 1，却是 {given}",
    "the model is loaded already: leave {settings:name} out": (
        "模型已经加载：请去掉 {settings:name}"
    ),
    "the device 'meta' holds no numbers: choose cpu, cuda or mps": (
        "设备 'meta' 不存放数据：请选择 cpu、cuda 或 mps"
    ),
    "cannot use the device {device!r}: {reason}": "无法使用设备 {device!r}：{reason}",
    "{to:name} and {prefix:name} are lists for several texts only, but one text was given": (
        "只有给出多个文本时，{to:name} 与 {prefix:name} 才能是列表，而这里只给出一个文本"
    ),
    "{targets} targets were given for {sources} sources: expected the same number": (
        "为 {sources} 个源句给出了 {targets} 个译文：两者数目应相同"
    ),
    "{text:name} is needed: the sentence to inspect": "需要 {text:name}：要查看的句子",
    (
        "names of special tokens in the text are read as ordinary text: {tokens}; with "
        "{special_tokens} they are read as these tokens"
    ): "文本中特殊词元的名称按普通文本处理：{tokens}；用 {special_tokens} 可当作这些词元",
    "the translation repeats {text!r} {times} times: the search is stuck in a loop": (
        "译文把 {text!r} 重复了 {times} 次：搜索陷入了循环"
    ),
    (
        "{share:.0%} of the letters are {script}, but this model was trained on {learned} "
        "letters: its output for them is meaningless"
    ): "{share:.0%} 的字符是{script}，而此模型是用{learned}训练的：其输出没有意义",
    (
        "this does not look like {learned}, which this model was trained on: {familiarity:.0%} "
        "of the words look familiar, where at least {lowest:.0%} are expected in a text of this "
        "length"
    ): (
        "这不像此模型训练所用的{learned}：只有 {familiarity:.0%} 的词看来熟悉，而这一长度的文本至"
        "少应有 {lowest:.0%}"
    ),
    (
        "the text has {length} characters: of the texts that this model was trained on, one in a "
        "thousand had more than {most}, and the longest had {largest}"
    ): (
        "文本有 {length} 个字符：此模型的训练文本中，只有千分之一超过 {most} 个，最长为 "
        "{largest} 个"
    ),
    (
        "the text has {length} words and punctuation marks: of the texts that this model was "
        "trained on, one in a thousand had more than {most}, and the longest had {largest}"
    ): (
        "文本有 {length} 个词与标点：此模型的训练文本中，只有千分之一超过 {most} 个，最长为 "
        "{largest} 个"
    ),
    "{place} (and {more} more)": "{place}（另有 {more} 处）",
    "its training text": "训练文本",
    (
        "{at_step:name} shows what was recorded during training, attention weights and "
        "translations: leave {left_over:name} out"
    ): "{at_step:name} 显示训练时的记录，即注意力权重与译文：请去掉 {left_over:name}",
    (
        "{at_step:name} shows what was recorded during training, attention weights and "
        "translations: leave {left_over} out"
    ): "{at_step:name} 显示训练时的记录，即注意力权重与译文：请去掉 {left_over}",
    "{contrastive:name} is for {pairs:name}; several targets need no setting": (
        "{contrastive:name} 与 {pairs:name} 同用；多个译文不需要此设置"
    ),
    "{format:name} must be one of {known}, but is {given!r}": (
        "{format:name} 应为 {known} 之一，却是 {given!r}"
    ),
    "give files, or {text:name} and {target:name}, not both": (
        "请给出文件，或给出 {text:name} 与 {target:name}，不能两者都给"
    ),
    "{names} is needed: which steps to keep, such as {example}": (
        "需要 {names}：要保留哪些步骤，如 {example}"
    ),
    "{folder} is a file, but a folder is needed": "{folder} 是文件，而这里需要文件夹",
    "cannot create {folder}: there is no folder {parent}": "无法创建 {folder}：没有文件夹 {parent}",
    "{folder} has traces already: give another name, or {force} to replace them": (
        "{folder} 中已有计算记录：请换一个名称，或用 {force} 覆盖"
    ),
    "{prefix:name} and {prefix_file:name} exclude each other: give one of them": (
        "{prefix:name} 与 {prefix_file:name} 不能同时使用：请只给出其一"
    ),
    "{prefix_file:name} is read from a file, not from stdin: name one": (
        "{prefix_file:name} 从文件读取，不从标准输入读取：请给出文件名"
    ),
    "{path} has {prefixes} lines, but {name} has {texts}: expected one prefix per line": (
        "{path} 有 {prefixes} 行，而 {name} 有 {texts} 行：应每行一个前缀"
    ),
    (
        "{path} has {prefixes} lines, but {name} has more: expected one prefix per line (an "
        "empty line forces none)"
    ): "{path} 有 {prefixes} 行，而 {name} 行数更多：应每行一个前缀（空行表示不强制）",
    "{function} has no setting {name!r}; there are {known}": (
        "{function} 没有设置 {name!r}；可用的有 {known}"
    ),
    "{function} has no setting {name!r}; did you mean {near}?": (
        "{function} 没有设置 {name!r}；是否指 {near}？"
    ),
    "{setting:name} must be from 0 to 1, but is {given}": (
        "{setting:name} 应在 0 到 1 之间，却是 {given}"
    ),
    "a head needs its layer: give both {layer} and {head}": (
        "指定头时须指定层：请同时给出 {layer} 与 {head}"
    ),
    "{heads} and {head} exclude each other": "{heads} 与 {head} 不能同时使用",
    "{heads} names its layer itself: leave {layer:name} out": (
        "{heads} 已包含层：请去掉 {layer:name}"
    ),
    "special tokens are no words: they are shown with tokens ({tokens})": (
        "特殊词元不是词：只能与词元一同显示（{tokens}）"
    ),
    "{explain} and {at} belong together": "{explain} 与 {at} 须一同给出",
    "{setting:name} belongs to the whole report: leave {others:name} out": (
        "{setting:name} 属于整份报告：请去掉 {others:name}"
    ),
    (
        "{view} needs numbers that were not recorded: with {at_step:name} there are {attention} "
        "and {grid}"
    ): "{view} 需要没有记录的数：使用 {at_step:name} 时只有 {attention} 与 {grid}",
    "{view} and {tensor} belong together": "{view} 与 {tensor} 须一同给出",
    "{view} has no use for {left_over}: leave it out": "{view} 用不到 {left_over}：请去掉",
    "a picture shows one {part:name}, but several were given": (
        "一幅图只显示一个 {part:name}，却给出了多个"
    ),
    "this picture shows one {head:name}, but several were given": (
        "此图只显示一个 {head:name}，却给出了多个"
    ),
    "{setting:name} counts from 1, but is {given}": "{setting:name} 从 1 起计数，却是 {given}",
    "{setting:name} must be {expected}, but is {given!r}": (
        "{setting:name} 应为{expected}，却是 {given!r}"
    ),
    "{setting:name} is needed": "需要 {setting:name}",
    "there is no setting {given!r}; there are {known}": "没有设置 {given!r}；可用的有 {known}",
    "there is no setting {given!r}; did you mean {near}?": "没有设置 {given!r}；是否指 {near}？",
    "one value": "单个值",
    "true or false": " true 或 false",
    "an integer": "整数",
    "a number": "数",
    "text": "文本",
    (
        "a model in memory loads no other: give both to glassformer.report, as in "
        "report(text, model=model, {compare_model})"
    ): (
        "内存中的模型不会加载另一个模型：请把两者都交给 glassformer.report，如 "
        "report(text, model=model, {compare_model})"
    ),
}
