"""What is said of texts, tokens, encoding and translating."""

SENTENCES: dict[str, str] = {
    # Files and lines
    "cannot read {name}: {reason}": "无法读取 {name}：{reason}",
    "stdin is not available: give the name of a file": "标准输入不可用：请给出文件名",
    "{name} is truncated: its gzip data end too early": "{name} 不完整：gzip 数据提前结束",
    "{name} is damaged after line {number}: {reason}": "{name} 在第 {number} 行之后损坏：{reason}",
    "{name} is damaged or misnamed: it does not start with a gzip header": (
        "{name} 已损坏或扩展名有误：开头不是 gzip 文件头"
    ),
    "a ZIP archive (.xlsx and .docx are ZIP archives too)": (
        "ZIP 压缩包（.xlsx 和 .docx 也是 ZIP 压缩包）"
    ),
    "a bzip2 file": "bzip2 文件",
    "an xz file": "xz 文件",
    "a zstd file": "zstd 文件",
    "a PDF file": "PDF 文件",
    "{name} is not a text file: it looks like {what}; save it as UTF-8 text": (
        "{name} 不是文本文件，看起来是 {what}：请另存为 UTF-8 文本"
    ),
    "{name} is not UTF-8: it looks like UTF-16, or like a binary file; to convert UTF-16: "
    "iconv -f UTF-16 -t UTF-8": (
        "{name} 不是 UTF-8，看起来是 UTF-16 或二进制文件；转换 UTF-16 可用：iconv -f UTF-16 -t "
        "UTF-8"
    ),
    "{name}, line {number} is not UTF-8: byte {place} is 0x{byte:02x} ({reason}); convert the file "
    "to UTF-8, with iconv or a text editor": (
        "{name} 第 {number} 行不是 UTF-8：第 {place} 个字节为 0x{byte:02x}（{reason}）；请用 "
        "iconv 或文本编辑器将文件转换为 UTF-8"
    ),
    "{name}, line {number} is longer than {most:,} bytes: expected one sentence per line": (
        "{name} 第 {number} 行超过 {most:,} 字节：应为每行一句"
    ),
    "{name}, line {number} has a NUL character at byte {place}, which is not allowed in text: to "
    "delete all NUL characters: tr -d '\\000'": (
        "{name} 第 {number} 行第 {place} 个字节是 NUL 字符，文本中不允许出现；删除所有 NUL 字符可"
        "用：tr -d '\\000'"
    ),
    "{name}, line {number} has a carriage return (CR) in the middle, at byte {place}; lines must "
    "end in LF or CR LF: to turn each CR into a line break: tr '\\r' '\\n'; to delete them: "
    "tr -d '\\r'": (
        "{name} 第 {number} 行中间有回车符（CR），在第 {place} 个字节处；行必须以 LF 或 CR LF 结"
        "尾。将每个 CR 换成换行符可用：tr '\\r' '\\n'；删除可用：tr -d '\\r'"
    ),
    "{name}: {count:,} lines contain control characters, or characters that other programs take "
    "for line breaks (first: line {number}, {character}); they were kept unchanged": (
        "{name}：有 {count:,} 行含有控制字符，或会被其他程序当作换行的字符（首例：第 {number} 行，"
        "{character}）；已原样保留"
    ),
    "{file}, line {line}": "{file} 第 {line} 行",
    "{one} and {other}": "{one} 和 {other}",
    # Parallel files
    "stdin (-) can stand for only one of the files": "标准输入（-）只能代表其中一个文件",
    "{first} has {lines} lines, but {other} has {others}: parallel files must have the same number "
    "of lines, line i of one being the translation of line i of the other": (
        "{first} 有 {lines} 行，而 {other} 有 {others} 行：平行文件的行数必须相同，第 i 行互为译文"
    ),
    "{file} has {lines} lines, but {source} has {count}: expected one translation per line": (
        "{file} 有 {lines} 行，而 {source} 有 {count} 行：应为每行一句译文"
    ),
    "{file} is empty: expected one sentence per line": "{file} 为空：应为每行一句",
    "{text} was given {texts} times and {target} {targets} times: expected one text with one or "
    "more targets, or the same number of both": (
        "{text} 给出了 {texts} 次，{target} 给出了 {targets} 次：应为一个文本配一个或多个译文，或"
        "两者数目相同"
    ),
    "give {source:name} and {beside:name}, or {pairs}": (
        "请给出 {source:name} 和 {beside:name}，或给出 {pairs}"
    ),
    "give {source:name} and {beside:name}, or {pairs}, not both": (
        "请给出 {source:name} 和 {beside:name}，或给出 {pairs}，不要同时给出"
    ),
    # Files of pairs
    "{file} contains {content}, which does not match its extension: if it is {format}, rename it "
    "to end in .{ending}": (
        "{file} 的内容是 {content}，与扩展名不符：如果它是 {format}，请将扩展名改为 .{ending}"
    ),
    "{file} has the extension of TMX, but its content is not XML: rename it to its real format, "
    ".tsv, .csv or .jsonl": (
        "{file} 的扩展名是 TMX，但内容不是 XML：请按实际格式改为 .tsv、.csv 或 .jsonl"
    ),
    "{file} is not JSON Lines, which have one object per line: to convert an array: jq -c '.[]' "
    "FILE > FILE.jsonl": (
        "{file} 不是每行一个对象的 JSON Lines；转换数组可用：jq -c '.[]' FILE > FILE.jsonl"
    ),
    "{file} contains pairs ({format}), but a file with one sentence per line is expected: give it "
    "as {pairs}": "{file} 是句对文件（{format}），而此处需要每行一句的文件：请用 {pairs} 给出",
    "{file}, line {line} is not a JSON object ({reason}): expected one per line, such as "
    "{example}, but it is {given!r}": (
        "{file} 第 {line} 行不是 JSON 对象（{reason}）：应为每行一个，如 {example}，实为 {given!r}"
    ),
    "it is not an object": "不是对象",
    "a key is repeated": "键重复",
    "{file}, line {line}: {key!r} must be a string, but is {given}": (
        "{file} 第 {line} 行：{key!r} 必须是字符串，实为 {given}"
    ),
    "missing": "缺失",
    "none": "无",
    "{file}, line {line} is not valid Unicode: character {number} of {key!r} is a lone surrogate": (
        "{file} 第 {line} 行不是有效的 Unicode：{key!r} 的第 {number} 个字符是孤立的代理码位"
    ),
    "{file}, line {line} has the keys {keys}: expected texts under source and target, or under two "
    "language codes, such as en and fr": (
        "{file} 第 {line} 行的键为 {keys}：文本应位于 source 和 target 之下，或两个语言代码（如 "
        "en 和 fr）之下"
    ),
    "{file}: {source} is the source and {target} the target": (
        "{file}：{source} 为源语言，{target} 为目标语言"
    ),
    "{file}, line {line} has {names}, which is ambiguous: rename one of them to source and one to "
    "target": (
        "{file} 第 {line} 行有 {names}，无法确定源与目标：请将其中之一改名为 source，另一个改名为 "
        "target"
    ),
    "{file} has texts in {languages}: expected two languages": (
        "{file} 中的语言有 {languages}：应有两种语言"
    ),
    "no language": "无",
    "{file} has texts in {languages}: choose the target language with {setting}": (
        "{file} 中的语言有 {languages}：请用 {setting} 选择目标语言"
    ),
    "{file} has texts in {languages}, but its header does not declare another one as the source "
    "language: add it there as srclang": (
        "{file} 中的语言有 {languages}，但文件头没有声明另一种语言为源语言：请用 srclang 注明"
    ),
    "{file} has texts in {languages}, but none in {target}": (
        "{file} 中的语言有 {languages}，其中没有 {target}"
    ),
    "{file} has texts in {languages}, several of which match {target}: give the exact one": (
        "{file} 中的语言有 {languages}，其中不止一种符合 {target}：请给出确切的一种"
    ),
    "{file}: line 1 is a header: {source} is the source and {target} the target": (
        "{file}：第 1 行是表头，{source} 为源语言，{target} 为目标语言"
    ),
    "{file} has no header row: its first pair is {source!r} and {target!r}": (
        "{file} 没有表头：第一个句对为 {source!r} 和 {target!r}"
    ),
    "{file}, line {line} has no tab: expected the source sentence, a tab and the target sentence, "
    "but found {given!r}": (
        "{file} 第 {line} 行没有制表符：应为源句、制表符、目标句，实为 {given!r}"
    ),
    "{file}, line {line} has {given} columns, but the first row has {expected}: a text that "
    "contains {delimiter!r} must be quoted": (
        "{file} 第 {line} 行有 {given} 列，而首行有 {expected} 列：含有 {delimiter!r} 的文本必须加"
        "引号"
    ),
    "{file} could be separated by commas or by semicolons: add a header row, such as "
    "source,target": ("无法确定 {file} 以逗号还是分号分隔：请添加表头，如 source,target"),
    "{file} has tabs in its first line, and no columns separated by commas or semicolons: if it is "
    "tab-separated, rename it to end in .tsv": (
        "{file} 的首行含有制表符，而没有以逗号或分号分隔的列：如果以制表符分隔，请将扩展名改为 .tsv"
    ),
    "{file}, line 1 has neither a comma nor a semicolon: expected the source sentence and the "
    "target sentence, but found {given!r}": (
        "{file} 第 1 行既没有逗号也没有分号：应为源句和目标句，实为 {given!r}"
    ),
    "{file}, line {line} is not valid CSV: {reason}; inside a quoted text, double each quote": (
        "{file} 第 {line} 行不是有效的 CSV：{reason}；引号内的引号须写两次"
    ),
    "{file}, line {line} has {count} columns, but no header row says which ones to use: keep two "
    "of them, or add a header row, such as source,target": (
        "{file} 第 {line} 行有 {count} 列，但没有表头说明用哪两列：请只保留两列，或添加表头，如 "
        "source,target"
    ),
    "{file}, line {line} is not well-formed XML: {reason}": (
        "{file} 第 {line} 行不是格式正确的 XML：{reason}"
    ),
    "{file} cannot be read as XML: {reason}; save it as UTF-8": (
        "无法将 {file} 作为 XML 读取：{reason}；请另存为 UTF-8"
    ),
    "a tag or comment is longer than {limit:,} bytes": "有标签或注释超过 {limit:,} 字节",
    "document type definitions (DTDs) are not supported: delete the declaration, from <!DOCTYPE to "
    "its >": "不支持文档类型定义（DTD）：请删除该声明，即从 <!DOCTYPE 到对应的 >",
    "the XML is not TMX: expected the root element tmx, but found {name}": (
        "该 XML 不是 TMX：根元素应为 tmx，实为 {name}"
    ),
    "elements are nested more than {limit} deep": "元素嵌套超过 {limit} 层",
    "a <tu> is longer than {limit:,} characters": "有 <tu> 超过 {limit:,} 个字符",
    "a <tuv> has no language (xml:lang)": "有 <tuv> 没有注明语言（xml:lang）",
    "{file}: {count:,} of {units:,} units have no text in {source} or in {target}, and are "
    "skipped": (
        "{file}：{units:,} 个翻译单元中有 {count:,} 个缺少 {source} 或 {target} 的文本，已跳过"
    ),
    "{file}: {count:,} of {units:,} units have two texts in the same language; the first one is "
    "used": "{file}：{units:,} 个翻译单元中有 {count:,} 个含有同一语言的两个文本，取第一个",
    # The source profile
    "the source profile": "源语言概况",
    "a source profile must be JSON: {error}": "源语言概况必须是 JSON：{error}",
    "the source profile has version {version}, but this Glassformer reads version {expected}: "
    "upgrade it (pip install -U glassformer)": (
        "源语言概况的版本为 {version}，而此版 Glassformer 读取的版本是 {expected}：请升级（pip "
        "install -U glassformer）"
    ),
    "a source profile may have at most {most:,} bytes": "源语言概况最多 {most:,} 字节",
    "cannot read the source profile {path}: {error}": "无法读取源语言概况 {path}：{error}",
    "{name} must be between 0 and 1, but is {share}": "{name} 必须在 0 与 1 之间，实为 {share}",
    # Texts from Python
    "the texts given": "给出的文本",
    "text {number}": "第 {number} 个文本",
    "{place} must be a text (str), but is {given}": (
        "{place} 必须是文本（str），而给出的是：{given}"
    ),
    "{place} is not valid Unicode: character {number} is a lone surrogate ({character})": (
        "{place} 不是有效的 Unicode：第 {number} 个字符是孤立的代理码位（{character}）"
    ),
    "{pair:name} must be one text for all or one for each, but there are more texts": (
        "{pair:name} 必须是共用的一个文本或每个文本各一个，但文本更多"
    ),
    "{pair:name} must be one text for all or one for each, but there are fewer texts": (
        "{pair:name} 必须是共用的一个文本或每个文本各一个，但文本更少"
    ),
    "{name} must be an iterable of texts, but is {given}": (
        "{name} 必须是文本的可迭代对象，而给出的是：{given}"
    ),
    "expected a list of texts, but got a single str: put it in a list": (
        "应为文本的列表，给出的却是单个 str：请放入列表"
    ),
    "a single text: put it in a list": "单个文本：请放入列表",
    "bytes: decode them, and put the text in a list": "字节：请解码后放入列表",
    "a mapping ({type}): pass its values": "映射（{type}）：请传入它的值",
    "a set ({type}), which has no order: convert it to a list": (
        "集合（{type}），没有顺序：请转换为列表"
    ),
    "a table ({type}): pass one of its columns": "表格（{type}）：请传入其中一列",
    "a zero-dimensional array: put its text in a list": "零维数组：请将其中的文本放入列表",
    "NaN, a missing value": "NaN（缺失值）",
    "{value}, a missing value": "{value}（缺失值）",
    "bytes, which must be decoded first": "字节，须先解码",
    "of type {type}": "类型 {type}",
    "{value} of type {type}": "{value}（类型 {type}）",
    # Tokens
    "the text is blank ({beginning!r}): expected a sentence": (
        "文本为空白（{beginning!r}）：应为一句话"
    ),
    "the text is not valid Unicode: character {place} is a lone surrogate (U+{code:04X}); read the "
    "file as UTF-8": (
        "文本不是有效的 Unicode：第 {place} 个字符是孤立的代理码位（U+{code:04X}）；请以 UTF-8 读"
        "取文件"
    ),
    "cannot read the tokenizer {path}: {reason}": "无法读取分词器 {path}：{reason}",
    "{path} is not a tokenizer.json that the tokenizers library can load": (
        "{path} 不是 tokenizers 库能加载的 tokenizer.json"
    ),
    "the tokenizer cannot add special tokens": "分词器无法添加特殊词元",
    "the tokenizer cannot tokenize this text": "分词器无法切分该文本",
    "the tokenizer produces no tokens for the text {beginning!r}": (
        "分词器对文本 {beginning!r} 没有产生任何词元"
    ),
    "this tokenizer has no separator for two texts, so the model accepts single texts only: do not "
    "give a pair": "该分词器没有分隔两个文本的方式，模型只接受单个文本：请不要给出第二个文本",
    "each text needs a second text for its pair, but there are {texts} texts and {pairs} second "
    "texts": "每个文本都需要与之配对的第二个文本，但有 {texts} 个文本、{pairs} 个第二文本",
    "this tokenizer cannot read {name} as plain text: remove it, or parse it as a special token "
    "({special_tokens})": (
        "该分词器无法将 {name} 作为普通文本读取：请删除它，或解析为特殊词元（{special_tokens}）"
    ),
    "the text has {length} tokens, but this model accepts at most {most}: shorten it, or truncate "
    "it ({truncate})": (
        "文本有 {length} 个词元，而该模型最多接受 {most} 个：请缩短，或截断（{truncate}）"
    ),
    "the maximum length of {most} tokens leaves no room for text beside the {special} special "
    "tokens": "最大长度 {most} 个词元，除去 {special} 个特殊词元后没有余地容纳文本",
    # Encoding
    "the output file must end in {suffixes} or {last}, but is {path}": (
        "输出文件的扩展名必须是 {suffixes} 或 {last}，实为 {path}"
    ),
    "writing .parquet requires pyarrow: pip install 'glassformer[parquet]'": (
        "写入 .parquet 需要 pyarrow：pip install 'glassformer[parquet]'"
    ),
    "{problem}, which is not supported: choose another pooling with {pool}": (
        "{problem}，这种方式不受支持：请用 {pool} 选择其他池化方式"
    ),
    "this sentence model pools by {modes}": "该句向量模型的池化方式为 {modes}",
    "this sentence model applies {modules} after the encoder": (
        "该句向量模型在编码器之后还有 {modules}"
    ),
    "this sentence model prepends the prompt {prompt!r} to each text": (
        "该句向量模型会在每个文本前加上提示 {prompt!r}"
    ),
    "this sentence model lowercases each text": "该句向量模型会将文本转为小写",
    "{path} must contain a list of modules, each with its type and path": (
        "{path} 必须包含模块列表，每个模块都有 type 和 path"
    ),
    "{path} names a path outside of the model folder: {place!r}": (
        "{path} 指向模型文件夹以外的路径：{place!r}"
    ),
    "{path}: pooling_mode must be a string or a list of strings, but is {given!r}": (
        "{path}：pooling_mode 必须是字符串或字符串列表，实为 {given!r}"
    ),
    "{setting:name} must be one of {known}, but is {pool!r}": (
        "{setting:name} 必须是 {known} 之一，实为 {pool!r}"
    ),
    # Decoding
    "pair {number}": "第 {number} 个句对",
    "{setting:name} must be one for all texts or one for each, but there are {given} and more "
    "texts": "{setting:name} 必须是共用的一个或每个文本各一个，但给出了 {given} 个，而文本更多",
    "{setting:name} must be one for all texts or one for each, but there are {given} and only "
    "{count} texts": (
        "{setting:name} 必须是共用的一个或每个文本各一个，但给出了 {given} 个，而文本只有 {count} "
        "个"
    ),
    "{size:name} and {tokens:name} exclude each other: give one of them": (
        "{size:name} 与 {tokens:name} 不能同时使用：请只给出其一"
    ),
    "{setting:name} must be at least 1, but is {size}": "{setting:name} 至少为 1，实为 {size}",
    "{setting:name} must be at least 2, but is {given}": "{setting:name} 至少为 2，实为 {given}",
    "{setting:name} must be at least 0, but is {given}": "{setting:name} 至少为 0，实为 {given}",
    "{setting:name} must be at least {least}, but is {given}": (
        "{setting:name} 至少为 {least}，实为 {given}"
    ),
    "{setting:name} must not be negative, but is {given}": (
        "{setting:name} 不能为负数，实为 {given}"
    ),
    "{setting:name} must be one of {known}, but is {given!r}": (
        "{setting:name} 必须是 {known} 之一，实为 {given!r}"
    ),
    "{setting:name} must be above 0 and at most 1, but is {given}": (
        "{setting:name} 必须大于 0 且不超过 1，实为 {given}"
    ),
    "{setting:name} must be above 0, but is {given}": "{setting:name} 必须大于 0，实为 {given}",
    "{top_k:name} and {top_p:name} require sampling: also give a temperature, such as "
    "{temperature}": "{top_k:name} 和 {top_p:name} 只用于采样：请同时给出温度，如 {temperature}",
    "{n_best:name} must be at most {beam_size:name}, but is {given} with a beam size of {beam}": (
        "{n_best:name} 不能超过 {beam_size:name}，而束宽为 {beam} 时给出了 {given}"
    ),
    "reference {number}": "第 {number} 份参考译文",
    "expected the same number of sentences, at least one, but there are {hypotheses} translations "
    "and {count} in {name:name}": (
        "句数必须相同且至少为一，但译文有 {hypotheses} 句，{name:name} 有 {count} 句"
    ),
    "there is no BLEU tokenizer {tokenize!r}; choose one of {known}": (
        "没有 BLEU 分词器 {tokenize!r}；可选的有 {known}"
    ),
    "the BLEU tokenizer {tokenize!r} is not available: {reason}": (
        "BLEU 分词器 {tokenize!r} 不可用：{reason}"
    ),
    "the target has {length} tokens, but this model accepts at most {most}: shorten it, or "
    "truncate it ({truncate})": (
        "目标文本有 {length} 个词元，而该模型最多接受 {most} 个：请缩短，或截断（{truncate}）"
    ),
    "the prefix has {length} tokens, but a translation may have at most {limit}, end token "
    "included: shorten the prefix or raise {max_length:name}": (
        "前缀有 {length} 个词元，而译文（含结束词元）最多 {limit} 个：请缩短前缀，或增大 "
        "{max_length:name}"
    ),
    "the prefix contains a token ({token}) that this model never generates: use characters that "
    "occur in its training data": (
        "前缀含有该模型从不生成的词元（{token}）：请使用训练数据中出现过的字符"
    ),
    "this model translates to {known}: choose the target language ({to})": (
        "该模型可译为 {known}：请选择目标语言（{to}）"
    ),
    "this model translates to {known}, but not to {to!r}": "该模型可译为 {known}，不能译为 {to!r}",
    "one language, which has no tag": "一种没有标签的语言",
    "the configuration of this model has neither language tags nor a start token": (
        "该模型的配置中既没有语言标签，也没有起始词元"
    ),
}
