"""What `--help` says: commands, their options, and what they do; `inspect` has its own file."""

SENTENCES: dict[str, str] = {
    "See how a model reads a sentence: structure, steps, attention, R.": (
        "显示模型如何处理一个句子：结构、计算步骤、注意力、R。"
    ),
    "Encode each line of a text as R, or as one pooled vector.": (
        "把文本的每一行编码为 R 或一个池化向量。"
    ),
    "Train a model on your own sentence pairs.": "用自己的句对训练模型。",
    "Average the checkpoints of a training.": "对一次训练的检查点取平均。",
    "Translate each line of a text.": "逐行翻译文本。",
    "Score translations against references: BLEU, chrF, TER.": (
        "对照参考译文评测译文：BLEU、chrF、TER。"
    ),
    "Compute the log-probability of given translations.": "计算给定译文的对数概率。",
    "List the models that can be loaded here.": "列出此处可以加载的模型。",
    "The Transformer with glass walls: every number on the way can be seen and recomputed.": (
        "透明的 Transformer：计算过程中的每一个数都可以查看，也可以重新算出。"
    ),
    (
        "A model folder, the name of an installed model, or a Hugging Face hub name; default: "
        "en-fr-de-zh."
    ): "模型文件夹、已安装模型的名称或 Hugging Face 上的名称；默认：en-fr-de-zh。",
    "cpu, cuda, cuda:1, mps …  [default: cpu]": "cpu、cuda、cuda:1、mps 等  [默认：cpu]",
    "Numeric precision of weights and arithmetic.  [default: float32]": (
        "权重与运算的数值精度。  [默认：float32]"
    ),
    "Number of CPU threads; default: PyTorch's own choice.": "CPU 线程数；默认由 PyTorch 决定。",
    "Read names of special tokens in the text, such as [MASK], as these tokens.": (
        "把文本中特殊词元的名称（如 [MASK]）当作这些词元。"
    ),
    "Overwrite existing outputs.": "覆盖已有的输出。",
    "Print results and errors only.": "只输出结果与错误。",
    "Language of messages, help and pictures; default: the locale's (中文：--language zh).": (
        "消息、帮助与图片的语言；默认由系统区域设置决定（English: --language en）。"
    ),
    "Target language; not needed where the model has only one.": (
        "目标语言；模型只有一种目标语言时不必给出。"
    ),
    "Truncate lines that are longer than the model's maximum length.": "截断超过模型最大长度的行。",
    "A sentence, in place of FILE. Repeatable.": "一个句子，代替 FILE。可重复给出。",
    "Batch size in tokens, padding included; it affects speed, not results.": (
        "以词元计的批大小，含填充；只影响速度，不影响结果。"
    ),
    "Batch size in lines, in place of --batch-tokens.": "以行计的批大小，代替 --batch-tokens。",
    "Beam size: the number of hypotheses kept for a sentence; 1 is greedy search.": (
        "束宽：每个句子保留的假设个数；1 为贪心搜索。"
    ),
    "Length penalty α: larger values favour longer translations; 0 turns it off.": (
        "长度惩罚 α：值越大，译文越长；0 为不使用。"
    ),
    "Divisor of the log-probability of n tokens: n^α (average), or ((5 + n) / 6)^α (gnmt).": (
        "n 个词元的对数概率的除数：n^α（average）或 ((5 + n) / 6)^α（gnmt）。"
    ),
    (
        "Maximum length of a translation in tokens, end token included; default: twice the "
        "source's length plus 16."
    ): "译文的最大词元数，含结束符；默认为源句词元数的两倍加 16。",
    (
        "N-gram blocking: no n-gram of this many tokens occurs twice in a translation; 0 turns "
        "it off."
    ): "n-gram 屏蔽：译文中任何这一长度的词元序列都不出现两次；0 为不使用。",
    (
        "Sampling temperature: sample tokens in place of searching, from the model's "
        "distribution at 1, a sharper one below 1 and a flatter one above."
    ): "采样温度：以采样代替搜索；1 为模型本身的分布，小于 1 更集中，大于 1 更平缓。",
    "Top-k sampling: sample from the k most probable tokens only; 0 turns it off.": (
        "top-k 采样：只从概率最大的 k 个词元中采样；0 为不使用。"
    ),
    (
        "Nucleus (top-p) sampling: sample from the most probable tokens that together have this "
        "probability; 1 turns it off."
    ): "核采样（top-p）：只从累计概率达到此值的最可能词元中采样；1 为不使用。",
    "Random seed of sampling; the same seed gives the same samples, whatever the batch size.": (
        "采样的随机种子；种子相同则结果相同，与批大小无关。"
    ),
    "Write the encoder outputs (R), or one pooled vector, for each line of FILE.": (
        "为 FILE 的每一行写出编码器输出（R）或一个池化向量。"
    ),
    (
        "FILE is UTF-8 text, one sentence per line, gzipped or not; without FILE, or with -, "
        "lines are read from stdin."
    ): "FILE 为 UTF-8 文本，每行一句，可用 gzip 压缩；省略 FILE 或写作 - 时，从标准输入读取。",
    (
        "The output holds vectors [tokens, d_model], all lines concatenated; offsets [lines + "
        "1], where each line begins in them; and tokens. With pooling it holds only vectors "
        "[lines, d_model]. With --skip-blank it also holds lines, the line numbers in FILE, "
        "counted from 1."
    ): (
        "输出包含：vectors [tokens, d_model]，各行依次拼接；offsets [lines + 1]，各行在其中的起始"
        "位置；以及 tokens。池化时只包含 vectors [lines, d_model]。使用 --skip-blank 时还包含 "
        "lines，即各行在 FILE 中的行号，从 1 起计数。"
    ),
    "Output file: .npz, .safetensors or .parquet; - writes .npz to stdout.": (
        "输出文件：.npz、.safetensors 或 .parquet；写作 - 时以 .npz 写到标准输出。"
    ),
    (
        "Pooling: one vector per line, the mean over its tokens or the vector of its first token "
        "([CLS]); none keeps one vector per token. Default: as the model's files say, else none."
    ): (
        "池化：每行一个向量，取各词元的平均（mean）或首个词元 [CLS] 的向量（cls）；none 为每个词"
        "元保留一个向量。默认按模型文件的规定，否则为 none。"
    ),
    "Normalize every vector to unit length (L2).": "把每个向量归一化为单位长度（L2）。",
    "Skip blank lines; without this they are an error.": (
        "跳过空白行；不使用此选项时，空白行视为错误。"
    ),
    "Train a model on sentence pairs: line i of TARGET is the translation of line i of SOURCE.": (
        "用句对训练模型：TARGET 的第 i 行是 SOURCE 第 i 行的译文。"
    ),
    (
        "Settings that are not given are chosen from the corpus, reported and recorded. Ctrl-C "
        "saves a checkpoint; the same command resumes the training. When it is complete, FOLDER "
        "holds the weights."
    ): (
        "未给出的设置根据语料选定，会显示并记录下来。按 Ctrl-C 保存检查点；再次运行同一命令即继续"
        "训练。训练完成后，权重在 FOLDER 中。"
    ),
    "Folder of the model; an unfinished training in it is resumed by the same command.": (
        "模型文件夹；其中未完成的训练可用同一命令继续。"
    ),
    (
        "Sentence pairs in one file: .tsv (tab-separated), .csv, .jsonl or .tmx, gzipped or not; "
        "TAG names the target language. Repeatable: one model learns all of them."
    ): (
        "放在一个文件中的句对：.tsv（制表符分隔）、.csv、.jsonl 或 .tmx，可用 gzip 压缩；TAG 指明"
        "目标语言。可重复给出：一个模型学习全部。"
    ),
    (
        "Dev set: pairs to evaluate on during training. Without it, 1 % of the pairs (100 to "
        "1,000) is held out."
    ): "开发集：训练期间用于评测的句对。不给出时，留出 1 % 的句对（100 至 1,000 个）。",
    "Settings in a TOML file; --list-settings lists them.": (
        "TOML 文件中的设置；用 --list-settings 列出。"
    ),
    "One setting, such as training.seed=2. Repeatable; overrides --config.": (
        "一项设置，如 training.seed=2。可重复给出；优先于 --config。"
    ),
    "Initialize the encoder and the source tokenizer from this model; the decoder is new.": (
        "用此模型初始化编码器与源语言分词器；解码器为新建。"
    ),
    "Fine-tune this trained model, with its weights, sizes and tokenizers.": (
        "微调这个已训练的模型，沿用其权重、规模与分词器。"
    ),
    (
        "Record the attention and translation of a sentence as training goes on, for inspect "
        "--at-step. Repeatable."
    ): "在训练过程中记录一个句子的注意力与译文，供 inspect --at-step 使用。可重复给出。",
    "Report metrics there as well as to metrics.jsonl.": "除 metrics.jsonl 外，同时在此报告指标。",
    "cpu, cuda, cuda:1, mps …": "cpu、cuda、cuda:1、mps 等",
    "Average the weights of the checkpoints that a training kept in FOLDER/checkpoints.": (
        "对训练保留在 FOLDER/checkpoints 中的检查点的权重取平均。"
    ),
    (
        "The setting training.average says how many are kept. Tied weights are averaged once; "
        "tensors that are not floating point are not averaged."
    ): "保留的个数由设置 training.average 决定。共享的权重只平均一次；非浮点的张量不作平均。",
    "Average only the last N checkpoints; default: all that were kept.": (
        "只平均最后 N 个检查点；默认为所有保留的检查点。"
    ),
    "Output file; default: the weights of FOLDER itself, which needs --force.": (
        "输出文件；默认为 FOLDER 自身的权重文件，须同时给出 --force。"
    ),
    "Overwrite existing weights.": "覆盖已有的权重。",
    "Translate each line of FILE, in order.": "按顺序翻译 FILE 的每一行。",
    (
        "FILE is UTF-8 text, one sentence per line, gzipped or not; without FILE, or with -, "
        "lines are read from stdin. Translations are written as they are made, and those written "
        "are kept when the command is interrupted. An empty line stays empty."
    ): (
        "FILE 为 UTF-8 文本，每行一句，可用 gzip 压缩；省略 FILE 或写作 - 时，从标准输入读取。译"
        "文随译随写，命令中断时已写出的译文保留。空行仍为空行。"
    ),
    (
        "With --n-best above 1, the text output is an n-best list as in Moses and Marian: line "
        "number (from 0), translation, log-probability, and ranking score, separated by |||."
    ): (
        "--n-best 大于 1 时，文字输出为 Moses 与 Marian 格式的 n-best 列表：行号（从 0 起计数）、"
        "译文、对数概率、排序得分，以 ||| 分隔。"
    ),
    "Number of translations per line: the best of the beam, or that many samples.": (
        "每行的译文数：束搜索中最好的若干个，或同样数目的采样。"
    ),
    "Forced prefix: the text that every translation begins with.": "强制前缀：每个译文都以此开头。",
    "Forced prefixes, one per line of FILE; an empty line forces none.": (
        "强制前缀，与 FILE 逐行对应；空行表示不强制。"
    ),
    (
        "Number of lines to read ahead, so that lines of similar length are batched together; 1 "
        "translates each line at once. Default: 1024, or 1 when reading from a terminal."
    ): (
        "预读的行数，以便把长度相近的行放在同一批；1 为每读一行立即翻译。默认：1024；从终端读取时"
        "为 1。"
    ),
    (
        "Plain text, or JSON lines with all scores, tokens and alternatives. Default: by the "
        "extension of --output, else text."
    ): (
        "纯文本，或含所有得分、词元与候选译文的 JSON Lines。默认由 --output 的扩展名决定，否则为"
        "文本。"
    ),
    "Output file; default: stdout.": "输出文件；默认为标准输出。",
    "Translate SOURCE and score the translations against REFERENCE, line by line.": (
        "翻译 SOURCE，并逐行对照 REFERENCE 评测译文。"
    ),
    (
        "BLEU, chrF and TER are computed by sacreBLEU and reported with its signatures; TER is "
        "an error rate, so lower is better. Several REFERENCE files give several reference "
        "translations per line. With --hypotheses nothing is translated, and SOURCE may be left "
        "out."
    ): (
        "BLEU、chrF 与 TER 由 sacreBLEU 计算，并附其签名；TER 为错误率，越低越好。给出多个 "
        "REFERENCE 文件即每行有多个参考译文。使用 --hypotheses 时不进行翻译，可以省略 SOURCE。"
    ),
    (
        "Source and reference in one file: .tsv (tab-separated), .csv, .jsonl or .tmx; further "
        "columns are ignored."
    ): "源文与参考译文放在一个文件中：.tsv（制表符分隔）、.csv、.jsonl 或 .tmx；其余各列忽略。",
    (
        "Evaluate these translations, one per line, in place of a model's; SOURCE is then not "
        "needed."
    ): "评测这些译文（每行一个），而非模型的译文；此时不需要 SOURCE。",
    "Translations by another system, to compare with by paired bootstrap resampling.": (
        "另一系统的译文，用配对自助重采样进行比较。"
    ),
    "Another model, whose translations are compared with in the same way.": (
        "另一个模型，以同样方式与其译文比较。"
    ),
    (
        "BLEU tokenizer. Default: 13a, or the usual one for the target language; none is for "
        "text that is tokenized already."
    ): "BLEU 分词器。默认为 13a，或该目标语言通常使用的分词器；none 用于已分词的文本。",
    (
        "Number of bootstrap resamples, for the confidence interval and the comparison; 0 turns "
        "them off."
    ): "自助重采样次数，用于置信区间与比较；0 为不使用。",
    "Write the model's translations to this file as well.": "同时把模型的译文写入此文件。",
    "Text for people, or JSON for programs.": "供人阅读的文字，或供程序使用的 JSON。",
    "Compute the log-probability of line i of TARGET as the translation of line i of SOURCE.": (
        "计算 TARGET 第 i 行作为 SOURCE 第 i 行译文的对数概率。"
    ),
    (
        "Each pair gets one line: the log-probability of the target (natural logarithm) and, "
        "tab-separated, its mean over the tokens, end token included. The total over all pairs "
        "and the perplexity go to stderr."
    ): (
        "每个句对输出一行：译文的对数概率（自然对数），以及以制表符分隔的每词元平均值（含结束"
        "符）。全部句对的总和与困惑度写到标准错误。"
    ),
    (
        "With several TARGET files, or with --contrastive, each line holds the number of its "
        "most probable target, counted from 1, and then the log-probabilities of all targets, "
        "tab-separated."
    ): (
        "给出多个 TARGET 文件或使用 --contrastive 时，每行先是最可能的译文的序号（从 1 起计数），"
        "然后是所有译文的对数概率，以制表符分隔。"
    ),
    (
        "With --text and --target, sentences take the place of files: one source with all its "
        "targets, or as many sources as targets."
    ): "使用 --text 与 --target 时，以句子代替文件：一个源句配多个译文，或源句与译文数目相同。",
    "A source sentence, in place of SOURCE. Repeatable.": "一个源句，代替 SOURCE。可重复给出。",
    "A translation of --text, in place of TARGET. Repeatable.": (
        "--text 的一个译文，代替 TARGET。可重复给出。"
    ),
    (
        "Source and target in one file: .tsv (tab-separated), .csv, .jsonl or .tmx; further "
        "columns are ignored."
    ): "源文与译文放在一个文件中：.tsv（制表符分隔）、.csv、.jsonl 或 .tmx；其余各列忽略。",
    "Contrastive evaluation: every column of --pairs but the first is a target.": (
        "对比评测：--pairs 中除第一列外，每一列都是一个译文。"
    ),
    "Scores per pair, or JSON lines that also hold the score of every token.": (
        "每个句对的得分，或同时含每个词元得分的 JSON Lines。"
    ),
    "List the models that can be loaded here, and what else can be given as --model.": (
        "列出此处可以加载的模型，以及 --model 还可以是什么。"
    ),
}
