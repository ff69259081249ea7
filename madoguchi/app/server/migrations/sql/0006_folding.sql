-- Written from the tables of madoguchi.app.catalogue.folding by search_functions; tests compare the two.

create function public.search_folded(p_text text) returns text
language plpgsql immutable strict parallel safe set search_path = pg_catalog, pg_temp as $$
declare v text := p_text;
begin
    -- most titles have neither accents nor anything to put together
    if v ~ '[^\U00000020-\U0000007E\U00003001-\U00003007\U00003041-\U00003096\U0000309D-\U0000309E\U000030A1-\U000030FE\U00004E00-\U00009FFF]' then
        v := normalize(regexp_replace(normalize(v, nfkd), '[\U00000300-\U0000036F]', '', 'g'), nfkc);
    end if;
    -- each letter is looked for in the whole of a table: a pattern says sooner that it is not there
    if v ~ '[ABCDEFGHIJKLMNOPQRSTUVWXYZΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩÆØŁĐАБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯ]' then
        v := translate(v,
            'ABCDEFGHIJKLMNOPQRSTUVWXYZΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩÆØŁĐАБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯ',
            'abcdefghijklmnopqrstuvwxyzαβγδεζηθικλμνξοπρστυφχψωæøłđабвгдежзийклмнопрстуфхцчшщъыьэюя');
    end if;
    if v ~ '[ぁあぃいぅうぇえぉおかがきぎくぐけげこごさざしじすずせぜそぞただちぢっつづてでとどなにぬねのはばぱひびぴふぶぷへべぺほぼぽまみむめもゃやゅゆょよらりるれろゎわゐゑをんゔゕゖゝゞヂヅヲヷヺ]' then
        v := translate(v,
            'ぁあぃいぅうぇえぉおかがきぎくぐけげこごさざしじすずせぜそぞただちぢっつづてでとどなにぬねのはばぱひびぴふぶぷへべぺほぼぽまみむめもゃやゅゆょよらりるれろゎわゐゑをんゔゕゖゝゞヂヅヲヷヺ',
            'ァアィイゥウェエォオカガキギクグケゲコゴサザシジスズセゼソゾタダチジッツズテデトドナニヌネノハバパヒビピフブプヘベペホボポマミムメモャヤュユョヨラリルレロヮワヰヱオンヴヵヶヽヾジズオバボ');
    end if;
    if v ~ '[亞惡壓圍醫爲壹隱榮營衞驛圓鹽緣艷應歐毆櫻奧橫溫穩假價畫會壞懷繪擴殼覺學嶽樂渴罐卷陷勸寬關歡觀氣歸僞戲犧舊據擧虛峽挾狹鄕曉區驅勳薰徑莖惠揭溪經螢輕繼鷄藝擊缺硏縣儉劍險圈檢獻權顯驗嚴戶吳娛廣效恆黃鑛號國黑碎濟齋劑雜參棧蠶慘贊殘絲齒兒辭濕實寫釋壽收從澁獸縱肅處緖敍將稱涉燒證奬條狀乘淨剩疊繩壤孃讓釀觸囑眞寢愼盡圖粹醉穗隨髓樞數瀨聲齊靜竊攝專淺戰踐錢潛纖禪雙壯爭莊搜插巢曾瘦裝總騷增藏臟卽屬續墮對體帶滯臺瀧擇澤擔單膽團斷彈遲癡蟲晝鑄廳徵聽敕鎭遞鐵點轉傳燈當黨盜稻鬪德獨讀屆貳惱腦霸拜廢賣麥發髮拔晚蠻祕濱甁拂佛倂竝餠邊變辨瓣辯步寶豐襃飜每萬滿麵默彌譯藥與豫餘譽搖樣謠來賴亂覽龍兩獵綠淚壘禮勵戾靈齡曆歷戀鍊爐勞郞樓錄灣龜髙﨑嵜㟢𠮷槗邉濵嶋嶌冨斉栁桺桒舘舩峯巌巖穐渕渊檜蠣篭薮藪竃頰剝塡𠮟蘆鷗濤晉枡遙凛尭槇瑶穰禱祿鰺諫鹼麴屛幷蟬摑攢蠟萊醬嚙焰軀靱靫攪說銳悅脫稅閱產彥顏靑淸敎內尙吕强歲槪姬凉畧羣裡烟讚亙杰]' then
        v := translate(v,
            '亞惡壓圍醫爲壹隱榮營衞驛圓鹽緣艷應歐毆櫻奧橫溫穩假價畫會壞懷繪擴殼覺學嶽樂渴罐卷陷勸寬關歡觀氣歸僞戲犧舊據擧虛峽挾狹鄕曉區驅勳薰徑莖惠揭溪經螢輕繼鷄藝擊缺硏縣儉劍險圈檢獻權顯驗嚴戶吳娛廣效恆黃鑛號國黑碎濟齋劑雜參棧蠶慘贊殘絲齒兒辭濕實寫釋壽收從澁獸縱肅處緖敍將稱涉燒證奬條狀乘淨剩疊繩壤孃讓釀觸囑眞寢愼盡圖粹醉穗隨髓樞數瀨聲齊靜竊攝專淺戰踐錢潛纖禪雙壯爭莊搜插巢曾瘦裝總騷增藏臟卽屬續墮對體帶滯臺瀧擇澤擔單膽團斷彈遲癡蟲晝鑄廳徵聽敕鎭遞鐵點轉傳燈當黨盜稻鬪德獨讀屆貳惱腦霸拜廢賣麥發髮拔晚蠻祕濱甁拂佛倂竝餠邊變辨瓣辯步寶豐襃飜每萬滿麵默彌譯藥與豫餘譽搖樣謠來賴亂覽龍兩獵綠淚壘禮勵戾靈齡曆歷戀鍊爐勞郞樓錄灣龜髙﨑嵜㟢𠮷槗邉濵嶋嶌冨斉栁桺桒舘舩峯巌巖穐渕渊檜蠣篭薮藪竃頰剝塡𠮟蘆鷗濤晉枡遙凛尭槇瑶穰禱祿鰺諫鹼麴屛幷蟬摑攢蠟萊醬嚙焰軀靱靫攪說銳悅脫稅閱產彥顏靑淸敎內尙吕强歲槪姬凉畧羣裡烟讚亙杰',
            '亜悪圧囲医為壱隠栄営衛駅円塩縁艶応欧殴桜奥横温穏仮価画会壊懐絵拡殻覚学岳楽渇缶巻陥勧寛関歓観気帰偽戯犠旧拠挙虚峡挟狭郷暁区駆勲薫径茎恵掲渓経蛍軽継鶏芸撃欠研県倹剣険圏検献権顕験厳戸呉娯広効恒黄鉱号国黒砕済斎剤雑参桟蚕惨賛残糸歯児辞湿実写釈寿収従渋獣縦粛処緒叙将称渉焼証奨条状乗浄剰畳縄壌嬢譲醸触嘱真寝慎尽図粋酔穂随髄枢数瀬声斎静窃摂専浅戦践銭潜繊禅双壮争荘捜挿巣曽痩装総騒増蔵臓即属続堕対体帯滞台滝択沢担単胆団断弾遅痴虫昼鋳庁徴聴勅鎮逓鉄点転伝灯当党盗稲闘徳独読届弐悩脳覇拝廃売麦発髪抜晩蛮秘浜瓶払仏併並餅辺変弁弁弁歩宝豊褒翻毎万満麺黙弥訳薬与予余誉揺様謡来頼乱覧竜両猟緑涙塁礼励戻霊齢暦歴恋錬炉労郎楼録湾亀高崎崎崎吉橋辺浜島島富斎柳柳桑館船峰岩岩秋淵淵桧蛎籠籔籔竈頬剥填叱芦鴎涛晋桝遥凜堯槙瑤穣祷禄鯵諌鹸麹屏并蝉掴攅蝋莱醤噛焔躯靭靭撹説鋭悦脱税閲産彦顔青清教内尚呂強歳概姫涼略群裏煙讃亘傑');
    end if;
    if v like '%ヴ%' then
        v := replace(replace(replace(replace(replace(v, 'ヴァ', 'バ'), 'ヴィ', 'ビ'), 'ヴェ', 'ベ'), 'ヴォ', 'ボ'), 'ヴ', 'ブ');
    end if;
    v := translate(v, ' 　・ー', '');
    if v ~ '[\U00000001-\U0000002F\U0000003A-\U00000040\U0000005B-\U00000060\U0000007B-\U000000A9\U000000AB-\U000000B1\U000000B4-\U000000B4\U000000B6-\U000000B8\U000000BB-\U000000BB\U000000BF-\U000000BF\U000000D7-\U000000D7\U000000F7-\U000000F7\U000002C2-\U000002DF\U00002000-\U0000206F\U000020A0-\U000020CF\U00002190-\U0000245F\U00002500-\U00002BFF\U00003000-\U00003004\U00003008-\U00003020\U00003030-\U00003030\U0000303D-\U0000303D\U00003099-\U0000309C\U000030A0-\U000030A0\U000030FB-\U000030FC\U0000FE00-\U0000FE6F\U0000FF00-\U0000FF0F\U0000FF5B-\U0000FF65\U0000FFF9-\U0000FFFF\U0001F000-\U0001FAFF\U000E0000-\U000E01EF]' then
        v := regexp_replace(v, '[\U00000001-\U0000002F\U0000003A-\U00000040\U0000005B-\U00000060\U0000007B-\U000000A9\U000000AB-\U000000B1\U000000B4-\U000000B4\U000000B6-\U000000B8\U000000BB-\U000000BB\U000000BF-\U000000BF\U000000D7-\U000000D7\U000000F7-\U000000F7\U000002C2-\U000002DF\U00002000-\U0000206F\U000020A0-\U000020CF\U00002190-\U0000245F\U00002500-\U00002BFF\U00003000-\U00003004\U00003008-\U00003020\U00003030-\U00003030\U0000303D-\U0000303D\U00003099-\U0000309C\U000030A0-\U000030A0\U000030FB-\U000030FC\U0000FE00-\U0000FE6F\U0000FF00-\U0000FF0F\U0000FF5B-\U0000FF65\U0000FFF9-\U0000FFFF\U0001F000-\U0001FAFF\U000E0000-\U000E01EF]', '', 'g');
    end if;
    return v;
end $$;

create function public.search_reading(p_text text) returns text
language plpgsql immutable strict parallel safe set search_path = pg_catalog, pg_temp as $$
declare
    v_sounded text := public.search_folded(p_text);
    v_written text;
begin
    if p_text !~ '(^|\s)(ワ|エ)(?=\s|$)' then return v_sounded; end if;
    v_written := public.search_folded(regexp_replace(regexp_replace(p_text, '(^|\s)ワ(?=\s|$)', '\1ハ', 'g'), '(^|\s)エ(?=\s|$)', '\1ヘ', 'g'));
    return case when v_written = v_sounded then v_sounded else v_sounded || chr(30) || v_written end;
end $$;

-- Each as often as it stands there: an index keeps it once. With patterns it takes less than half of the time
-- that rows of letters take.
create function public.search_pairs(p_text text) returns text[]
language plpgsql immutable strict parallel safe set search_path = pg_catalog, pg_temp as $$
declare
    -- the pairs from the first letter on and from the second, then each kanji, with a mark behind each
    v_pairs text := left(p_text, length(p_text) / 2 * 2) || substr(p_text, 2, (length(p_text) - 1) / 2 * 2);
    v_kanji text := regexp_replace(p_text, '[^\U00003400-\U00004DBF\U00004E00-\U00009FFF\U00020000-\U0003FFFF]+', '', 'g');
begin
    v_pairs := regexp_replace(v_pairs, '..', E'\\&\x01', 'g');
    -- none reaches from one value into the next
    v_pairs := regexp_replace(v_pairs, '[^\x01]?[\x1e\x1f][^\x01]?\x01', '', 'g');
    return string_to_array(
        rtrim(v_pairs || regexp_replace(v_kanji, '.', E'\\&\x01', 'g'), chr(1)), chr(1));
end $$;
