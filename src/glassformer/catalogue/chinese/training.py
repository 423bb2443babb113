"""What a training says: its errors and notes, and why a setting was chosen."""

SENTENCES: dict[str, str] = {
    "cannot read {path}: {reason}": "无法读取 {path}：{reason}",
    "there is no folder {folder}": "没有文件夹 {folder}",
    "{folder} holds no checkpoints: expected the folder of a training": (
        "{folder} 中没有检查点：应为训练所用的文件夹"
    ),
    "{last}: must be from 1 to {kept}, the number of checkpoints in {folder}": (
        "{last}：必须在 1 到 {kept} 之间，即 {folder} 中的检查点数"
    ),
    (
        "{folder} is still being trained, and its weights would make it look complete: give "
        "{output}"
    ): "{folder} 仍在训练，写入权重会使它看似已完成：请给出 {output}",
    "{size:.1f} GB": "{size:.1f} GB",
    "{size:.1f} MB": "{size:.1f} MB",
    (
        "the checkpoints of this training need {needed} more in {folder}, but the disk has "
        "only {free}: free some space, give another {output}, or keep fewer checkpoints "
        "({average})"
    ): (
        "本次训练的检查点在 {folder} 中还需要 {needed}，但磁盘只剩 {free}：请清理空间，换一个"
        " {output}，或少保留一些检查点（{average}）"
    ),
    (
        "the pairs need at least {needed} in {folder} while they are prepared, but the disk "
        "has only {free}: free some space, or give another {output}"
    ): (
        "准备句对时在 {folder} 中至少需要 {needed}，但磁盘只剩 {free}：请清理空间，或换一个 "
        "{output}"
    ),
    "{watch:name} needs a sentence, but one of those given is empty": (
        "{watch:name} 需要句子，但给出的句子中有空句"
    ),
    "{model_from:name} brings its own encoder: leave {encoder_from:name} out": (
        "{model_from:name} 自带编码器：请去掉 {encoder_from:name}"
    ),
    "training.precision float16 needs a GPU: use bfloat16 or float32": (
        "training.precision 为 float16 时需要 GPU：请改用 bfloat16 或 float32"
    ),
    "text.joiner needs {tokenizer}, but the tokenizer is bpe": (
        "text.joiner 需要 {tokenizer}，但现用的分词器是 bpe"
    ),
    "{files} has no target language, but other pairs have one: give it as in {pairs}": (
        "{files} 没有目标语言，而其他句对有：请这样给出：{pairs}"
    ),
    "cannot train on the device {device!r}: {reason}": "无法在设备 {device!r} 上训练：{reason}",
    "the checkpoints of this training need {needed} more in {folder}, and the disk has {free}": (
        "本次训练的检查点在 {folder} 中还需要 {needed}，磁盘剩余 {free}"
    ),
    (
        "the dev set {files} is for the target language {tag}, but the training pairs are "
        "for {known}"
    ): "开发集 {files} 的目标语言是 {tag}，而训练句对的是 {known}",
    "dev.bleu_tokenize: {reason}": "dev.bleu_tokenize：{reason}",
    "(none)": "（无）",
    "one target language without a tag": "一个没有标签的目标语言",
    "8·√{words:,} words, limited to 500 … 32,000": "8·√{words:,} 词，限制在 500 到 32,000 之间",
    "{words:,} words on the target side": "目标侧共 {words:,} 词",
    "{parts} micro-batches per update, each of pairs of similar length": (
        "每步 {parts} 个微批，每个微批内的句对长度相近"
    ),
    "about {passes:.0f} epochs of {tokens:,} target tokens": (
        "约 {passes:.0f} 轮（epoch），每轮 {tokens:,} 个目标词元"
    ),
    "d_model {d_model}: smaller models, higher rates": "d_model 为 {d_model}：模型越小，学习率越高",
    "a quarter of the updates, at most 4,000": "总步数的四分之一，至多 4,000",
    "falls until the last update": "一直下降到最后一步",
    "{layers} post-norm layers: a larger gain would make all positions alike (rank collapse)": (
        "{layers} 层 post-norm：增益过大会使各位置趋同（秩坍缩）"
    ),
    "{cores} CPU cores, {parts} micro-batches per update": "{cores} 个 CPU 核，每步 {parts} 个微批",
    "the whole batch at once": "整批一次计算",
    "no other format is faster here": "此处没有更快的格式",
    "{reason}; times {share:g} for fine-tuning": "{reason}；微调时乘以 {share:g}",
    "model.norm is {norm}": "model.norm 为 {norm}",
    "{layers} layers": "{layers} 层",
    "torchrun started {processes} processes": "torchrun 启动了 {processes} 个进程",
    "this GPU is much faster in float16": "该 GPU 用 float16 快得多",
    "this GPU is much faster in bfloat16": "该 GPU 用 bfloat16 快得多",
    "this processor is much faster in bfloat16": "该处理器用 bfloat16 快得多",
    "{size}: less data, more dropout": "{size}：数据越少，dropout 越大",
    "about 80 checkpoints in all": "全程约 80 个检查点",
    "at every fifth checkpoint": "每五个检查点一次",
    "one process on {device}; torchrun starts more": (
        "{device} 上一个进程；更多进程由 torchrun 启动"
    ),
    "{cores} CPU cores": "{cores} 个 CPU 核",
    "preset {preset}": "预设 {preset}",
    "delete {folder} and run the same training again, which prepares it again": (
        "请删除 {folder} 并重新运行同一训练，它会重新准备"
    ),
    (
        "{files} needs one of the target languages {tags}, but its tag is {tag}: give it as "
        "in {pairs}"
    ): "{files} 需要目标语言 {tags} 之一，但其标签为 {tag}：请这样给出：{pairs}",
    "{file} has {given:,} bytes instead of {expected:,}": (
        "{file} 有 {given:,} 字节，应为 {expected:,}"
    ),
    "cannot read the prepared pairs {place}: {reason}; {advice}": (
        "无法读取已准备的句对 {place}：{reason}；{advice}"
    ),
    "{file} is damaged": "{file} 已损坏",
    "the prepared pairs in {folder} are incomplete or damaged ({reason}); {advice}": (
        "{folder} 中已准备的句对不完整或已损坏（{reason}）；{advice}"
    ),
    "more than {most} tokens": "超过 {most} 个词元",
    "empty side": "一侧为空",
    "control characters": "含控制字符",
    "too long": "过长",
    "length ratio": "长度比过大",
    "duplicate": "重复",
    "also in dev": "也在开发集中",
    "none of the pairs ({seen:,}) is usable: {reasons}": "{seen:,} 个句对都不可用：{reasons}",
    (
        "every training pair is also in the dev set, so nothing is left to train on: give "
        "another dev set, or none, so that some pairs are held out"
    ): (
        "每个训练句对都在开发集中，没有可供训练的句对：请换一个开发集，或不给开发集，以便自动"
        "留出一部分句对"
    ),
    "{pairs:,} × {reason} (first: {first})": "{pairs:,} × {reason}（首例：{first}）",
    (
        "{kept:,} of {seen:,} pairs to train on; {source:,} words on the source side, "
        "{target:,} on the target side"
    ): "用于训练的句对：{kept:,}（共 {seen:,}）；源侧 {source:,} 词，目标侧 {target:,} 词",
    "{pairs:,} held out as dev set": "留出 {pairs:,} 个句对作为开发集",
    "{pairs:,} left out: {reason} (first: {first})": (
        "去除 {pairs:,} 个句对：{reason}（首例：{first}）"
    ),
    "{pairs:,} kept although the source is in the dev set too, with another translation": (
        "保留 {pairs:,} 个句对，尽管其源句也在开发集中（译文不同）"
    ),
    "all are held out": "全部被留出",
    (
        "expected at least two different source sentences, one to train on and one to hold "
        "out, but pairs: {pairs}, different sources: {sources}; give more pairs, or a dev "
        "set ({dev})"
    ): (
        "至少需要两个不同的源句，一个用于训练、一个留出；现有句对 {pairs} 个，不同源句 "
        "{sources} 个；请给出更多句对，或给出开发集（{dev}）"
    ),
    "they seem to go out of step near line {line:,}, where {file} has {lines} too many": (
        "两个文件似乎从第 {line:,} 行附近开始错位，{file} 在那里多出 {lines}"
    ),
    "training needs sentence pairs: give {source} and {target}, or {pairs}": (
        "训练需要句对：请给出 {source} 和 {target}，或 {pairs}"
    ),
    (
        "{source} has {sources:,} lines and {target} has {targets:,}, but each line should "
        "be the translation of the line of the same number: {parting}"
    ): (
        "{source} 有 {sources:,} 行，{target} 有 {targets:,} 行，但每行应为对方同一行的译文："
        "{parting}"
    ),
    "{file} seems to continue after the end of the other; cut it after line {line:,}": (
        "{file} 似乎在另一文件结束后仍有内容；请在第 {line:,} 行之后截断"
    ),
    (
        "training reads its pairs more than once, which stdin does not allow: write them to a file"
    ): "训练要多次读取句对，而标准输入只能读一次：请先写入文件",
    (
        "training reads its pairs more than once, but {file} is not a regular file: write "
        "them to one"
    ): "训练要多次读取句对，但 {file} 不是普通文件：请先写入普通文件",
    "one line": "1 行",
    "{count:,} lines": "{count:,} 行",
    (
        "a vocabulary needs more than the {least} entries for special tokens and bytes, but "
        "text.vocabulary is {vocabulary}"
    ): (
        "仅特殊词元和字节就占 {least} 个词表条目，词表必须更大，但 text.vocabulary 为 {vocabulary}"
    ),
    "there is no text to learn subwords from: give files with sentences": (
        "没有可供学习子词的文本：请给出含有句子的文件"
    ),
    "there is no text to build a vocabulary from: give files with sentences": (
        "没有可供建立词表的文本：请给出含有句子的文件"
    ),
    "a language tag is a short name such as fr, but {tag!r} was given": (
        "语言标签应为 fr 这样的短名称，给出的却是 {tag!r}"
    ),
    "each language tag stands for one language, but {tag} was given twice": (
        "每个语言标签代表一种语言，但 {tag} 给出了两次"
    ),
    (
        "{setting}: only models trained by Glassformer can be fine-tuned; of others, "
        "{encoder_from:name} takes the encoder"
    ): (
        "{setting}：只能微调由 Glassformer 训练的模型；其他模型可用 {encoder_from:name} 取其编码器"
    ),
    "{setting}: it has no decoder and cannot translate": "{setting}：没有解码器，不能翻译",
    "one without a tag": "一个没有标签的语言",
    "{setting}: its target languages are {known}, but the pairs are for {tags}": (
        "{setting}：其目标语言是 {known}，而句对的是 {tags}"
    ),
    "the model of {model_from:name} determines {fixed}: leave it out when fine-tuning": (
        "{fixed} 由 {model_from:name} 的模型决定：微调时请勿设置"
    ),
    "checkpoint averaging needs at least one checkpoint": "检查点平均至少需要一个检查点",
    "{path} has other weights than {first}: they cannot be averaged": (
        "{path} 与 {first} 的权重不同，无法平均"
    ),
    (
        "{path}: {name} holds integers that differ from those of {first}, which cannot be averaged"
    ): "{path}：{name} 中的整数与 {first} 不同，无法平均",
    (
        "{path} is damaged ({reason}), so this training cannot be resumed: remove the folder "
        "and start again"
    ): "{path} 已损坏（{reason}），无法继续本次训练：请删除该文件夹并重新开始",
    "the loss or its gradient became NaN or infinite": "损失或梯度变为 NaN 或无穷大",
    "the dev loss became NaN or infinite": "开发集损失变为 NaN 或无穷大",
    "gradient clipping (training.clip_norm)": "启用梯度裁剪（training.clip_norm）",
    "a training.learning_rate below {rate}, a training.warmup above {warmup} or {clipping}": (
        "使 training.learning_rate 小于 {rate}，使 training.warmup 大于 {warmup}，或{clipping}"
    ),
    "a training.clip_norm below {clip_norm}": "使 training.clip_norm 小于 {clip_norm}",
    "the loss has grown to {loss:.3g}; that of a uniform guess is {guessing:.3g}": (
        "损失已升至 {loss:.3g}，而均匀猜测的损失为 {guessing:.3g}"
    ),
    (
        "rank collapse: the encoder outputs (R) are nearly the same at all positions of a "
        "sentence ({spread:.1%} of their squared norm differs), so attention has nothing to "
        "choose from: lower training.learning_rate or training.residual_gain, or raise "
        "training.warmup"
    ): (
        "秩坍缩：同一句子各位置的编码器输出（R）几乎相同（差异仅占范数平方的 {spread:.1%}），"
        "注意力无从选择：请减小 training.learning_rate 或 training.residual_gain，或增大 "
        "training.warmup"
    ),
    (
        "out of memory at a micro-batch of {pairs} pairs with up to {source} source and "
        "{target} target tokens ({tokens} tokens, padding included): start again with "
        "{setting}, which leaves the batch size of an update as it is"
    ): (
        "内存不足：微批含 {pairs} 个句对，源侧至多 {source} 个、目标侧至多 {target} 个词元（"
        "含填充共 {tokens} 个）：请用 {setting} 重新开始，每步的批大小不变"
    ),
    "{report_to} needs a package: pip install 'glassformer[train]'": (
        "{report_to} 需要安装软件包：pip install 'glassformer[train]'"
    ),
    (
        "another process of this training has ended ({reason}): run the same training again "
        "to resume from the last checkpoint"
    ): "本次训练的另一进程已终止（{reason}）：请重新运行同一训练，从最近的检查点继续",
    "before the first update": "在第一步之前",
    "process {rank}: {line}": "进程 {rank}：{line}",
    (
        "the training diverged at update {update}: {what}; the last good checkpoint ({kept}) "
        "stays in {folder}. Start again ({force}, or another {output}) with {advice}"
    ): (
        "训练在第 {update} 步发散：{what}；最近的正常检查点（{kept}）保留在 {folder}。请重新"
        "开始（{force}，或换一个 {output}），并{advice}"
    ),
    "update {update}": "第 {update} 步",
    "{folder} holds a checkpoint of a model of another size": (
        "{folder} 中的检查点属于另一规模的模型"
    ),
    "none yet": "尚无",
    (
        "{setting}: its padding token has id {given}, but only encoders with padding id "
        "{expected} can be used"
    ): "{setting}：其填充词元的编号为 {given}，但只能使用填充编号为 {expected} 的编码器",
    "{hours:.1f} hours": "{hours:.1f} 小时",
    "{minutes:.0f} minutes": "{minutes:.0f} 分钟",
    " in each of {processes} processes": "（{processes} 个进程各需）",
    (
        "{weights:,} parameters; roughly {memory:.1f} GB of memory{each}, {disk:.1f} GB of "
        "disk space and {time} for {updates:,} updates"
    ): (
        "{weights:,} 个参数；训练 {updates:,} 步约需内存 {memory:.1f} GB{each}、磁盘空间 "
        "{disk:.1f} GB、时间 {time}"
    ),
    "settings chosen automatically (override with {setting}):": (
        "自动选择的设置（可用 {setting} 更改）："
    ),
    (
        "unknown (out-of-vocabulary) tokens in the dev set: {source:.2%} of the source, "
        "{target:.2%} of the target"
    ): "开发集中的未知（词表外）词元：源侧 {source:.2%}，目标侧 {target:.2%}",
    "the dev set has no usable pair: {reason}": "开发集中没有可用的句对：{reason}",
    "  {setting} = {value}   ({reason})": "  {setting} = {value}   （{reason}）",
    "{path}:{line} is not a valid measurement ({reason}): the line was changed or damaged": (
        "{path}:{line} 不是有效的测量记录（{reason}）：该行被改动或已损坏"
    ),
    "kind must be train or dev, and update an integer": (
        "kind 必须为 train 或 dev，update 必须为整数"
    ),
    (
        "{near:,} of the {pairs:,} dev pairs have a near-duplicate among the training pairs: "
        "scores are given on all, and on those without one"
    ): (
        "{pairs:,} 个开发集句对中有 {near:,} 个在训练句对中有近似重复：将分别给出全部句对和无"
        "近似重复句对上的得分"
    ),
    (
        "all {pairs:,} dev pairs have a near-duplicate among the training pairs, so no score "
        "will say how good the model is on others"
    ): (
        "全部 {pairs:,} 个开发集句对在训练句对中都有近似重复，因此得分无法说明模型在其他句子"
        "上的质量"
    ),
    "not given": "未给出",
    "files of {what}: {before} before, {now} now": "{what}的文件数：原为 {before}，现为 {now}",
    "{first}; {then}": "{first}；{then}",
    (
        "{folder} holds another training: {differences}. Give another {output}, or {force} "
        "to start over there"
    ): "{folder} 中是另一次训练：{differences}。请换一个 {output}，或用 {force} 在该处重新开始",
    "{what} changed ({names})": "{what}有变动（{names}）",
    "{what} are in another order": "{what}的顺序不同",
    "the training pairs": "训练句对",
    "the dev pairs": "开发集句对",
    "cannot read {path} ({reason}): start again with another {output}, or {force}": (
        "无法读取 {path}（{reason}）：请换一个 {output} 重新开始，或用 {force}"
    ),
    "{setting:name} was {was} and is now {is_now}": "{setting:name} 原为 {was}，现为 {is_now}",
    "written by another version": "由其他版本写入",
    "the weights of {model} changed": "{model} 的权重有变动",
    "{folder} is not the folder of a training: it has no {file}": (
        "{folder} 不是训练所用的文件夹：其中没有 {file}"
    ),
    "a sentence of {watch:name} was given twice: give each once": (
        "{watch:name} 的某个句子给出了两次：每句只给一次"
    ),
    "{watch:name}: {reason}": "{watch:name}：{reason}",
    "{path} holds other sentences or target languages: remove it to resume": (
        "{path} 中是其他句子或目标语言的记录：请删除它再继续训练"
    ),
    "{reason}; remove it to resume without what it holds": (
        "{reason}；删除它即可继续训练，但其中的内容会丢失"
    ),
    "the first process of this training could not start; its own message says why": (
        "本次训练的第一个进程未能启动；原因见它自己的消息"
    ),
    "{folder} does not exist: all machines of a training need the same shared folder": (
        "{folder} 不存在：一次训练的所有机器需要同一个共享文件夹"
    ),
    "{reason}; its last output: {said}": "{reason}；其最后的输出：{said}",
    "the final weights are their exponential moving average (EMA)": (
        "最终权重是其指数滑动平均（EMA）"
    ),
    "the final weights are the average of the checkpoints at updates {updates}": (
        "最终权重是以下各步检查点的平均：{updates}"
    ),
    (
        "{folder} holds a model, and no training that could be resumed: give another "
        "{output}, or {force} to replace it"
    ): "{folder} 中是一个模型，没有可继续的训练：请换一个 {output}，或用 {force} 替换它",
    "give both {source:name} and {target:name}, or {pairs}": (
        "请同时给出 {source:name} 和 {target:name}，或给出 {pairs}"
    ),
    "{language}: expected en or zh": "{language}：应为 en 或 zh",
    "{report_to}: there is no such metrics logger; there are: {known}": (
        "{report_to}：没有这种指标记录器；可用的有：{known}"
    ),
    "a setting is named with its section, as in {example}, but {name!r} was given": (
        "设置名应带分组，如 {example}，给出的却是 {name!r}"
    ),
    "{source} and {target}": "{source} 和 {target}",
}
