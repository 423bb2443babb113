"""What stands nowhere whole in the source: formulas, names, words of files and of the system."""

SENTENCES: dict[str, str] = {
    "cross": "交叉",
    "head": "头",
    "query": "查询",
    "key": "键",
    "entry": "词表项",
    "text → subwords → ids": "文本 → 子词 → 编号",
    "R, what the last layer gives": "R，最后一层的输出",
    "what the last layer gives": "最后一层的输出",
    "X + token types": "X + 句段类型",
    "X + P + token types": "X + P + 句段类型",
    "sines, then cosines, of pos / 10000^(2i/d_model)": (
        "前半为正弦、后半为余弦：pos / 10000^(2i/d_model)"
    ),
    "sin(pos / 10000^(2i/d_model)) at 2i, cos(same) at 2i + 1": (
        "sin(pos / 10000^(2i/d_model))，奇数维为 cos"
    ),
    "x W_Q + b_Q, in heads": "x W_Q + b_Q，分到各头",
    "x W_K + b_K, in heads": "x W_K + b_K，分到各头",
    "x W_V + b_V, in heads": "x W_V + b_V，分到各头",
    "R W_K + b_K, in heads": "R W_K + b_K，分到各头",
    "R W_V + b_V, in heads": "R W_V + b_V，分到各头",
    "scores / √d_head": "得分 / √d_head",
    "scores, not divided": "得分，不作缩放",
    "key position ≤ query position": "键的位置 ≤ 查询的位置",
    "softmax over keys": "对键做 softmax",
    "softmax over keys, masked keys exactly 0": "对键做 softmax，被掩码的键恰为 0",
    "weights · V": "权重 · V",
    "softmax over what may be generated": "对可生成的词元做 softmax",
    "LayerNorm(sum)": "LayerNorm(和)",
    (
        'finds the antecedent of "it" among two candidates in 61 % of 126 sentences (Definite '
        "Pronoun Resolution, summed attention; chance 50 %)"
    ): (
        "在 126 个句子中，有 61 % 能从两个候选中找对“it”的先行词（Definite Pronoun Resolution 数"
        "据集，注意力求和；随机为 50 %）"
    ),
    (
        'is right about the antecedent of "it" as often as any head of this model, in 52 % of '
        "126 sentences (Definite Pronoun Resolution, summed attention; chance 50 %): no evidence "
        "that it finds it"
    ): (
        "在此模型的各头中，对“it”先行词的判断最准，126 个句子中有 52 % 正确（Definite Pronoun "
        "Resolution 数据集，注意力求和；随机为 50 %）：没有证据表明它真能找到先行词"
    ),
    "Latin": "拉丁字母",
    "Han": "汉字",
    "Cyrillic": "西里尔字母",
    "Hiragana": "平假名",
    "Katakana": "片假名",
    "Hangul": "谚文",
    "Devanagari": "天城文字母",
    "Arabic": "阿拉伯文",
    "Greek": "希腊文",
    "Hebrew": "希伯来文",
    "Thai": "泰文",
    "English": "英语",
    "French": "法语",
    "German": "德语",
    "Chinese": "汉语",
    "Spanish": "西班牙语",
    "Portuguese": "葡萄牙语",
    "Italian": "意大利语",
    "Dutch": "荷兰语",
    "Russian": "俄语",
    "Japanese": "日语",
    "Korean": "朝鲜语",
    "Hindi": "印地语",
    "Turkish": "土耳其语",
    "Polish": "波兰语",
    "Ukrainian": "乌克兰语",
    "Czech": "捷克语",
    "Swedish": "瑞典语",
    "Vietnamese": "越南语",
    "Indonesian": "印度尼西亚语",
    "Persian": "波斯语",
    "No such file or directory": "没有这个文件或文件夹",
    "Permission denied": "权限不足",
    "Is a directory": "是文件夹",
    "Not a directory": "不是文件夹",
    "No space left on device": "磁盘空间不足",
    "Read-only file system": "文件系统为只读",
    "Input/output error": "输入输出错误",
    "Too many open files": "打开的文件过多",
    "File name too long": "文件名过长",
    "File exists": "文件已存在",
    "Operation not permitted": "不允许此操作",
    "Disk quota exceeded": "超出磁盘配额",
    "Invalid argument": "参数无效",
    "Cannot allocate memory": "内存不足",
    "Directory not empty": "文件夹非空",
    "Address already in use": "地址已被占用",
    "Cannot assign requested address": "本机没有这个地址",
    "Name or service not known": "找不到这个主机名",
}
