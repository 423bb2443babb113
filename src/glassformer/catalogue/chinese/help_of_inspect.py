"""What `glassformer inspect --help` says."""

SENTENCES: dict[str, str] = {
    "Show how a model reads SENTENCE: structure, steps, attention, encoder outputs (R).": (
        "显示模型如何处理 SENTENCE：结构、计算步骤、注意力、编码器输出（R）。"
    ),
    (
        "Without SENTENCE, or with -, the sentence is read from stdin. Layers and heads are "
        "counted from 1, array indices (--at) from 0. Without --model, the model that ships with "
        "Glassformer is used. With --at-step and a training that watched a single sentence, "
        "SENTENCE may be left out."
    ): (
        "省略 SENTENCE 或写作 - 时，从标准输入读取句子。层和头从 1 起计数，数组下标（--at）从 0 "
        "起计数。不给出 --model 时，使用 Glassformer 自带的模型。使用 --at-step 且训练时只观察了"
        "一个句子时，可以省略 SENTENCE。"
    ),
    (
        "With --names, a FILE takes the place of SENTENCE, and a trace of each of its lines is "
        "written to the folder --output."
    ): (
        "使用 --names 时，以文件 FILE 代替 SENTENCE，并把其中每一行的计算记录写入 --output 指定的"
        "文件夹。"
    ),
    'Show only the attention links of this word; "the:2" is the second "the". Repeatable.': (
        "只显示这个词的注意力连线；“the:2”指第二个“the”。可重复给出。"
    ),
    "Layer, counted from 1; without --head, the mean over its heads.": (
        "层，从 1 起计数；不给出 --head 时为该层各头的平均。"
    ),
    "Head, counted from 1; needs --layer. Repeat it to compare heads.": (
        "头，从 1 起计数；须与 --layer 同用。重复给出可比较多个头。"
    ),
    (
        "The head named on the model card, the mean over heads, the head with the largest "
        "weight, or all heads."
    ): "模型卡片推荐的头、各头的平均、权重最大的头，或全部的头。",
    (
        "Encoder self-attention, decoder self-attention or cross-attention; default: all that "
        "were traced. Repeatable."
    ): "编码器自注意力、解码器自注意力或交叉注意力；默认为所有已记录的。可重复给出。",
    "Attention between words, or between tokens.": "词与词之间的注意力，或词元与词元之间的注意力。",
    "Show special tokens as well; needs --tokens.": "同时显示特殊词元；须与 --tokens 同用。",
    "Leave out attention weights below this.": "不显示小于此值的注意力权重。",
    (
        "A second segment that the encoder reads together with SENTENCE, as in BERT's sentence "
        "pairs."
    ): "与 SENTENCE 一同输入编码器的第二个句段，如同 BERT 的句对。",
    "Target language, for a model that translates.": "目标语言，用于能翻译的模型。",
    "Your own translation, to be traced in place of the model's.": (
        "您自己的译文，代替模型的译文进行记录。"
    ),
    (
        "Another translation to contrast: the first token where the two differ, and their "
        "log-probabilities."
    ): "用于对比的另一译文：显示两者在哪个词元开始不同，以及各自的对数概率。",
    (
        "Label each decoder row with the token it reads (input, the default) or the token it "
        "predicts (output)."
    ): "解码器的每一行以其读入的词元（input，默认）或其预测的词元（output）标示。",
    "Beam size: the number of hypotheses kept at each step; 1 is greedy search.": (
        "束宽：每一步保留的假设个数；1 为贪心搜索。"
    ),
    "List the candidates that beam search considered at each step.": (
        "列出束搜索每一步所考虑的候选。"
    ),
    "Recompute one number of this step and show its arithmetic; needs --at.": (
        "重新计算该步骤中的一个数并显示算式；须与 --at 同用。"
    ),
    "The array indices of the number to --explain, counted from 0: --at 1,7,2.": (
        "要用 --explain 解释的数的数组下标，从 0 起计数，如 --at 1,7,2。"
    ),
    (
        "Steps listed in the text report: one layer in full and the outputs of the others "
        "(opened), all, or none."
    ): (
        "文字报告中列出的计算步骤：完整列出一层、其余各层只列输出（opened），全部列出（all），或"
        "不列出（none）。"
    ),
    "Show the attention after K updates of training, as recorded by train --watch.": (
        "显示训练 K 步之后的注意力，由 train --watch 记录。"
    ),
    "Truncate input that is longer than the model's maximum length.": (
        "截断超过模型最大长度的输入。"
    ),
    "One picture in place of the whole report; in svg and png the default is attention.": (
        "只显示一幅图，而非整份报告；svg 和 png 默认画注意力。"
    ),
    (
        "The tensor that --view matrix shows, by its name in a trace (--steps all lists them), or "
        "a weight, such as encoder.layers.3.self_attention.query.weight."
    ): (
        "--view matrix 所显示的张量，用其在计算记录中的名称（见 --steps all），或某个权重，"
        "如 encoder.layers.3.self_attention.query.weight。"
    ),
    "Which sublayer --view add-norm shows the residual sum of.  [default: attention]": (
        "--view add-norm 显示哪个子层的残差之和。  [默认：attention]"
    ),
    "Draw only the largest links, which together carry this share of the attention shown.": (
        "只画出权重最大的连线，其合计达到图中注意力的这一比例。"
    ),
    (
        "Colour theme of svg, png and pdf; auto follows the viewer's setting, and is light in png "
        "and pdf."
    ): "svg、png 和 pdf 的明暗；auto 跟随查看者的系统设置，png 和 pdf 中为浅色。",
    (
        "Text, JSON, a picture (png needs the extra “png”, pdf the extra “pdf”), or html: a page "
        "to walk through, in one file. Default: by the extension of --output, else text."
    ): (
        "文字、JSON、图片（png 和 pdf 需要安装同名的 extra），或 html："
        "可以逐步浏览的页面，只有一个文件。"
        "默认由 --output 的扩展名决定，否则为文字。"
    ),
    (
        "Font size of the words in a picture, in pixels; everything else scales with it.  "
        "[default: 15]"
    ): "图中词语的字号，单位为像素；其余部分随之缩放。  [默认：15]",
    (
        "Width of a picture in pixels. Alone it scales the picture; with --font-size the picture "
        "is laid out anew in this width."
    ): "图片宽度，单位为像素。单独给出时缩放整幅图；与 --font-size 同时给出时按此宽度重新排版。",
    "Colours of a picture: okabe-ito for colour-blind readers, grey for print.": (
        "图片的配色：okabe-ito 便于色觉障碍者分辨，grey 适合黑白印刷。"
    ),
    "Leave notes and legend sentences out of a picture; the scale stays.": (
        "不画图中的说明文字，只保留比例尺。"
    ),
    (
        "Trace each line of a file and keep only the steps of this name, such as "
        "'encoder.layers.*.self_attention.weights'; --output is a folder. Repeatable."
    ): (
        "记录文件中每一行的计算，只保留名称符合的步骤，如 "
        "'encoder.layers.*.self_attention.weights'；此时 --output 为文件夹。可重复给出。"
    ),
    "Write to this file; default: stdout.": "写入此文件；默认为标准输出。",
    "Save the whole trace, every number of it, to FILE (.safetensors).": (
        "把完整的计算记录（每一个数）保存到 FILE（.safetensors）。"
    ),
    "0.95; of more than 25 words, the 3 strongest links of each": (
        "0.95；超过 25 个词时为每个词最强的 3 条"
    ),
    "Compare with the attention in another sentence; words are aligned by edit distance.": (
        "与另一个句子的注意力对比；两句的词按编辑距离对齐。"
    ),
    "Compare with another head, such as 4,1; both numbers are counted from 1.": (
        "与另一个头对比，如 4,1（第 4 层第 1 头），均从 1 起计数。"
    ),
    "Compare with the attention in another model.": "与另一个模型的注意力对比。",
    "Compare with the attention after K updates of the training, recorded with --watch.": (
        "与训练 K 步之后的注意力对比（由 --watch 记录）。"
    ),
    "Show the difference of a comparison, right minus left, in place of both sides.": (
        "只显示对比的差值（右侧减左侧），不并排显示两侧。"
    ),
    "Animate how attention formed during training, as recorded with --watch.": (
        "以动画显示注意力在训练中如何形成（由 --watch 记录）。"
    ),
}
