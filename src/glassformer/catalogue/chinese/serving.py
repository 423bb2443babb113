"""What the server and `glassformer serve` say."""

SENTENCES: dict[str, str] = {
    # The command
    "Serve the page and a JSON API over HTTP.": "通过 HTTP 提供网页和 JSON API。",
    "Serve the page and a JSON API, until Ctrl-C.": "提供网页和 JSON API，直到按下 Ctrl-C。",
    (
        "Open the address that is shown in a browser. What can be asked by programs is listed at "
        "/api/openapi.json. The server is reached from this machine only, unless --host says "
        "otherwise."
    ): (
        "请用浏览器打开所显示的地址。程序可用的接口列于 /api/openapi.json。除非用 --host 另行指定，"
        "服务器只能从本机访问。"
    ),
    (
        "A model to serve: a folder, the name of an installed model, or a Hugging Face hub name; "
        "NAME=FOLDER says what requests call it. Repeatable; default: en-fr-de-zh."
    ): (
        "要提供的模型：文件夹、已安装模型的名称或 Hugging Face 上的名称；NAME=FOLDER 指定请求中"
        "使用的名称。可重复给出；默认：en-fr-de-zh。"
    ),
    "The address to listen on; one that other machines reach needs a token.": (
        "监听的地址；其他机器可以访问的地址需要令牌。"
    ),
    "The port to listen on; 0 takes any that is free.": "监听的端口；0 为任一空闲端口。",
    (
        "Another host name under which this server is reached, in a network or behind a proxy. "
        "Repeatable."
    ): "访问本服务器所用的其他主机名，例如在局域网中或代理之后。可重复给出。",
    (
        "Read the token that requests must send from FILE, in place of the environment variable "
        "GLASSFORMER_TOKEN."
    ): "从 FILE 读取请求必须附带的令牌，代替环境变量 GLASSFORMER_TOKEN。",
    "Answer without a token, whoever can reach the address.": (
        "不需要令牌：凡能访问该地址者都予以回答。"
    ),
    "Maximum size of the body of a request.": "请求正文的最大字节数。",
    "Maximum number of characters in all texts of a request.": "一个请求中所有文本的最大总字符数。",
    "Maximum number of requests answered at the same time; others are told to try again.": (
        "同时处理的最大请求数；超出的请求会被告知稍后重试。"
    ),
    "Maximum time from a request to its answer.": "从收到请求到作出回答的最长时间（秒）。",
    "serving at {address} (Ctrl-C ends it)": "正在 {address} 提供服务（按 Ctrl-C 结束）",
    # Starting
    "serving needs starlette and uvicorn: {how}": "提供服务需要 starlette 和 uvicorn：{how}",
    "{setting:name} must be positive and finite, but is {given}": (
        "{setting:name} 必须是有限的正数，却是 {given}"
    ),
    "{given!r} cannot be the name of a model in a request: name it as in {model}": (
        "{given!r} 不能用作请求中的模型名称：请另行命名，如 {model}"
    ),
    "two models would be called {name!r}: name one of them as in {model}": (
        "有两个模型的名称都是 {name!r}：请为其中一个另行命名，如 {model}"
    ),
    "{token_file:name} and {no_token} exclude each other": (
        "{token_file:name} 与 {no_token} 不能同时使用"
    ),
    (
        "the token must have {least} characters or more, of those on an English keyboard and "
        "without spaces, such as what `openssl rand -hex 16` prints"
    ): (
        "令牌至少要有 {least} 个字符，只能用英文键盘上的字符，不含空格，例如 "
        "`openssl rand -hex 16` 的输出"
    ),
    "{setting:name} must be from 0 to 65535, but is {given}": (
        "{setting:name} 必须在 0 到 65535 之间，却是 {given}"
    ),
    (
        "other machines reach {host}, so requests need a token: put one into the environment "
        "variable {variable} or a file ({token_file}), or let everybody in ({no_token})"
    ): (
        "其他机器可以访问 {host}，因此请求需要令牌：请把令牌写入环境变量 {variable} 或一个文件"
        "（{token_file}），或者允许任何人访问（{no_token}）"
    ),
    "{setting:name} must be a host such as class.example.org, but is {given!r}": (
        "{setting:name} 必须是主机名，如 class.example.org，却是 {given!r}"
    ),
    "cannot listen on {host}, port {port}: {reason}": (
        "无法在 {host} 的端口 {port} 上监听：{reason}"
    ),
    # Who may ask
    "the request must name its host, once": "请求必须写明主机名，且只写一次",
    "this server does not answer for the host {host!r}; {allow_host:name} of the server adds it": (
        "本服务器不以主机名 {host!r} 作答；可用服务器的 {allow_host:name} 添加"
    ),
    "pages of other origins may not ask this server anything": (
        "其他来源的网页不得向本服务器发出请求"
    ),
    (
        "this server needs its token: send it as Authorization: Bearer, or give it as the password"
    ): "本服务器需要令牌：请以 Authorization: Bearer 发送，或作为密码输入",
    # What is asked
    "there is nothing at this address; {place} lists what can be asked": (
        "此地址没有内容；可用的接口列于 {place}"
    ),
    "this address answers {methods}, but not {given}": "此地址接受 {methods}，不接受 {given}",
    "there is no model {given!r} on this server; there are {known} ({setting:name})": (
        "本服务器没有模型 {given!r}；可用的有：{known}（{setting:name}）"
    ),
    "{setting:name} must be the name of a model, but is {given!r}": (
        "{setting:name} 必须是模型名称，却是 {given!r}"
    ),
    (
        "{name} is an encoder without a decoder and cannot translate; {known} can ({setting:name})"
    ): "{name} 是没有解码器的编码器，不能翻译；可以翻译的有：{known}（{setting:name}）",
    "none of the models served": "所提供的模型均不能",
    (
        "{setting:name} must be one for all texts or one for each, but there are {given} for "
        "{count} texts"
    ): (
        "{setting:name} 应对所有文本给出一个，或每个文本各一个，而 {count} 个文本却给出了 "
        "{given} 个"
    ),
    "{setting:name} is given in the query string and in the body: give it once": (
        "查询字符串和正文中都给出了 {setting:name}：请只给一次"
    ),
    "the query string must be percent-encoded UTF-8 with at most {most} settings": (
        "查询字符串必须是百分号编码的 UTF-8，至多含 {most} 个设置"
    ),
    (
        "expected a body of the type application/json, not compressed, but was given {given!r}"
    ): "正文的类型应为未压缩的 application/json，却是 {given!r}",
    "the body is not JSON in UTF-8": "正文不是 UTF-8 编码的 JSON",
    "expected a JSON object of settings, but was given a {kind}": (
        "正文应是由设置组成的 JSON 对象，却是 {kind}"
    ),
    "{setting:name} must be a value or a list of values": (
        "{setting:name} 必须是一个值或若干值的列表"
    ),
    # Limits
    "the request did not arrive within {seconds} seconds": "请求未能在 {seconds} 秒内到达",
    "the body of a request may have {most} bytes at most ({setting:name} of the server)": (
        "请求正文至多 {most} 字节（服务器的 {setting:name}）"
    ),
    "{setting:name} may have {most} values at most, but has {given}": (
        "{setting:name} 至多有 {most} 个值，却有 {given} 个"
    ),
    (
        "the texts of a request may have {most} characters together, but have {given} "
        "({setting:name} of the server)"
    ): "一个请求中的文本合计至多 {most} 个字符，却有 {given} 个（服务器的 {setting:name}）",
    "{setting:name} may be {most} at most on this server, but is {given}": (
        "在本服务器上 {setting:name} 至多为 {most}，却是 {given}"
    ),
    (
        "the answer would have {numbers} numbers, and {most} are the most: give less text, or "
        "{pool}"
    ): "回答将含有 {numbers} 个数，而上限为 {most} 个：请减少文本，或使用 {pool}",
    (
        "the answer would have {size} bytes, and {most} are the most: give less text, or select "
        "some of it with {settings:name}"
    ): "回答将有 {size} 字节，而上限为 {most} 字节：请减少文本，或用 {settings:name} 选取一部分",
    "this server is busy: try again in a moment": "服务器繁忙：请稍后重试",
    (
        "the answer was not there within {seconds} seconds: give less text, or a smaller beam"
    ): "未能在 {seconds} 秒内算出回答：请减少文本，或减小束宽",
    "this server computes nothing any more: restart it": "本服务器已停止计算：请重新启动",
    "this server failed to answer; its log says where, under {number}": (
        "服务器未能作答；其日志在编号 {number} 下记有出错位置"
    ),
    (
        "there is no block {name!r} of this page: its manifest names those that there are"
    ): "此页面没有数据块 {name!r}：可用的数据块列于其清单",
}
