"""What the command line says: usage errors, progress, results."""

SENTENCES: dict[str, str] = {
    "{message} (see {command} --help)": "{message}（帮助见 {command} --help）",
    "No such command {name!r}; did you mean {near!r}?": "没有命令 {name!r}；是否指 {near!r}？",
    "interrupted": "已中断",
    "terminated": "已终止",
    "cannot go on: {error}": "无法继续：{error}",
    "reading lines from the terminal; end with Ctrl-D": "正在从终端读取文本，按 Ctrl-D 结束",
    "FILE and --text exclude each other: give one of them": (
        "FILE 与 --text 不能同时使用：请只给出其一"
    ),
    "there is no file {path!r}; to give a sentence: {command}, or send it through a pipe": (
        "没有文件 {path!r}；若要给出句子：{command}，或经由管道输入"
    ),
    "tracing": "记录中",
    "encoding": "编码中",
    "translating": "翻译中",
    "scoring": "打分中",
    "training": "训练中",
    "line {number}": "第 {number} 行",
    "sentence {number}": "第 {number} 句",
    "wrote {output}: traces {texts}": "已写入 {output}：计算记录 {texts} 份",
    "wrote {output}: lines {lines}": "已写入 {output}：行数 {lines}",
    "wrote {output}: lines {lines}, tokens {tokens}, vectors {shape}": (
        "已写入 {output}：行数 {lines}，词元数 {tokens}，向量形状 {shape}"
    ),
    "wrote {path}": "已写入 {path}",
    "wrote {folder}": "已写入 {folder}",
    "wrote {path}: the mean of the weights of the updates {updates}": (
        "已写入 {path}：第 {updates} 步权重的平均"
    ),
    "the model's own pooling is used: {pooling} (--pool none keeps one vector per token)": (
        "使用模型自带的池化方式：{pooling}（--pool none 则每个词元保留一个向量）"
    ),
    "the mean over the tokens": "所有词元向量的平均",
    "the vector of the first token": "第一个词元的向量",
    "{pooling}, made length 1": "{pooling}，长度归一为 1",
    "blank lines left out: {skipped}": "略去的空白行数：{skipped}",
    "lines cut off after {limit} tokens: {truncated}": "只保留前 {limit} 个词元的行数：{truncated}",
    (
        "the output is binary and not written to a terminal: give --output a file name, or send "
        "stdout to a file or program"
    ): "输出为二进制，不写到终端：请用 --output 给出文件名，或将标准输出重定向到文件或程序",
    "a {kind} is not written to a terminal: give --output FILE.{format}": (
        "{kind} 不写到终端：请给出 --output FILE.{format}"
    ),
    "{settings:name} is for pictures, and {format} is none: leave it out": (
        "{settings:name} 只用于图片，而 {format} 不是图片：请去掉它"
    ),
    (
        "{at_step} shows what was recorded during training, attention weights and "
        "translations: leave {save_trace} out"
    ): "{at_step} 显示训练时的记录，即注意力权重与译文：请去掉 {save_trace}",
    "--names takes one FILE and --output FOLDER": "--names 需要一个 FILE 和 --output FOLDER",
    "--names keeps steps of many lines and shows none: leave {options} out": (
        "--names 保存许多行的计算步骤，而不显示：请去掉 {options}"
    ),
    "expected one sentence, but was given {number} words: put it in quotes, {command}": (
        "应给出一个句子，却给出了 {number} 个词：请加引号，如 {command}"
    ),
    "expected a sentence on stdin, but there is none": "标准输入中应有一个句子，却没有",
    (
        "expected one sentence on stdin, but there are {number} lines; for many, translate and "
        "encode take files"
    ): "标准输入中应只有一个句子，却有 {number} 行；处理多行请用 translate 或 encode",
    "--explain is text or json, but --format {format} was given": (
        "--explain 的结果为 text 或 json，却给出了 --format {format}"
    ),
    (
        "--{name} belongs to the whole report: leave --view, --tensor and --explain out, and let "
        "--format be text or json"
    ): "--{name} 属于整份报告：请去掉 --view、--tensor 与 --explain，并用 --format text 或 json",
    (
        "a trace is saved as .safetensors with a .json beside it: {path} is that one, so another "
        "name is needed"
    ): "计算记录保存为 .safetensors，旁边另有一个 .json：{path} 正是该文件，请换一个名称",
    "--at takes indices such as 1,7,2, but was given {at!r}": (
        "--at 需要下标，如 1,7,2，却给出了 {at!r}"
    ),
    (
        "pairs {pairs}, tokens {tokens}: log-probability {score:.4f}, per token {per_token:.4f}, "
        "perplexity {perplexity:.2f}"
    ): (
        "句对 {pairs}，词元 {tokens}：对数概率 {score:.4f}，每词元 {per_token:.4f}，困惑度 "
        "{perplexity:.2f}"
    ),
    "pairs with a token that this model never generates, not among these: {impossible}": (
        "另有 {impossible} 个句对含有模型从不生成的词元，不计在内"
    ),
    "target {column} is the likeliest of its line: {count} of {lines} ({share:.1f} %)": (
        "第 {column} 个译文最可能的行：{count} / {lines}（{share:.1f} %）"
    ),
    "{name}, {pairs} sentences": "{name}，{pairs} 句",
    (
        "      {name} {score:.2f}  (μ {mean:.2f} ± {interval:.2f}): difference "
        "{difference:+.2f}, p = {p:.4f}"
    ): (
        "      {name} {score:.2f}  （μ {mean:.2f} ± {interval:.2f}）：相差 {difference:+.2f}，p "
        "= {p:.4f}"
    ),
    "μ ±: 95 % confidence interval from {resamples} bootstrap resamples of the sentences": (
        "μ ±：对句子做 {resamples} 次自助重采样得到的 95 % 置信区间"
    ),
    "p: how often a difference this large comes about by chance (paired bootstrap resampling)": (
        "p：仅由偶然造成这样大差异的概率（配对自助重采样）"
    ),
    (
        "{pairs} sentences in {seconds:.1f} s: {speed:.1f} sentences/s (beam size {beam}, "
        "loading not counted)"
    ): "{pairs} 句用时 {seconds:.1f} 秒：每秒 {speed:.1f} 句（束宽 {beam}，不计加载）",
    "installed": "可用",
    "not installed: {command}": "未安装：{command}",
    "Also: a folder trained by Glassformer, and a Hugging Face folder or hub name ({families})": (
        "此外：Glassformer 训练的文件夹，以及 Hugging Face 文件夹或名称（{families}）"
    ),
    "{folder} is complete already": "{folder} 已经训练完成",
    (
        "{target}: BLEU {bleu:.1f}, chrF {chrf:.1f} on {pairs} dev pairs, beam size {beam}\n  "
        "{bleu_signature}\n  {chrf_signature}"
    ): (
        "{target}：{pairs} 个开发集句对上 BLEU {bleu:.1f}，chrF {chrf:.1f}，束宽 {beam}\n  "
        "{bleu_signature}\n  {chrf_signature}"
    ),
    "see it at work: {command}": "查看模型：{command}",
    "  warning: {line}": "  警告：{line}",
    "resuming after update {update} of {max_updates}": (
        "从第 {update} 步之后继续，共 {max_updates} 步"
    ),
    "loss {loss:.3f}, {speed:,.0f} tokens/s": "损失 {loss:.3f}，每秒 {speed:,.0f} 词元",
    "update {update}: dev loss {loss:.3f}, BLEU {bleu:.1f}, chrF {chrf:.1f}": (
        "第 {update} 步：开发集损失 {loss:.3f}，BLEU {bleu:.1f}，chrF {chrf:.1f}"
    ),
    "  {source}\n  → {translation}\n  ({reference})": (
        "  {source}\n  → {translation}\n  （{reference}）"
    ),
    "  without near-duplicates: BLEU {bleu:.1f}, chrF {chrf:.1f} on {pairs} dev pairs": (
        "  其中 {pairs} 对在训练数据中没有近似重复：BLEU {bleu:.1f}，chrF {chrf:.1f}"
    ),
    "  all have a near-duplicate among the training pairs": "  每一对在训练数据中都有近似重复",
}
