"""What stands in the places of a carrier sentence: one thing in four languages, in its forms.

A form is named by a language, or by a language and what the sentence asks for: `fr:de` is French
with "de". Where a form is missing the plain one of the language is used.
"""

import random
from collections.abc import Callable

from box_data.names import Name, given, surname

Forms = dict[str, str]
VOWELS = "aeiouyâàéèêëîïôöœûüáíóúæAEIOUÂÀÉÈÊËÎÏÔÖŒÛÜÁÍÓÚÆ"

COUNTRIES = (
    "France/la France/Frankreich/法国, Germany/l'Allemagne/Deutschland/德国, Italy/l'Italie/Italien/意大利, "
    "Spain/l'Espagne/Spanien/西班牙, Portugal/le Portugal/Portugal/葡萄牙, Belgium/la Belgique/Belgien/比利时, "
    "Austria/l'Autriche/Österreich/奥地利, Switzerland/la Suisse/die Schweiz/瑞士, Poland/la Pologne/Polen/波兰, "
    "England/l'Angleterre/England/英格兰, Scotland/l'Écosse/Schottland/苏格兰, Ireland/l'Irlande/Irland/爱尔兰, "
    "Norway/la Norvège/Norwegen/挪威, Sweden/la Suède/Schweden/瑞典, Finland/la Finlande/Finnland/芬兰, "
    "Denmark/le Danemark/Dänemark/丹麦, Iceland/l'Islande/Island/冰岛, Greece/la Grèce/Griechenland/希腊, "
    "Turkey/la Turquie/die Türkei/土耳其, Russia/la Russie/Russland/俄罗斯, Ukraine/l'Ukraine/die Ukraine/乌克兰, "
    "Hungary/la Hongrie/Ungarn/匈牙利, Croatia/la Croatie/Kroatien/克罗地亚, Romania/la Roumanie/Rumänien/罗马尼亚, "
    "Bulgaria/la Bulgarie/Bulgarien/保加利亚, Serbia/la Serbie/Serbien/塞尔维亚, Slovakia/la Slovaquie/die Slowakei/斯洛伐克, "
    "the Netherlands/les Pays-Bas/die Niederlande/荷兰, the United States/les États-Unis/die USA/美国, "
    "Canada/le Canada/Kanada/加拿大, Mexico/le Mexique/Mexiko/墨西哥, Brazil/le Brésil/Brasilien/巴西, "
    "Argentina/l'Argentine/Argentinien/阿根廷, Chile/le Chili/Chile/智利, Peru/le Pérou/Peru/秘鲁, "
    "Colombia/la Colombie/Kolumbien/哥伦比亚, Egypt/l'Égypte/Ägypten/埃及, Morocco/le Maroc/Marokko/摩洛哥, "
    "Algeria/l'Algérie/Algerien/阿尔及利亚, Tunisia/la Tunisie/Tunesien/突尼斯, Kenya/le Kenya/Kenia/肯尼亚, "
    "Nigeria/le Nigeria/Nigeria/尼日利亚, Ghana/le Ghana/Ghana/加纳, Senegal/le Sénégal/Senegal/塞内加尔, "
    "Ethiopia/l'Éthiopie/Äthiopien/埃塞俄比亚, China/la Chine/China/中国, Japan/le Japon/Japan/日本, "
    "India/l'Inde/Indien/印度, Vietnam/le Vietnam/Vietnam/越南, Thailand/la Thaïlande/Thailand/泰国, "
    "Indonesia/l'Indonésie/Indonesien/印度尼西亚, South Korea/la Corée du Sud/Südkorea/韩国, "
    "Pakistan/le Pakistan/Pakistan/巴基斯坦, Iran/l'Iran/der Iran/伊朗, Australia/l'Australie/Australien/澳大利亚, "
    "New Zealand/la Nouvelle-Zélande/Neuseeland/新西兰, Mongolia/la Mongolie/die Mongolei/蒙古"
)
CITIES = (
    "Paris/Paris/Paris/巴黎, London/Londres/London/伦敦, Berlin/Berlin/Berlin/柏林, Vienna/Vienne/Wien/维也纳, "
    "Rome/Rome/Rom/罗马, Milan/Milan/Mailand/米兰, Venice/Venise/Venedig/威尼斯, Florence/Florence/Florenz/佛罗伦萨, "
    "Naples/Naples/Neapel/那不勒斯, Munich/Munich/München/慕尼黑, Cologne/Cologne/Köln/科隆, "
    "Hamburg/Hambourg/Hamburg/汉堡, Frankfurt/Francfort/Frankfurt/法兰克福, Zurich/Zurich/Zürich/苏黎世, "
    "Geneva/Genève/Genf/日内瓦, Basel/Bâle/Basel/巴塞尔, Brussels/Bruxelles/Brüssel/布鲁塞尔, "
    "Amsterdam/Amsterdam/Amsterdam/阿姆斯特丹, Copenhagen/Copenhague/Kopenhagen/哥本哈根, "
    "Stockholm/Stockholm/Stockholm/斯德哥尔摩, Oslo/Oslo/Oslo/奥斯陆, Helsinki/Helsinki/Helsinki/赫尔辛基, "
    "Warsaw/Varsovie/Warschau/华沙, Prague/Prague/Prag/布拉格, Budapest/Budapest/Budapest/布达佩斯, "
    "Athens/Athènes/Athen/雅典, Lisbon/Lisbonne/Lissabon/里斯本, Madrid/Madrid/Madrid/马德里, "
    "Barcelona/Barcelone/Barcelona/巴塞罗那, Seville/Séville/Sevilla/塞维利亚, Moscow/Moscou/Moskau/莫斯科, "
    "Kiev/Kiev/Kiew/基辅, Istanbul/Istanbul/Istanbul/伊斯坦布尔, Jerusalem/Jérusalem/Jerusalem/耶路撒冷, "
    "Dublin/Dublin/Dublin/都柏林, Edinburgh/Édimbourg/Edinburgh/爱丁堡, Boston/Boston/Boston/波士顿, "
    "New York/New York/New York/纽约, Chicago/Chicago/Chicago/芝加哥, Toronto/Toronto/Toronto/多伦多, "
    "Montreal/Montréal/Montreal/蒙特利尔, Sydney/Sydney/Sydney/悉尼, Tokyo/Tokyo/Tokio/东京, "
    "Osaka/Osaka/Osaka/大阪, Beijing/Pékin/Peking/北京, Shanghai/Shanghai/Shanghai/上海, "
    "Hong Kong/Hong Kong/Hongkong/香港, Seoul/Séoul/Seoul/首尔, Singapore/Singapour/Singapur/新加坡, "
    "Bangkok/Bangkok/Bangkok/曼谷, Marseille/Marseille/Marseille/马赛, Bordeaux/Bordeaux/Bordeaux/波尔多, "
    "Strasbourg/Strasbourg/Straßburg/斯特拉斯堡, Salzburg/Salzbourg/Salzburg/萨尔茨堡, Dresden/Dresde/Dresden/德累斯顿"
)
LANGUAGES = (
    "French/français/Französisch/法语, German/allemand/Deutsch/德语, English/anglais/Englisch/英语, "
    "Spanish/espagnol/Spanisch/西班牙语, Italian/italien/Italienisch/意大利语, "
    "Portuguese/portugais/Portugiesisch/葡萄牙语, Dutch/néerlandais/Niederländisch/荷兰语, "
    "Russian/russe/Russisch/俄语, Polish/polonais/Polnisch/波兰语, Greek/grec/Griechisch/希腊语, "
    "Turkish/turc/Türkisch/土耳其语, Arabic/arabe/Arabisch/阿拉伯语, Hebrew/hébreu/Hebräisch/希伯来语, "
    "Chinese/chinois/Chinesisch/汉语, Japanese/japonais/Japanisch/日语, Korean/coréen/Koreanisch/韩语, "
    "Swedish/suédois/Schwedisch/瑞典语, Norwegian/norvégien/Norwegisch/挪威语, Danish/danois/Dänisch/丹麦语, "
    "Finnish/finnois/Finnisch/芬兰语, Hungarian/hongrois/Ungarisch/匈牙利语, Czech/tchèque/Tschechisch/捷克语, "
    "Thai/thaï/Thailändisch/泰语, Vietnamese/vietnamien/Vietnamesisch/越南语"
)
WEEKDAYS = (
    "Monday/lundi/Montag/星期一, Tuesday/mardi/Dienstag/星期二, Wednesday/mercredi/Mittwoch/星期三, "
    "Thursday/jeudi/Donnerstag/星期四, Friday/vendredi/Freitag/星期五, Saturday/samedi/Samstag/星期六, "
    "Sunday/dimanche/Sonntag/星期天"
)
MONTHS = (
    "January/janvier/Januar/一月, February/février/Februar/二月, March/mars/März/三月, April/avril/April/四月, "
    "May/mai/Mai/五月, June/juin/Juni/六月, July/juillet/Juli/七月, August/août/August/八月, "
    "September/septembre/September/九月, October/octobre/Oktober/十月, November/novembre/November/十一月, "
    "December/décembre/Dezember/十二月"
)
WHEN = (
    "tomorrow/demain/morgen/明天, tonight/ce soir/heute Abend/今晚, next week/la semaine prochaine/nächste Woche/下周, "
    "next year/l'année prochaine/nächstes Jahr/明年, this afternoon/cet après-midi/heute Nachmittag/今天下午"
)
COUNTS = "two/deux/zwei/两, three/trois/drei/三, four/quatre/vier/四, five/cinq/fünf/五, six/six/sechs/六, \
seven/sept/sieben/七, eight/huit/acht/八, nine/neuf/neun/九, ten/dix/zehn/十"
WEATHER = (
    "nice/beau/schön/很好, cold/froid/kalt/很冷, hot/chaud/heiß/很热, cool/frais/kühl/很凉快, "
    "windy/du vent/windig/风很大, mild/doux/mild/很暖和, sunny/soleil/sonnig/晴朗, humid/humide/feucht/很潮湿"
)
FEELINGS = (
    "tired/fatigué/fatiguée/müde/累, happy/heureux/heureuse/glücklich/高兴, sad/triste/triste/traurig/难过, "
    "angry/en colère/en colère/wütend/生气, nervous/nerveux/nerveuse/nervös/紧张, curious/curieux/curieuse/neugierig/好奇, "
    "worried/inquiet/inquiète/besorgt/担心, proud/fier/fière/stolz/自豪, jealous/jaloux/jalouse/eifersüchtig/嫉妒, "
    "disappointed/déçu/déçue/enttäuscht/失望, excited/excité/excitée/aufgeregt/激动, shy/timide/timide/schüchtern/害羞, "
    "surprised/surpris/surprise/überrascht/惊讶, hungry/affamé/affamée/hungrig/饿, satisfied/satisfait/satisfaite/zufrieden/满意"
)
JOBS = (
    "teacher/m/professeur/Lehrer/老师, doctor/m/médecin/Arzt/医生, baker/m/boulanger/Bäcker/面包师, "
    "lawyer/m/avocat/Anwalt/律师, farmer/m/agriculteur/Landwirt/农民, painter/m/peintre/Maler/画家, "
    "cook/m/cuisinier/Koch/厨师, teacher/f/professeure/Lehrerin/老师, doctor/f/médecin/Ärztin/医生, "
    "baker/f/boulangère/Bäckerin/面包师, lawyer/f/avocate/Anwältin/律师, farmer/f/agricultrice/Landwirtin/农民, "
    "painter/f/peintre/Malerin/画家, cook/f/cuisinière/Köchin/厨师, singer/m/chanteur/Sänger/歌手, "
    "singer/f/chanteuse/Sängerin/歌手, writer/m/écrivain/Schriftsteller/作家, writer/f/écrivaine/Schriftstellerin/作家, "
    "plumber/m/plombier/Klempner/水管工, carpenter/m/menuisier/Tischler/木匠, hairdresser/f/coiffeuse/Friseurin/理发师"
)
RELATIVES = (
    "brother/m/frère/Bruder/哥哥, sister/f/sœur/Schwester/姐姐, father/m/père/Vater/父亲, mother/f/mère/Mutter/母亲, "
    "son/m/fils/Sohn/儿子, daughter/f/fille/Tochter/女儿, uncle/m/oncle/Onkel/叔叔, aunt/f/tante/Tante/阿姨, "
    "grandfather/m/grand-père/Großvater/爷爷, grandmother/f/grand-mère/Großmutter/奶奶, husband/m/mari/Mann/丈夫, "
    "wife/f/femme/Frau/妻子, nephew/m/neveu/Neffe/侄子, niece/f/nièce/Nichte/侄女"
)
POSSESSORS = (
    ("my", "mon", "ma", "mein", "我"),
    ("his", "son", "sa", "sein", "他"),
    ("our", "notre", "notre", "unser", "我们的"),
    ("their", "leur", "leur", "ihr", "他们的"),
)
THINGS = (
    "an umbrella/un parapluie/m Regenschirm/一把雨伞, a key/une clé/m Schlüssel/一把钥匙, "
    "a watch/une montre/f Uhr/一块手表, a book/un livre/n Buch/一本书, a dictionary/un dictionnaire/n Wörterbuch/一本词典, "
    "a pen/un stylo/m Stift/一支笔, a pencil/un crayon/m Bleistift/一支铅笔, a knife/un couteau/n Messer/一把刀, "
    "a spoon/une cuillère/m Löffel/一把勺子, a fork/une fourchette/f Gabel/一把叉子, a glass/un verre/n Glas/一个玻璃杯, "
    "a cup/une tasse/f Tasse/一个杯子, a plate/une assiette/m Teller/一个盘子, a bottle/une bouteille/f Flasche/一个瓶子, "
    "a hat/un chapeau/m Hut/一顶帽子, a shirt/une chemise/n Hemd/一件衬衫, a coat/un manteau/m Mantel/一件大衣, "
    "a skirt/une jupe/m Rock/一条裙子, a dress/une robe/n Kleid/一条连衣裙, a scarf/une écharpe/m Schal/一条围巾, "
    "a belt/une ceinture/m Gürtel/一条腰带, a bag/un sac/f Tasche/一个包, a ring/une bague/m Ring/一枚戒指, "
    "a lamp/une lampe/f Lampe/一盏灯, a candle/une bougie/f Kerze/一支蜡烛, a mirror/un miroir/m Spiegel/一面镜子, "
    "a towel/une serviette/n Handtuch/一条毛巾, a blanket/une couverture/f Decke/一条毯子, a toy/un jouet/n Spielzeug/一个玩具, "
    "a doll/une poupée/f Puppe/一个洋娃娃, a ball/une balle/m Ball/一个球, a camera/un appareil photo/f Kamera/一台相机, "
    "a newspaper/un journal/f Zeitung/一份报纸, a map/une carte/f Karte/一张地图, a ticket/un billet/f Fahrkarte/一张票, "
    "a stamp/un timbre/f Briefmarke/一张邮票, an envelope/une enveloppe/m Umschlag/一个信封, a needle/une aiguille/f Nadel/一根针, "
    "a hammer/un marteau/m Hammer/一把锤子, a rope/une corde/n Seil/一根绳子, an apple/une pomme/m Apfel/一个苹果, "
    "an orange/une orange/f Orange/一个橙子, a lemon/un citron/f Zitrone/一个柠檬, a pear/une poire/f Birne/一个梨, "
    "a banana/une banane/f Banane/一根香蕉, an onion/un oignon/f Zwiebel/一个洋葱, an egg/un œuf/n Ei/一个鸡蛋, "
    "a cake/un gâteau/m Kuchen/一个蛋糕, a shell/un coquillage/f Muschel/一个贝壳, a feather/une plume/f Feder/一根羽毛, "
    "a coin/une pièce de monnaie/f Münze/一枚硬币, a photo/une photo/n Foto/一张照片, a bell/une cloche/f Glocke/一个铃铛"
)
FOODS = (
    "bread/le pain/n Brot/面包, butter/le beurre/f Butter/黄油, cheese/le fromage/m Käse/奶酪, milk/le lait/f Milch/牛奶, "
    "water/l'eau f/n Wasser/水, coffee/le café/m Kaffee/咖啡, tea/le thé/m Tee/茶, rice/le riz/m Reis/米饭, "
    "soup/la soupe/f Suppe/汤, fish/le poisson/m Fisch/鱼, meat/la viande/n Fleisch/肉, chocolate/le chocolat/f Schokolade/巧克力, "
    "honey/le miel/m Honig/蜂蜜, jam/la confiture/f Marmelade/果酱, oil/l'huile f/n Öl/油, garlic/l'ail m/m Knoblauch/大蒜, "
    "beer/la bière/n Bier/啤酒, wine/le vin/m Wein/葡萄酒, salt/le sel/n Salz/盐, sugar/le sucre/m Zucker/糖, "
    "ham/le jambon/m Schinken/火腿, yogurt/le yaourt/m Joghurt/酸奶, cream/la crème/f Sahne/奶油, flour/la farine/n Mehl/面粉"
)


def row_of(table: str, chance: random.Random) -> list[str]:
    """One row of a table."""
    return chance.choice([row.strip() for row in table.split(",")]).split("/")


def plain(table: str) -> Callable[[random.Random], Forms]:
    """A slot whose four words have one form each."""

    def slot(chance: random.Random) -> Forms:
        return dict(zip(("en", "fr", "de", "zh"), row_of(table, chance), strict=True))

    return slot


def name_forms(name: Name) -> Forms:
    """A name, the same in Latin letters."""
    return {"en": name.latin, "fr": name.latin, "de": name.latin, "zh": name.chinese}


def country(chance: random.Random) -> Forms:
    """A country with the articles and prepositions that French and German ask for."""
    english, french, german, chinese = row_of(COUNTRIES, chance)
    forms = {"en": english, "zh": chinese, "fr:la": french, "fr:est": "est", "de:ist": "ist"}
    article, name = french[:2], french.removeprefix("l'").split(" ", 1)[-1]
    if french.startswith("l'"):
        forms |= {"fr:de": f"d'{french[2:]}", "fr:à": f"en {french[2:]}"}
    elif french.startswith("les "):
        forms |= {"fr:de": f"des {name}", "fr:à": f"aux {name}", "fr:est": "sont"}
    elif article == "le":
        forms |= {"fr:de": f"du {name}", "fr:à": f"au {name}"}
    else:
        forms |= {"fr:de": f"de {name}", "fr:à": f"en {name}"}
    bare = german.split(" ", 1)[-1]
    into, inside = "nach " + german, "in " + german
    out = "aus " + german
    if german in ("die USA", "die Niederlande"):
        into, inside, out = f"in die {bare}", f"in den {bare}", f"aus den {bare}"
        forms["de:ist"] = "sind"
    elif german.startswith("die "):
        into, inside, out = f"in die {bare}", f"in der {bare}", f"aus der {bare}"
    elif german.startswith("der "):
        into, inside, out = f"in den {bare}", f"im {bare}", f"aus dem {bare}"
    return forms | {"de:nom": german, "de:nach": into, "de:in": inside, "de:aus": out}


def language(chance: random.Random) -> Forms:
    """A language; French has it with its article where one learns it."""
    forms = plain(LANGUAGES)(chance)
    elided = forms["fr"][0] in "aeéh"
    return forms | {"fr:le": ("l'" if elided else "le ") + forms["fr"]}


def weekday(chance: random.Random) -> Forms:
    """A day of the week; German has its adverb too."""
    forms = plain(WEEKDAYS)(chance)
    return forms | {"de:s": forms["de"].lower() + "s"}


def count(chance: random.Random) -> Forms:
    """A number in words; Chinese with a measure word."""
    forms = plain(COUNTS)(chance)
    return forms | {f"zh:{word}": forms["zh"] + word for word in ("个", "只", "天")}


def feeling(chance: random.Random) -> Forms:
    """What somebody is, in French as a man or a woman."""
    english, he, she, german, chinese = row_of(FEELINGS, chance)
    return {"en": english, "fr": he, "fr:f": she, "de": german, "zh": chinese}


def relative(chance: random.Random) -> Forms:
    """Somebody of the family, in German in three cases."""
    english, gender, french, german, chinese = row_of(RELATIVES, chance)
    whose, his, her, mein, wo = chance.choice(POSSESSORS[: 1 if english in "husband wife" else 4])
    ending, accusative, dative = ("", "en", "em") if gender == "m" else ("e", "e", "er")
    spoken = wo if wo.endswith("的") or chinese in "哥哥 姐姐 父亲 母亲 叔叔 阿姨 爷爷 奶奶" else wo + "的"
    return {
        "en": f"{whose} {english}",
        "fr": f"{his if gender == 'm' or french[0] in VOWELS else her} {french}",
        "fr:né": "né" if gender == "m" else "née",
        "de": f"{mein}{ending} {german}",
        "de:acc": f"{mein}{accusative} {german}".replace("Neffe", "Neffen"),
        "de:dat": f"{mein}{dative} {german}".replace("Neffe", "Neffen"),
        "zh": spoken + chinese,
        "gender": gender,
    }


def thing(chance: random.Random) -> Forms:
    """Something with its indefinite article."""
    english, french, german, chinese = row_of(THINGS, chance)
    gender, noun = german.split()
    one, accusative = {"m": ("ein", "einen"), "f": ("eine", "eine"), "n": ("ein", "ein")}[gender]
    return {
        "en": english, "fr": french, "fr:de": "d'" + french, "zh": chinese,
        "de": f"{one} {noun}", "de:acc": f"{accusative} {noun}",
    }  # fmt: skip


def food(chance: random.Random) -> Forms:
    """What one eats or drinks: in general, some of it, none of it."""
    english, french, german, chinese = row_of(FOODS, chance)
    gender, noun = german.split()
    elided = french.startswith("l'")
    french = french.split()[0] if elided else french
    name = french[2:] if elided else french.split()[1]
    some = "de " + french if elided or french.startswith("la ") else "du " + name
    return {
        "en": english, "fr": french, "fr:some": some, "fr:de": "d'" + name if elided else "de " + name,
        "de": noun, "de:kein": ("keine " if gender == "f" else "kein ") + noun, "zh": chinese,
    }  # fmt: skip


def title(chance: random.Random) -> Forms:
    """Somebody whom one calls by the family name."""
    name = surname(chance).latin
    if chance.random() < 0.5:
        return {"en": f"Mr. {name}", "fr": f"Monsieur {name}", "de": f"Herr {name}",
                "de:obj": f"Herrn {name}", "zh": f"{name}先生"}  # fmt: skip
    return {"en": f"Mrs. {name}", "fr": f"Madame {name}", "de": f"Frau {name}", "zh": f"{name}女士"}


def whole_name(chance: random.Random) -> Forms:
    """A given name, often with the family's."""
    name = given(chance)
    return name_forms(name + surname(chance) if chance.random() < 0.4 else name)
