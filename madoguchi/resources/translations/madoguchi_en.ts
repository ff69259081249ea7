<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="ja">
<context>
    <name>Counter</name>
    <message>
        <source>1 からの数字を入れてください</source>
        <translation>Enter a number from 1</translation>
    </message>
    <message>
        <source>1 がいちばん先です</source>
        <translation>1 is the first</translation>
    </message>
    <message>
        <source>1時間の表示上限</source>
        <translation>Hourly limit of records</translation>
    </message>
    <message>
        <source>2つが違います。入れ直してください。</source>
        <translation>The two differ. Enter both again.</translation>
    </message>
    <message>
        <source>CD</source>
        <translation>CDs</translation>
    </message>
    <message>
        <source>DVD</source>
        <translation>DVDs</translation>
    </message>
    <message>
        <source>Esc で閉じてから、もう一度</source>
        <translation>Close it with Esc, then again</translation>
    </message>
    <message>
        <source>F10 で決めてから、もう一度読み取ってください</source>
        <translation>Set it with F10, then scan again</translation>
    </message>
    <message>
        <source>F10 対応</source>
        <translation>F10 Answer</translation>
    </message>
    <message>
        <source>F8 で戻れます</source>
        <translation>F8 goes back</translation>
    </message>
    <message>
        <source>ISBN でも予約できます</source>
        <translation>An ISBN will do, too</translation>
    </message>
    <message>
        <source>ISBNです</source>
        <translation>This is an ISBN</translation>
    </message>
    <message>
        <source>ISSN（雑誌の番号）です</source>
        <translation>This is an ISSN</translation>
    </message>
    <message>
        <source>{branch}あての資料</source>
        <translation>Meant for {branch}</translation>
    </message>
    <message>
        <source>{branch}へ</source>
        <translation>To {branch}</translation>
    </message>
    <message>
        <source>{count}人</source>
        <translation>{count} waiting</translation>
    </message>
    <message>
        <source>{day} から再開</source>
        <translation>Again from {day}</translation>
    </message>
    <message>
        <source>{day} まで取置</source>
        <translation>Hold until {day}</translation>
    </message>
    <message>
        <source>{least}文字以上。名前や職員番号を含むもの、推測しやすいもの、前に使ったものは使えません。</source>
        <translation>At least {least} characters. Not with your name or staff ID in it, not easy to guess, not one you have used before.</translation>
    </message>
    <message>
        <source>{name}さんのサインイン</source>
        <translation>{name} is signed in</translation>
    </message>
    <message>
        <source>{name}さんの新しいパスワード</source>
        <translation>A new password for {name}</translation>
    </message>
    <message>
        <source>{n}件が回線の復旧を待っています</source>
        <translation>{n} acts wait for the line</translation>
    </message>
    <message>
        <source>{n}件は処理していません。貸出の途中の資料は渡さないでください。</source>
        <translation>Not done: {n}. Keep the items that were being lent.</translation>
    </message>
    <message>
        <source>{n}点</source>
        <translation>{n}</translation>
    </message>
    <message>
        <source>{n}行目で読み取り済み</source>
        <translation>Already in row {n}</translation>
    </message>
    <message>
        <source>{n}行目で返却済み</source>
        <translation>Returned in row {n}</translation>
    </message>
    <message>
        <source>{place}番目</source>
        <translation>Place {place}</translation>
    </message>
    <message>
        <source>{since} から・貸出は続けられます</source>
        <translation>Since {since}. Lending goes on</translation>
    </message>
    <message>
        <source>{since} に切り離し</source>
        <translation>Cut off at {since}</translation>
    </message>
    <message>
        <source>{since} に離席</source>
        <translation>Away since {since}</translation>
    </message>
    <message>
        <source>{state}。どうしますか</source>
        <translation>{state}. What now?</translation>
    </message>
    <message>
        <source>{terminal}（{branch}）で、{since} から</source>
        <translation>At {terminal} ({branch}) since {since}</translation>
    </message>
    <message>
        <source>{terminal}（{branch}）・{how}</source>
        <translation>{terminal} ({branch}), {how}</translation>
    </message>
    <message>
        <source>{time} 時点</source>
        <translation>As of {time}</translation>
    </message>
    <message>
        <source>{waiting}人待ち</source>
        <translation>Patrons waiting: {waiting}</translation>
    </message>
    <message>
        <source>↑↓ で選び、F10 で変更・取消、F9 で順番を変えます。Esc で戻ります。</source>
        <translation>Arrows to choose, F10 to change or cancel, F9 to move. Esc goes back.</translation>
    </message>
    <message>
        <source>、</source>
        <translation>, </translation>
    </message>
    <message>
        <source>あと {n}秒で離席にします</source>
        <translation>Away in {n}s</translation>
    </message>
    <message>
        <source>あとで</source>
        <translation>Later</translation>
    </message>
    <message>
        <source>いま</source>
        <translation>now</translation>
    </message>
    <message>
        <source>いまのパスワードは仮のものです。自分だけが知るものに変えてください。</source>
        <translation>Your password is a temporary one. Change it to one that you alone know.</translation>
    </message>
    <message>
        <source>いまは使えない操作コード</source>
        <translation>Command not usable now</translation>
    </message>
    <message>
        <source>お断り</source>
        <translation>Refused</translation>
    </message>
    <message>
        <source>ここでは使えません</source>
        <translation>Not used here</translation>
    </message>
    <message>
        <source>ここでサインインします</source>
        <translation>You sign in here</translation>
    </message>
    <message>
        <source>ここで読み取れるのは返す資料です</source>
        <translation>It reads items that come back</translation>
    </message>
    <message>
        <source>ここにない資料</source>
        <translation>Not here</translation>
    </message>
    <message>
        <source>このまま待つ</source>
        <translation>Wait</translation>
    </message>
    <message>
        <source>このカードは、この端末ではまだ使われていません。職員番号を入力してください。</source>
        <translation>Card not used at this terminal yet. Type the staff ID.</translation>
    </message>
    <message>
        <source>このカードは使えません。新しいカードを読み取ってください。</source>
        <translation>Not valid. Scan the new card.</translation>
    </message>
    <message>
        <source>この利用者が貸出中</source>
        <translation>On loan to this patron</translation>
    </message>
    <message>
        <source>この利用者の、次の予約から効きます。</source>
        <translation>Holds for this patron, from the next reservation on.</translation>
    </message>
    <message>
        <source>この利用者の来館中だけ有効</source>
        <translation>With a reason, this visit only</translation>
    </message>
    <message>
        <source>この利用者の次の予約から、こう予約します</source>
        <translation>For this patron, from the next reservation on</translation>
    </message>
    <message>
        <source>この利用者の次の貸出から、この日を返却期限にします</source>
        <translation>For this patron&apos;s checkouts from now on</translation>
    </message>
    <message>
        <source>この利用者はもう予約しています</source>
        <translation>This patron has reserved it</translation>
    </message>
    <message>
        <source>この利用者は途中です</source>
        <translation>This patron is not done</translation>
    </message>
    <message>
        <source>この図書館の番号のスタート・ストップ文字ではありません</source>
        <translation>Wrong start and stop letters</translation>
    </message>
    <message>
        <source>この操作は取りやめられました</source>
        <translation>This was cancelled before</translation>
    </message>
    <message>
        <source>この操作は許可されていません</source>
        <translation>You may not do this</translation>
    </message>
    <message>
        <source>この操作コードはありません</source>
        <translation>No such command</translation>
    </message>
    <message>
        <source>この画面にはない操作です</source>
        <translation>Not on this screen</translation>
    </message>
    <message>
        <source>この種類は上限{limit}件に達しています</source>
        <translation>At most {limit} of this kind</translation>
    </message>
    <message>
        <source>この端末は使えなくなりました。システム担当に連絡してください。</source>
        <translation>This terminal can no longer be used. Call the system staff.</translation>
    </message>
    <message>
        <source>この端末は使用を止められています。システム担当に連絡してください。</source>
        <translation>This terminal has been revoked. Call the system staff.</translation>
    </message>
    <message>
        <source>この端末は切り離されています</source>
        <translation>This terminal is cut off</translation>
    </message>
    <message>
        <source>この端末は切り離されています。システム担当がサインインすると、元に戻せます。</source>
        <translation>This terminal is cut off. System staff who sign in can put that right.</translation>
    </message>
    <message>
        <source>この端末は登録されていません。システム担当に連絡してください。</source>
        <translation>This terminal is not enrolled. Call the system staff.</translation>
    </message>
    <message>
        <source>この職員番号のサインインは、別の端末から終了されました。</source>
        <translation>This session was ended from another terminal.</translation>
    </message>
    <message>
        <source>この職員番号は使えなくなりました。責任者に連絡してください。</source>
        <translation>This staff ID can no longer be used. Ask your manager.</translation>
    </message>
    <message>
        <source>この資料だけ {number}</source>
        <translation>this copy only {number}</translation>
    </message>
    <message>
        <source>この資料の今回だけ有効</source>
        <translation>For this item, this time only</translation>
    </message>
    <message>
        <source>この館から配送に出し直してください</source>
        <translation>send it on from here</translation>
    </message>
    <message>
        <source>この館では使えない職員番号になりました。責任者に連絡してください。</source>
        <translation>This staff ID may no longer be used at this branch. Ask your manager.</translation>
    </message>
    <message>
        <source>この館の1時間ごとの点数</source>
        <translation>Items by the hour at this branch</translation>
    </message>
    <message>
        <source>この館の棚にも配送にもありません</source>
        <translation>On no shelf and no van of this branch</translation>
    </message>
    <message>
        <source>この館の端末では使えない職員番号です。</source>
        <translation>This staff ID is not for this branch.</translation>
    </message>
    <message>
        <source>しかた</source>
        <translation>How</translation>
    </message>
    <message>
        <source>すでに貸出中です</source>
        <translation>On loan again already</translation>
    </message>
    <message>
        <source>すべての返却をこの日付で記録します</source>
        <translation>Every return is recorded with this date</translation>
    </message>
    <message>
        <source>そちらを終了する</source>
        <translation>End it there</translation>
    </message>
    <message>
        <source>そのときの画面に戻ります</source>
        <translation>Back to where you were</translation>
    </message>
    <message>
        <source>そのまま</source>
        <translation>Leave it</translation>
    </message>
    <message>
        <source>その前の利用者は終了</source>
        <translation>The patron before is finished</translation>
    </message>
    <message>
        <source>それでも閉じるには、もう一度</source>
        <translation>To close anyway, close again</translation>
    </message>
    <message>
        <source>どのキーでも、マウスでも続けられます</source>
        <translation>Any key or the mouse keeps you here</translation>
    </message>
    <message>
        <source>どの端末でも同じには打てない文字があります。別の文字にしてください。</source>
        <translation>It holds characters that not every terminal types alike. Use others.</translation>
    </message>
    <message>
        <source>ほかの人の予約</source>
        <translation>Kept for another</translation>
    </message>
    <message>
        <source>ほかの端末で処理中</source>
        <translation>Changed elsewhere</translation>
    </message>
    <message>
        <source>また使えるようになります</source>
        <translation>It can be used again</translation>
    </message>
    <message>
        <source>まだ予約できていません</source>
        <translation>Not reserved yet</translation>
    </message>
    <message>
        <source>まだ取り消していません</source>
        <translation>Not cancelled yet</translation>
    </message>
    <message>
        <source>まだ取り消せていません</source>
        <translation>Not undone yet</translation>
    </message>
    <message>
        <source>まだ取置中</source>
        <translation>Still kept</translation>
    </message>
    <message>
        <source>まだ変更していません</source>
        <translation>Not changed yet</translation>
    </message>
    <message>
        <source>まだ変更していません。回線がつながりしだい変更します。
ここを閉じても、結果は下の帯に出ます。</source>
        <translation>Not changed yet. It will be as soon as the line is back.
You may close this: the outcome appears below.</translation>
    </message>
    <message>
        <source>まだ延長できていません</source>
        <translation>The due date is unchanged</translation>
    </message>
    <message>
        <source>まだ記録されていません</source>
        <translation>Not recorded yet</translation>
    </message>
    <message>
        <source>まで</source>
        <translation>due</translation>
    </message>
    <message>
        <source>まで貸出中</source>
        <translation>due again</translation>
    </message>
    <message>
        <source>もうない予約</source>
        <translation>No such reservation</translation>
    </message>
    <message>
        <source>もう一度検索してください</source>
        <translation>Search again</translation>
    </message>
    <message>
        <source>もう一度行ってください</source>
        <translation>Do it again</translation>
    </message>
    <message>
        <source>もう一度読み取ってください</source>
        <translation>Scan again</translation>
    </message>
    <message>
        <source>やめる</source>
        <translation>Cancel</translation>
    </message>
    <message>
        <source>やめるには F9</source>
        <translation>F9 to cancel</translation>
    </message>
    <message>
        <source>カードから読み取り直してください</source>
        <translation>Begin with the card again</translation>
    </message>
    <message>
        <source>カードを確かめて、もう一度読み取ってください。</source>
        <translation>Check the card and scan again.</translation>
    </message>
    <message>
        <source>カードを読み取りませんでした</source>
        <translation>No card was read</translation>
    </message>
    <message>
        <source>カードを読み取ると予約します</source>
        <translation>Scan a card to reserve it</translation>
    </message>
    <message>
        <source>カード期限切れ</source>
        <translation>Card expired</translation>
    </message>
    <message>
        <source>キーボードでも入力できます</source>
        <translation>The keyboard works, too</translation>
    </message>
    <message>
        <source>サインアウト</source>
        <translation>Sign out</translation>
    </message>
    <message>
        <source>サインイン</source>
        <translation>Sign in</translation>
    </message>
    <message>
        <source>サインインしてから読み取ってください。</source>
        <translation>Sign in first, then scan.</translation>
    </message>
    <message>
        <source>サインインに戻ります</source>
        <translation>Back to the sign-in</translation>
    </message>
    <message>
        <source>サインインの失敗 {n}回</source>
        <translation>Failed sign-ins: {n}</translation>
    </message>
    <message>
        <source>サインインの途中で終了しました。はじめからサインインしてください。</source>
        <translation>The sign-in was ended half-way. Sign in from the beginning.</translation>
    </message>
    <message>
        <source>サーバーがこの職員番号を受け付けません。責任者に連絡してください。</source>
        <translation>The server no longer accepts this staff ID. Ask your manager.</translation>
    </message>
    <message>
        <source>サーバーでサインインが切れました。もう一度サインインしてください。</source>
        <translation>The server has ended the session. Sign in again.</translation>
    </message>
    <message>
        <source>サーバーに届きません。少し待って、もう一度どうぞ。</source>
        <translation>The server cannot be reached. Wait a little, then sign in again.</translation>
    </message>
    <message>
        <source>サーバーの監視が止まっています</source>
        <translation>The server is not being watched</translation>
    </message>
    <message>
        <source>システム担当に連絡</source>
        <translation>Call the system staff</translation>
    </message>
    <message>
        <source>システム担当に連絡してください</source>
        <translation>Call the system staff</translation>
    </message>
    <message>
        <source>スキャナ {n}台がつながっていません</source>
        <translation>{n} scanners are not connected</translation>
    </message>
    <message>
        <source>スキャナ {n}台が使えません</source>
        <translation>{n} scanners cannot be used</translation>
    </message>
    <message>
        <source>スキャナがつながっていません：{names}</source>
        <translation>Scanner not connected: {names}</translation>
    </message>
    <message>
        <source>スキャナが使えません：{names}</source>
        <translation>Scanner cannot be used: {names}</translation>
    </message>
    <message>
        <source>パスワードが変わったかどうか分かりません。新しいもので、だめなら前のものでサインインします。</source>
        <translation>Whether the password was changed is not known. Sign in with the new one, or else with the old one.</translation>
    </message>
    <message>
        <source>パスワードの期限が来ました。新しいものに変えてください。</source>
        <translation>Your password has run out. Change it to a new one.</translation>
    </message>
    <message>
        <source>パスワードの期限まで {n}日</source>
        <translation>Days until the password runs out: {n}</translation>
    </message>
    <message>
        <source>パスワードを変えるときです。もう一度サインインしてください。</source>
        <translation>The password must be changed. Sign in again.</translation>
    </message>
    <message>
        <source>プログラムの不具合</source>
        <translation>Program fault</translation>
    </message>
    <message>
        <source>プログラムの不具合でサインインできません。システム担当に連絡</source>
        <translation>A fault in the program. Call system staff.</translation>
    </message>
    <message>
        <source>・</source>
        <translation>, </translation>
    </message>
    <message>
        <source>一時停止</source>
        <translation>Suspended</translation>
    </message>
    <message>
        <source>上限{limit}件に達しています</source>
        <translation>No more than {limit} at once</translation>
    </message>
    <message>
        <source>上限{limit}点に達しています</source>
        <translation>No more than {limit} at once</translation>
    </message>
    <message>
        <source>予備サーバーが止まっています</source>
        <translation>The second server is down</translation>
    </message>
    <message>
        <source>予備サーバーと監視が止まっています</source>
        <translation>The second server and the watcher are down</translation>
    </message>
    <message>
        <source>予約</source>
        <translation>Reserve</translation>
    </message>
    <message>
        <source>予約あり</source>
        <translation>Reserved</translation>
    </message>
    <message>
        <source>予約していた資料</source>
        <translation>Reserved by this patron</translation>
    </message>
    <message>
        <source>予約していません</source>
        <translation>Not reserved</translation>
    </message>
    <message>
        <source>予約している人はいません。</source>
        <translation>Nobody has reserved it.</translation>
    </message>
    <message>
        <source>予約しました</source>
        <translation>Reserved</translation>
    </message>
    <message>
        <source>予約する資料</source>
        <translation>What is reserved</translation>
    </message>
    <message>
        <source>予約する資料か ISBN を読み取ってください</source>
        <translation>Scan the item to reserve, or its ISBN</translation>
    </message>
    <message>
        <source>予約する資料を読み取ってください</source>
        <translation>Scan the items to reserve</translation>
    </message>
    <message>
        <source>予約できない書誌</source>
        <translation>Cannot be reserved</translation>
    </message>
    <message>
        <source>予約のしかた</source>
        <translation>How to reserve</translation>
    </message>
    <message>
        <source>予約のしかたが先です</source>
        <translation>First: how to reserve</translation>
    </message>
    <message>
        <source>予約の列</source>
        <translation>Queue</translation>
    </message>
    <message>
        <source>予約の列を照会しています。</source>
        <translation>Asking for the queue.</translation>
    </message>
    <message>
        <source>予約の変更</source>
        <translation>Change a reservation</translation>
    </message>
    <message>
        <source>予約はそのまま</source>
        <translation>It stays as it is</translation>
    </message>
    <message>
        <source>予約を取り消しました</source>
        <translation>Reservation cancelled</translation>
    </message>
    <message>
        <source>予約を取り消しますか</source>
        <translation>Cancel this reservation?</translation>
    </message>
    <message>
        <source>予約を取り消す</source>
        <translation>Cancel it</translation>
    </message>
    <message>
        <source>予約を変更しました</source>
        <translation>Reservation changed</translation>
    </message>
    <message>
        <source>予約上限</source>
        <translation>Reservation limit reached</translation>
    </message>
    <message>
        <source>予約日</source>
        <translation>Placed</translation>
    </message>
    <message>
        <source>予約済み</source>
        <translation>Reserved already</translation>
    </message>
    <message>
        <source>予約者あり</source>
        <translation>Reserved by another</translation>
    </message>
    <message>
        <source>事故 第{n}号として報告しました</source>
        <translation>Reported as incident no. {n}</translation>
    </message>
    <message>
        <source>交代していません</source>
        <translation>Not switched</translation>
    </message>
    <message>
        <source>今回 {n}点</source>
        <translation>This visit: {n}</translation>
    </message>
    <message>
        <source>今回の延長</source>
        <translation>Renewed</translation>
    </message>
    <message>
        <source>今回の貸出</source>
        <translation>Checked out</translation>
    </message>
    <message>
        <source>今回の返却</source>
        <translation>Returned</translation>
    </message>
    <message>
        <source>今日から数え直します</source>
        <translation>Counted from today</translation>
    </message>
    <message>
        <source>今日に戻す</source>
        <translation>Use today</translation>
    </message>
    <message>
        <source>今日の件数は、回線が戻ると表示します。</source>
        <translation>Figures for today are shown when the line is back.</translation>
    </message>
    <message>
        <source>今日の窓口</source>
        <translation>The counter today</translation>
    </message>
    <message>
        <source>今日はまだ、貸出・返却・延長がありません。</source>
        <translation>Nothing has been lent, returned or renewed here today.</translation>
    </message>
    <message>
        <source>今日までの7日間から選べます</source>
        <translation>Choose from the last 7 days</translation>
    </message>
    <message>
        <source>今日より前の日にはできません</source>
        <translation>Must be today or later</translation>
    </message>
    <message>
        <source>他館から借りた資料は延長不可</source>
        <translation>Cannot be renewed here</translation>
    </message>
    <message>
        <source>他館で取置 {n}点</source>
        <translation>Ready elsewhere: {n}</translation>
    </message>
    <message>
        <source>他館へ配送</source>
        <translation>For another branch</translation>
    </message>
    <message>
        <source>付録あり</source>
        <translation>Has a supplement</translation>
    </message>
    <message>
        <source>件</source>
        <translation>in all</translation>
    </message>
    <message>
        <source>件（上限 {limit}件）</source>
        <translation>(limit {limit})</translation>
    </message>
    <message>
        <source>伝票</source>
        <translation>Slips</translation>
    </message>
    <message>
        <source>住所確認</source>
        <translation>check address</translation>
    </message>
    <message>
        <source>何も変わっていません</source>
        <translation>Nothing changed</translation>
    </message>
    <message>
        <source>使えない操作コードです</source>
        <translation>This command does nothing</translation>
    </message>
    <message>
        <source>価格のバーコードです</source>
        <translation>This is a price code</translation>
    </message>
    <message>
        <source>保留した読み取り {n}件は処理していません</source>
        <translation>Held scans not done: {n}</translation>
    </message>
    <message>
        <source>保留は{limit}件までです。再開してから読み取ってください。</source>
        <translation>Only {limit} scans are held. Resume first, then scan.</translation>
    </message>
    <message>
        <source>元に戻す</source>
        <translation>Let it in again</translation>
    </message>
    <message>
        <source>先に返却が必要</source>
        <translation>Return it first</translation>
    </message>
    <message>
        <source>先ほど返却済み</source>
        <translation>Returned just now</translation>
    </message>
    <message>
        <source>入力の途中です</source>
        <translation>A form is open</translation>
    </message>
    <message>
        <source>再開する日（その日まで一時停止）</source>
        <translation>Suspended until</translation>
    </message>
    <message>
        <source>処理していません</source>
        <translation>Nothing done</translation>
    </message>
    <message>
        <source>処理できたか分かりません。資料の状態を確かめてください</source>
        <translation>It may not be recorded. Check the item.</translation>
    </message>
    <message>
        <source>処理できませんでした</source>
        <translation>Not processed</translation>
    </message>
    <message>
        <source>処理済み</source>
        <translation>Already done</translation>
    </message>
    <message>
        <source>切り離しを控えられません。電源を切らないでください</source>
        <translation>This cannot be kept on the disk. Do not switch off</translation>
    </message>
    <message>
        <source>別の利用者が貸出中</source>
        <translation>On loan to another</translation>
    </message>
    <message>
        <source>別の利用者の取置</source>
        <translation>Held for another patron</translation>
    </message>
    <message>
        <source>別の端末から終了</source>
        <translation>ended from another terminal</translation>
    </message>
    <message>
        <source>別の端末でサインインしています</source>
        <translation>You are signed in at another terminal</translation>
    </message>
    <message>
        <source>利用停止</source>
        <translation>Blocked</translation>
    </message>
    <message>
        <source>利用者</source>
        <translation>Patrons</translation>
    </message>
    <message>
        <source>利用者の名前はここに出しません。</source>
        <translation>Patron names are not shown here.</translation>
    </message>
    <message>
        <source>利用者の表示を隠しています。</source>
        <translation>The patron is hidden.</translation>
    </message>
    <message>
        <source>利用者を確認</source>
        <translation>Patron found</translation>
    </message>
    <message>
        <source>利用者を確認できていません</source>
        <translation>Patron not confirmed</translation>
    </message>
    <message>
        <source>利用者カードか、予約する資料を読み取ってください</source>
        <translation>Scan a patron card, or an item to reserve</translation>
    </message>
    <message>
        <source>利用者カードが先です</source>
        <translation>Patron card first</translation>
    </message>
    <message>
        <source>利用者カードです</source>
        <translation>This is a patron card</translation>
    </message>
    <message>
        <source>利用者カードは、ほかのスキャナで読み取ってください</source>
        <translation>Scan patron cards with another scanner</translation>
    </message>
    <message>
        <source>利用者カードを読み取ってから、もう一度読み取ってください</source>
        <translation>Scan the card, then this again</translation>
    </message>
    <message>
        <source>利用者カードを読み取ってください</source>
        <translation>Scan a patron card</translation>
    </message>
    <message>
        <source>利用者カードを読み取ってください（番号の手入力もできます）</source>
        <translation>Scan a patron card, or type the number</translation>
    </message>
    <message>
        <source>利用者カードを読み取ると、予約の一覧が出ます。</source>
        <translation>Scan a patron card to see what they wait for.</translation>
    </message>
    <message>
        <source>利用者カードを読み直してください</source>
        <translation>Scan the patron card again</translation>
    </message>
    <message>
        <source>利用者カード待ち</source>
        <translation>Awaits a card</translation>
    </message>
    <message>
        <source>利用者・登録中</source>
        <translation>Patrons (registering)</translation>
    </message>
    <message>
        <source>利用者情報の表示回数が上限を超えました</source>
        <translation>Too many records opened</translation>
    </message>
    <message>
        <source>利用者番号の読み誤りです。もう一度読み取ってください</source>
        <translation>Patron no. misread. Scan again</translation>
    </message>
    <message>
        <source>制御文字を含んでいます</source>
        <translation>Control characters</translation>
    </message>
    <message>
        <source>前に使ったものです。別のものにしてください。</source>
        <translation>You have used it before. Choose another.</translation>
    </message>
    <message>
        <source>前の利用者</source>
        <translation>Earlier patron</translation>
    </message>
    <message>
        <source>前の利用者・予約していません</source>
        <translation>Earlier patron, not reserved</translation>
    </message>
    <message>
        <source>前の利用者・延長していません</source>
        <translation>Earlier patron, not renewed</translation>
    </message>
    <message>
        <source>前の利用者・貸出していません</source>
        <translation>Previous patron: not checked out</translation>
    </message>
    <message>
        <source>前の期限 {day}</source>
        <translation>Was due {day}</translation>
    </message>
    <message>
        <source>前回 {since}</source>
        <translation>Last time: {since}</translation>
    </message>
    <message>
        <source>前回 {since} から {until}</source>
        <translation>Last time: {since} to {until}</translation>
    </message>
    <message>
        <source>前回に心当たりがなければ、セキュリティ責任者に連絡。次の読み取りで閉じます。</source>
        <translation>If that was not you, tell the security manager. The next scan closes this.</translation>
    </message>
    <message>
        <source>前回のサインインはありません</source>
        <translation>No sign-in before this one</translation>
    </message>
    <message>
        <source>前後の文字が違います</source>
        <translation>Wrong letters around it</translation>
    </message>
    <message>
        <source>原因が分かり、対処が済んでから戻してください。</source>
        <translation>Only once the cause is known and dealt with.</translation>
    </message>
    <message>
        <source>取りやめ</source>
        <translation>Cancelled</translation>
    </message>
    <message>
        <source>取りやめる</source>
        <translation>Cancel it</translation>
    </message>
    <message>
        <source>取りやめ済み</source>
        <translation>Already cancelled</translation>
    </message>
    <message>
        <source>取り消さない</source>
        <translation>Do not cancel</translation>
    </message>
    <message>
        <source>取り消されたか、貸出で終わりました</source>
        <translation>It was cancelled, or lent</translation>
    </message>
    <message>
        <source>取り消していません</source>
        <translation>Not undone</translation>
    </message>
    <message>
        <source>取り消す</source>
        <translation>Cancel it</translation>
    </message>
    <message>
        <source>取り消せません</source>
        <translation>Cannot be undone</translation>
    </message>
    <message>
        <source>取置</source>
        <translation>Shelf</translation>
    </message>
    <message>
        <source>取置 {n}点</source>
        <translation>Ready to collect: {n}</translation>
    </message>
    <message>
        <source>取置の期限がまだ来ていません</source>
        <translation>Its last day is not over</translation>
    </message>
    <message>
        <source>取置・配送</source>
        <translation>Shelf, transit</translation>
    </message>
    <message>
        <source>取置・配送 {n}点（F7）</source>
        <translation>{n} on hold or in transit (F7)</translation>
    </message>
    <message>
        <source>取置・配送の一覧に出ます</source>
        <translation>It is on the list of shelf and transit</translation>
    </message>
    <message>
        <source>取置中</source>
        <translation>Kept</translation>
    </message>
    <message>
        <source>取置中（この館）</source>
        <translation>Ready here</translation>
    </message>
    <message>
        <source>取置中（他館）</source>
        <translation>Ready elsewhere</translation>
    </message>
    <message>
        <source>取置棚から片づけます</source>
        <translation>To be taken off the shelf</translation>
    </message>
    <message>
        <source>取置棚へ</source>
        <translation>Reservation shelf</translation>
    </message>
    <message>
        <source>受付のまちがい</source>
        <translation>Taken down wrong</translation>
    </message>
    <message>
        <source>受取 {branch}</source>
        <translation>Pick-up: {branch}</translation>
    </message>
    <message>
        <source>受取館</source>
        <translation>Pick-up branch</translation>
    </message>
    <message>
        <source>同じ資料</source>
        <translation>Same item</translation>
    </message>
    <message>
        <source>同僚に代わるか、セキュリティ責任者に連絡してください。</source>
        <translation>Let a colleague go on, or ask the security manager.</translation>
    </message>
    <message>
        <source>同僚に代わるか、責任者に連絡</source>
        <translation>A colleague can go on</translation>
    </message>
    <message>
        <source>名前か職員番号が入っています。入れないでください。</source>
        <translation>It holds your name or staff ID. Leave them out.</translation>
    </message>
    <message>
        <source>回答を待っています</source>
        <translation>Awaiting your answer</translation>
    </message>
    <message>
        <source>回線</source>
        <translation>Line</translation>
    </message>
    <message>
        <source>回線が切れています。つながりしだい照会します。</source>
        <translation>The line is down. It will be asked for when it is back.</translation>
    </message>
    <message>
        <source>回線が戻るとやり直します</source>
        <translation>Retried when it is back</translation>
    </message>
    <message>
        <source>回線が戻ると照会します</source>
        <translation>Asked once the line is back</translation>
    </message>
    <message>
        <source>回線が戻ると確定します</source>
        <translation>Final when the line is back</translation>
    </message>
    <message>
        <source>回線が戻ると自動でやり直します</source>
        <translation>Retried when the line is back</translation>
    </message>
    <message>
        <source>回線断</source>
        <translation>Line down</translation>
    </message>
    <message>
        <source>回線断のため貸出できていません。どうしますか</source>
        <translation>The line is down: not checked out. What now?</translation>
    </message>
    <message>
        <source>回線断：報告を控えました。次のサインインのときに送ります</source>
        <translation>Line down: the report is kept and sent at the next sign-in</translation>
    </message>
    <message>
        <source>回線断：貸出・返却はまだ記録されていません</source>
        <translation>Line down: nothing is recorded yet</translation>
    </message>
    <message>
        <source>図書・雑誌</source>
        <translation>Books etc.</translation>
    </message>
    <message>
        <source>図書館のバーコードではありません</source>
        <translation>Not a library barcode</translation>
    </message>
    <message>
        <source>図書館のバーコードを読み取ってください</source>
        <translation>Scan a library barcode</translation>
    </message>
    <message>
        <source>図書館の資料番号のバーコードを読み取ってください</source>
        <translation>Scan the item barcode</translation>
    </message>
    <message>
        <source>土</source>
        <translation>Sat</translation>
    </message>
    <message>
        <source>報告をサーバーが受け付けません。控えはあります</source>
        <translation>The server does not take the report. It is kept here</translation>
    </message>
    <message>
        <source>報告を控えました。次のサインインのときにサーバーへ送ります</source>
        <translation>The report is kept here and sent to the server at the next sign-in</translation>
    </message>
    <message>
        <source>報告を控えられません。電源を切らずにサインインしてください</source>
        <translation>The report cannot be kept. Sign in without switching off</translation>
    </message>
    <message>
        <source>報告を書いている間は読み取りません。Esc で戻ります。</source>
        <translation>Nothing is read while a report is written. Esc goes back.</translation>
    </message>
    <message>
        <source>変更していません</source>
        <translation>Not changed</translation>
    </message>
    <message>
        <source>変更する</source>
        <translation>Change</translation>
    </message>
    <message>
        <source>変更できたかどうか分かりません。予約を開きなおして確かめてください。</source>
        <translation>It is not known whether it was changed. Open the reservation again to see.</translation>
    </message>
    <message>
        <source>変更・取消</source>
        <translation>Change</translation>
    </message>
    <message>
        <source>完了</source>
        <translation>Done</translation>
    </message>
    <message>
        <source>対応は F10</source>
        <translation>F10 to answer</translation>
    </message>
    <message>
        <source>対応済み</source>
        <translation>Answered</translation>
    </message>
    <message>
        <source>差し直してください。番号は打っても入力できます</source>
        <translation>Plug it in again; numbers can be typed, too</translation>
    </message>
    <message>
        <source>席を離れたため</source>
        <translation>Because the desk was left</translation>
    </message>
    <message>
        <source>延滞 {n}日</source>
        <translation>Days overdue: {n}</translation>
    </message>
    <message>
        <source>延滞 {n}点</source>
        <translation>Overdue: {n}</translation>
    </message>
    <message>
        <source>延滞中</source>
        <translation>Overdue</translation>
    </message>
    <message>
        <source>延長</source>
        <translation>Renewal</translation>
    </message>
    <message>
        <source>延長 {n}点（F3）</source>
        <translation>Renewals {n} (F3)</translation>
    </message>
    <message>
        <source>延長していません</source>
        <translation>Not renewed</translation>
    </message>
    <message>
        <source>延長する</source>
        <translation>Renew</translation>
    </message>
    <message>
        <source>延長するものがありません</source>
        <translation>Nothing to renew</translation>
    </message>
    <message>
        <source>延長する資料を読み取ってください</source>
        <translation>Scan an item to renew it</translation>
    </message>
    <message>
        <source>延長は1回まで・期限 {due}</source>
        <translation>Only once. Due {due}</translation>
    </message>
    <message>
        <source>延長済み</source>
        <translation>Already renewed</translation>
    </message>
    <message>
        <source>待っていた人は、順番の{n}番目に戻りました</source>
        <translation>whoever waited is number {n} in the queue again</translation>
    </message>
    <message>
        <source>心当たりがなければ、セキュリティ責任者に連絡</source>
        <translation>Not you? Tell the security manager</translation>
    </message>
    <message>
        <source>心当たりがなければ、セキュリティ責任者に連絡してください。</source>
        <translation>If that is not you, tell the security manager.</translation>
    </message>
    <message>
        <source>戻る</source>
        <translation>Back</translation>
    </message>
    <message>
        <source>手入力 {text}   Enter で決定・Delete で消去</source>
        <translation>Typed {text}   Enter: OK, Delete: clear</translation>
    </message>
    <message>
        <source>指定をやめる</source>
        <translation>Cancel date</translation>
    </message>
    <message>
        <source>接続が切れて終了</source>
        <translation>ended: connection lost</translation>
    </message>
    <message>
        <source>推測しやすいものです。関係のない言葉をいくつか並べると、強くなります。</source>
        <translation>It is easy to guess. Several unrelated words in a row are stronger.</translation>
    </message>
    <message>
        <source>新しいカードを読み取ってください</source>
        <translation>Scan the new card</translation>
    </message>
    <message>
        <source>新しい順番</source>
        <translation>New place</translation>
    </message>
    <message>
        <source>日</source>
        <translation>Sun</translation>
    </message>
    <message>
        <source>日を決めない一時停止</source>
        <translation>Suspended without a day</translation>
    </message>
    <message>
        <source>日付ではありません</source>
        <translation>Not a date</translation>
    </message>
    <message>
        <source>明日からの日を、月日4桁（例 1203）で入れてください</source>
        <translation>Enter a day after today, month and day (e.g. 1203)</translation>
    </message>
    <message>
        <source>書名を照会中</source>
        <translation>Looking up the title</translation>
    </message>
    <message>
        <source>書架へ</source>
        <translation>To the shelves</translation>
    </message>
    <message>
        <source>書誌が1つに決まりません</source>
        <translation>Several titles</translation>
    </message>
    <message>
        <source>最長 {n}日</source>
        <translation>longest: {n} d</translation>
    </message>
    <message>
        <source>月</source>
        <translation>Mon</translation>
    </message>
    <message>
        <source>月日4桁（例 1203）</source>
        <translation>Type MMDD (e.g. 1203)</translation>
    </message>
    <message>
        <source>月日4桁（例 1203）。順番は残り、資料は次の人へ行きます</source>
        <translation>Month and day (e.g. 1203). It keeps its place, copies go to the next one</translation>
    </message>
    <message>
        <source>期限 {day}</source>
        <translation>Was due {day}</translation>
    </message>
    <message>
        <source>期限 {due}</source>
        <translation>Due {due}</translation>
    </message>
    <message>
        <source>期限 {due} を過ぎています</source>
        <translation>Was due {due}</translation>
    </message>
    <message>
        <source>期限が来ると、サインインで変えます</source>
        <translation>Then the sign-in asks for a new one</translation>
    </message>
    <message>
        <source>期限が長すぎます</source>
        <translation>Due date too late</translation>
    </message>
    <message>
        <source>期限を戻す</source>
        <translation>Reset date</translation>
    </message>
    <message>
        <source>期限切れ</source>
        <translation>Expired</translation>
    </message>
    <message>
        <source>期限切れ {day}</source>
        <translation>Expired {day}</translation>
    </message>
    <message>
        <source>期限指定</source>
        <translation>Due date</translation>
    </message>
    <message>
        <source>期限指定 {day}</source>
        <translation>Due date set: {day}</translation>
    </message>
    <message>
        <source>木</source>
        <translation>Thu</translation>
    </message>
    <message>
        <source>未予約</source>
        <translation>Not reserved</translation>
    </message>
    <message>
        <source>未取消</source>
        <translation>Undo waits</translation>
    </message>
    <message>
        <source>未延長</source>
        <translation>Not renewed</translation>
    </message>
    <message>
        <source>未貸出</source>
        <translation>Not checked out</translation>
    </message>
    <message>
        <source>未返却</source>
        <translation>Not returned</translation>
    </message>
    <message>
        <source>本人の申し出</source>
        <translation>The patron asked for it</translation>
    </message>
    <message>
        <source>桁数が違います</source>
        <translation>Wrong length</translation>
    </message>
    <message>
        <source>棚に戻さないでください</source>
        <translation>Do not shelve it yet</translation>
    </message>
    <message>
        <source>検査数字が違います</source>
        <translation>Wrong check digit</translation>
    </message>
    <message>
        <source>検索</source>
        <translation>Search</translation>
    </message>
    <message>
        <source>権限がありません</source>
        <translation>Not permitted</translation>
    </message>
    <message>
        <source>次に離席するまで残ります</source>
        <translation>It waits until you next leave</translation>
    </message>
    <message>
        <source>次の利用者カードで終了</source>
        <translation>The next card ends the visit</translation>
    </message>
    <message>
        <source>次の読み取りができます</source>
        <translation>Go on scanning</translation>
    </message>
    <message>
        <source>次の読み取りをすると、答えずに残して続けます。</source>
        <translation>The next scan leaves it unanswered and goes on.</translation>
    </message>
    <message>
        <source>次の資料を読み取ってください</source>
        <translation>Scan the next item</translation>
    </message>
    <message>
        <source>次の資料（返却日を変えるには月日4桁を入力して Enter）</source>
        <translation>Next item (to change the return date, type MMDD and press Enter)</translation>
    </message>
    <message>
        <source>正常</source>
        <translation>OK</translation>
    </message>
    <message>
        <source>水</source>
        <translation>Wed</translation>
    </message>
    <message>
        <source>決まりより後の返却期限</source>
        <translation>Later than the rules allow</translation>
    </message>
    <message>
        <source>決めてから、もう一度読み取ってください</source>
        <translation>Choose it, then scan again</translation>
    </message>
    <message>
        <source>決める</source>
        <translation>Set</translation>
    </message>
    <message>
        <source>注意</source>
        <translation>Notice</translation>
    </message>
    <message>
        <source>渡した資料の不備</source>
        <translation>Faulty copy</translation>
    </message>
    <message>
        <source>火</source>
        <translation>Tue</translation>
    </message>
    <message>
        <source>点</source>
        <translation>in all</translation>
    </message>
    <message>
        <source>照会中</source>
        <translation>Looking up</translation>
    </message>
    <message>
        <source>照会中 {n}</source>
        <translation>Looking up: {n}</translation>
    </message>
    <message>
        <source>照会中の返却があります</source>
        <translation>A return is still under way</translation>
    </message>
    <message>
        <source>理由</source>
        <translation>Reason</translation>
    </message>
    <message>
        <source>理由が必要です</source>
        <translation>Reason needed</translation>
    </message>
    <message>
        <source>理由は職員メモにあります</source>
        <translation>The reason is in the staff note</translation>
    </message>
    <message>
        <source>理由をつけて貸す</source>
        <translation>Lend anyway</translation>
    </message>
    <message>
        <source>理由を選んでください</source>
        <translation>Choose a reason</translation>
    </message>
    <message>
        <source>用意した資料は、次の人か元の棚へ</source>
        <translation>Its copy goes to the next one, or home</translation>
    </message>
    <message>
        <source>申し出があるまで</source>
        <translation>Until they say so</translation>
    </message>
    <message>
        <source>申し出があるまで一時停止</source>
        <translation>Suspend until they say so</translation>
    </message>
    <message>
        <source>画面を隠しています</source>
        <translation>Screen hidden</translation>
    </message>
    <message>
        <source>番号ではありません</source>
        <translation>Not a library number</translation>
    </message>
    <message>
        <source>番号ではないので、保留していません。</source>
        <translation>Not a library number: not held.</translation>
    </message>
    <message>
        <source>番号または月日を入力</source>
        <translation>Enter a number or a day</translation>
    </message>
    <message>
        <source>登録するとそのまま貸し出します</source>
        <translation>Once added, it is lent</translation>
    </message>
    <message>
        <source>登録のない利用者</source>
        <translation>Unknown patron</translation>
    </message>
    <message>
        <source>登録のない利用者番号</source>
        <translation>Unknown patron number</translation>
    </message>
    <message>
        <source>登録のない書誌</source>
        <translation>Unknown title</translation>
    </message>
    <message>
        <source>登録のない資料</source>
        <translation>Unknown item</translation>
    </message>
    <message>
        <source>登録中</source>
        <translation>Registering</translation>
    </message>
    <message>
        <source>直前</source>
        <translation>Last</translation>
    </message>
    <message>
        <source>直前の利用者</source>
        <translation>Last patron</translation>
    </message>
    <message>
        <source>相互貸借の資料</source>
        <translation>Interlibrary loan</translation>
    </message>
    <message>
        <source>短すぎます。{least}文字以上にしてください。</source>
        <translation>It is too short. Use {least} characters or more.</translation>
    </message>
    <message>
        <source>禁帯出</source>
        <translation>Reference only</translation>
    </message>
    <message>
        <source>窓口</source>
        <translation>Counter</translation>
    </message>
    <message>
        <source>窓口で確認済み</source>
        <translation>Checked here</translation>
    </message>
    <message>
        <source>端末の停止で終了</source>
        <translation>ended: terminal revoked</translation>
    </message>
    <message>
        <source>端末の切り離しで終了</source>
        <translation>ended by cutting the terminal off</translation>
    </message>
    <message>
        <source>端末の時計が {n}秒進んでいます</source>
        <translation>This terminal&apos;s clock is {n} s fast</translation>
    </message>
    <message>
        <source>端末の時計が {n}秒遅れています</source>
        <translation>This terminal&apos;s clock is {n} s slow</translation>
    </message>
    <message>
        <source>答えが出てから F9</source>
        <translation>F9 once it is answered</translation>
    </message>
    <message>
        <source>簡易登録</source>
        <translation>Quick-add</translation>
    </message>
    <message>
        <source>紛失届のあるカード</source>
        <translation>Card reported lost</translation>
    </message>
    <message>
        <source>終わるには F11</source>
        <translation>F11 to finish</translation>
    </message>
    <message>
        <source>終了</source>
        <translation>Finish</translation>
    </message>
    <message>
        <source>終了しない</source>
        <translation>Leave it</translation>
    </message>
    <message>
        <source>終了するまでは有効です</source>
        <translation>They hold until the program ends</translation>
    </message>
    <message>
        <source>終了の記録なし</source>
        <translation>its end is not on record</translation>
    </message>
    <message>
        <source>続ける</source>
        <translation>Go on</translation>
    </message>
    <message>
        <source>練習なので、報告は送られません</source>
        <translation>Training: no report is sent</translation>
    </message>
    <message>
        <source>練習用: 職員番号 {login}  パスワード {password}</source>
        <translation>For training: staff ID {login}, password {password}</translation>
    </message>
    <message>
        <source>練習用の番号  利用者 {patron}  資料 {first}・{second}（一覧は練習用シート）</source>
        <translation>Training numbers: patron {patron}, items {first} and {second}. The training sheet has them all.</translation>
    </message>
    <message>
        <source>練習用ライブラリにあるのは、窓口のページだけです。</source>
        <translation>The training library has the counter&apos;s pages only.</translation>
    </message>
    <message>
        <source>職員カードです</source>
        <translation>This is a staff card</translation>
    </message>
    <message>
        <source>職員メモ</source>
        <translation>Staff note</translation>
    </message>
    <message>
        <source>職員メモあり</source>
        <translation>Staff note</translation>
    </message>
    <message>
        <source>職員番号かパスワードが違うか、使えない職員番号です。</source>
        <translation>Wrong staff ID or password, or not in use.</translation>
    </message>
    <message>
        <source>職員番号の停止で終了</source>
        <translation>ended: staff ID stopped</translation>
    </message>
    <message>
        <source>脇に置いて続けられます</source>
        <translation>Put it aside and go on</translation>
    </message>
    <message>
        <source>自動でやり直しています</source>
        <translation>Retrying automatically</translation>
    </message>
    <message>
        <source>自動でやり直しています。変更は、回線が戻ってから確かめてください</source>
        <translation>Trying again by itself. Check changes once the line is back</translation>
    </message>
    <message>
        <source>自動でやり直しています。行に「未予約」とあるものは、まだ予約できていません</source>
        <translation>Trying again by itself. Rows marked as not reserved are not reserved yet</translation>
    </message>
    <message>
        <source>自動でやり直しています。行に「未延長」とある資料はまだ延びていません</source>
        <translation>Trying again by itself. Items marked Not renewed are not renewed yet</translation>
    </message>
    <message>
        <source>自動でやり直しています。行に「未貸出」とある資料は渡さないでください</source>
        <translation>Retrying. Where a row says Not checked out, keep the book.</translation>
    </message>
    <message>
        <source>自動でやり直しています。行に「未返却」とある資料は棚に戻さないでください</source>
        <translation>Trying again by itself. Do not shelve items marked Not returned</translation>
    </message>
    <message>
        <source>行き先のとおりに置いてください</source>
        <translation>Put it where shown</translation>
    </message>
    <message>
        <source>表示に戻す</source>
        <translation>Show again</translation>
    </message>
    <message>
        <source>要対応</source>
        <translation>Answer</translation>
    </message>
    <message>
        <source>要対応 {n}</source>
        <translation>To answer: {n}</translation>
    </message>
    <message>
        <source>見えない文字を含んでいます</source>
        <translation>Hidden characters</translation>
    </message>
    <message>
        <source>記録はすでに消去されています</source>
        <translation>The record has been erased</translation>
    </message>
    <message>
        <source>設定を保存できません</source>
        <translation>Options cannot be saved</translation>
    </message>
    <message>
        <source>読み取った資料だけ</source>
        <translation>This copy only</translation>
    </message>
    <message>
        <source>読み取った資料だけ（全集の1冊など）</source>
        <translation>The copy that is scanned only (a volume of a set)</translation>
    </message>
    <message>
        <source>読み取りは続けられます</source>
        <translation>Scanning goes on</translation>
    </message>
    <message>
        <source>読み取れませんでした</source>
        <translation>Could not be read</translation>
    </message>
    <message>
        <source>読み誤りです。もう一度読み取ってください</source>
        <translation>Misread. Scan again</translation>
    </message>
    <message>
        <source>責任者の判断</source>
        <translation>Decided by the manager</translation>
    </message>
    <message>
        <source>責任者の承認</source>
        <translation>Supervisor agreed</translation>
    </message>
    <message>
        <source>貸さない</source>
        <translation>Do not lend</translation>
    </message>
    <message>
        <source>貸し出せる資料がありません</source>
        <translation>No copy of it is lent</translation>
    </message>
    <message>
        <source>貸出</source>
        <translation>Checkout</translation>
    </message>
    <message>
        <source>貸出していません</source>
        <translation>Not checked out</translation>
    </message>
    <message>
        <source>貸出できません</source>
        <translation>No checkout</translation>
    </message>
    <message>
        <source>貸出上限</source>
        <translation>Loan limit reached</translation>
    </message>
    <message>
        <source>貸出中ではありません</source>
        <translation>Not on loan</translation>
    </message>
    <message>
        <source>貸出中に戻しました</source>
        <translation>On loan again</translation>
    </message>
    <message>
        <source>貸出中の資料</source>
        <translation>On loan</translation>
    </message>
    <message>
        <source>資料が決まった予約</source>
        <translation>A copy was found</translation>
    </message>
    <message>
        <source>資料のバーコードを読み取ってください（貸出は F1）</source>
        <translation>Scan an item, or press F1</translation>
    </message>
    <message>
        <source>資料の状態を確かめてください</source>
        <translation>Check the state of the item</translation>
    </message>
    <message>
        <source>資料は図書館に残ります</source>
        <translation>The book stays here</translation>
    </message>
    <message>
        <source>資料は手元に残す</source>
        <translation>Keep the book</translation>
    </message>
    <message>
        <source>資料は渡さないでください</source>
        <translation>Keep the book</translation>
    </message>
    <message>
        <source>資料を読み取ってください</source>
        <translation>Scan the items</translation>
    </message>
    <message>
        <source>資料を読み取るか、F6 で選んでください</source>
        <translation>Scan a copy, or choose it with F6</translation>
    </message>
    <message>
        <source>資料メモ</source>
        <translation>Item note</translation>
    </message>
    <message>
        <source>資料番号</source>
        <translation>Item no.</translation>
    </message>
    <message>
        <source>資料番号ではありません</source>
        <translation>Not an item number</translation>
    </message>
    <message>
        <source>資料番号を確かめてください</source>
        <translation>Check the item number</translation>
    </message>
    <message>
        <source>質問は開いていません</source>
        <translation>No question is open</translation>
    </message>
    <message>
        <source>返却</source>
        <translation>Return</translation>
    </message>
    <message>
        <source>返却 {n}点（F2）</source>
        <translation>Returns {n} (F2)</translation>
    </message>
    <message>
        <source>返却から時間がたっています</source>
        <translation>Returned too long ago</translation>
    </message>
    <message>
        <source>返却していません</source>
        <translation>Not returned</translation>
    </message>
    <message>
        <source>返却する資料を読み取ってください</source>
        <translation>Scan an item to return it</translation>
    </message>
    <message>
        <source>返却の約束あり</source>
        <translation>Return promised</translation>
    </message>
    <message>
        <source>返却ポスト</source>
        <translation>Book drop</translation>
    </message>
    <message>
        <source>返却ポスト処理中  返却日 {day}</source>
        <translation>Book drop: return date {day}</translation>
    </message>
    <message>
        <source>返却取消</source>
        <translation>Undo return</translation>
    </message>
    <message>
        <source>返却専用のスキャナです</source>
        <translation>Scanner for returns only</translation>
    </message>
    <message>
        <source>返却日</source>
        <translation>Returned on</translation>
    </message>
    <message>
        <source>返却日にできません</source>
        <translation>Date not allowed</translation>
    </message>
    <message>
        <source>返却期限が先です</source>
        <translation>Due date first</translation>
    </message>
    <message>
        <source>返却期限を月日4桁で入力して Enter（例 1203）</source>
        <translation>Type the due date as MMDD and press Enter (e.g. 1203)</translation>
    </message>
    <message>
        <source>途中で切れています。もう一度読み取ってください</source>
        <translation>Cut off. Scan again</translation>
    </message>
    <message>
        <source>過ぎた日付</source>
        <translation>Date in the past</translation>
    </message>
    <message>
        <source>配送中</source>
        <translation>On its way</translation>
    </message>
    <message>
        <source>配送中 {n}点</source>
        <translation>On its way: {n}</translation>
    </message>
    <message>
        <source>金</source>
        <translation>Fri</translation>
    </message>
    <message>
        <source>長く利用なし・住所確認が必要</source>
        <translation>Long unused: check address</translation>
    </message>
    <message>
        <source>長く延滞中の資料の返却が先</source>
        <translation>Overdue items come first</translation>
    </message>
    <message>
        <source>長すぎます。{most}文字までにしてください。</source>
        <translation>It is too long. Use {most} characters at most.</translation>
    </message>
    <message>
        <source>長すぎる文字列です</source>
        <translation>Text too long</translation>
    </message>
    <message>
        <source>長期延滞あり</source>
        <translation>Long overdue</translation>
    </message>
    <message>
        <source>閉じる</source>
        <translation>Close</translation>
    </message>
    <message>
        <source>閉じると失われます</source>
        <translation>Closing loses them</translation>
    </message>
    <message>
        <source>開いて確かめてください</source>
        <translation>Open and check</translation>
    </message>
    <message>
        <source>障害</source>
        <translation>Error</translation>
    </message>
    <message>
        <source>雑誌 {code}</source>
        <translation>Magazine {code}</translation>
    </message>
    <message>
        <source>雑誌の市販バーコードです</source>
        <translation>Magazine sales code</translation>
    </message>
    <message>
        <source>離席</source>
        <translation>Away</translation>
    </message>
    <message>
        <source>離席の前の続き</source>
        <translation>From before the desk was left</translation>
    </message>
    <message>
        <source>離席中の読み取り</source>
        <translation>Scans while away</translation>
    </message>
    <message>
        <source>離席前の作業が残っています</source>
        <translation>Work from before you left is waiting</translation>
    </message>
    <message>
        <source>離席前の作業を開けません</source>
        <translation>Work from before cannot be opened</translation>
    </message>
    <message>
        <source>順番</source>
        <translation>Place</translation>
    </message>
    <message>
        <source>順番はなくなります。元には戻せません</source>
        <translation>Its place is lost for good</translation>
    </message>
    <message>
        <source>順番を変えました</source>
        <translation>Moved</translation>
    </message>
    <message>
        <source>順番を変える</source>
        <translation>Move</translation>
    </message>
    <message>
        <source>順番待ち {place}番目</source>
        <translation>Waits: place {place}</translation>
    </message>
    <message>
        <source>順番待ちの予約だけが変えられます</source>
        <translation>Only one that waits can be changed</translation>
    </message>
    <message>
        <source>館内でのみ利用できる資料</source>
        <translation>For use in the library only</translation>
    </message>
</context>
<context>
    <name>Devices</name>
    <message>
        <source>/ から始まるファイル名を入れてください。</source>
        <translation>Type a file name that begins with /.</translation>
    </message>
    <message>
        <source>2027-03 のように</source>
        <translation>Like 2027-03</translation>
    </message>
    <message>
        <source>2027-03 のように。空欄で新しいものから200件。</source>
        <translation>Like 2027-03. Left empty: the newest 200.</translation>
    </message>
    <message>
        <source>2027-03 のように入れてください。</source>
        <translation>Type it like 2027-03.</translation>
    </message>
    <message>
        <source>2027-03-31 か 3/31 のように入れてください。</source>
        <translation>Type it like 2027-03-31 or 3/31.</translation>
    </message>
    <message>
        <source>2台目のキーボードです</source>
        <translation>a second keyboard</translation>
    </message>
    <message>
        <source>F10 で取り込み、F9 で書き出し</source>
        <translation>F10 copies from it, F9 to it</translation>
    </message>
    <message>
        <source>F11 で中止します</source>
        <translation>F11 stops it</translation>
    </message>
    <message>
        <source>F1「貸出」などへ移ってから読み取ってください</source>
        <translation>Go to another page first, F1 for one</translation>
    </message>
    <message>
        <source>F9 で印刷、F11 で CSV に書き出し、F10 で別の月。F7 で別の表に移ります。</source>
        <translation>F9 prints, F11 writes CSV, F10 another month. F7 goes to another table.</translation>
    </message>
    <message>
        <source>IC カード</source>
        <translation>smart card</translation>
    </message>
    <message>
        <source>Shift+F11 で報告してください</source>
        <translation>Report it with Shift+F11</translation>
    </message>
    <message>
        <source>USB</source>
        <translation>USB</translation>
    </message>
    <message>
        <source>USB の例外が終わりました</source>
        <translation>The USB exception has ended</translation>
    </message>
    <message>
        <source>USB の例外は、あと {left} で終わります</source>
        <translation>The USB exception ends in {left}</translation>
    </message>
    <message>
        <source>USB の例外（データの移行）</source>
        <translation>USB exceptions (moving data)</translation>
    </message>
    <message>
        <source>USB の月の報告 {month}</source>
        <translation>USB report for {month}</translation>
    </message>
    <message>
        <source>USB の規則</source>
        <translation>USB rules</translation>
    </message>
    <message>
        <source>USB メモリー</source>
        <translation>USB stick</translation>
    </message>
    <message>
        <source>USB メモリーが使えます</source>
        <translation>The USB stick is open</translation>
    </message>
    <message>
        <source>USB メモリーが抜かれました</source>
        <translation>the stick was pulled out</translation>
    </message>
    <message>
        <source>USB メモリーが抜かれました。はじめからやり直してください。</source>
        <translation>The stick was pulled out. Please begin again.</translation>
    </message>
    <message>
        <source>USB メモリーではないので、例外にはできません。</source>
        <translation>This is no USB stick: there is no exception for it.</translation>
    </message>
    <message>
        <source>USB メモリーのファイル</source>
        <translation>Files on the USB stick</translation>
    </message>
    <message>
        <source>USB メモリーの例外を承認しますか</source>
        <translation>Approve this exception for a USB stick?</translation>
    </message>
    <message>
        <source>USB メモリーを抜いて、返してください</source>
        <translation>Pull the stick out and give it back</translation>
    </message>
    <message>
        <source>USB 例外 {left}</source>
        <translation>USB open {left}</translation>
    </message>
    <message>
        <source>USB 例外 あと {left}</source>
        <translation>USB open: {left} left</translation>
    </message>
    <message>
        <source>USB 保護なし（{why}）</source>
        <translation>USB unprotected ({why})</translation>
    </message>
    <message>
        <source>USB 全遮断（{why}）</source>
        <translation>USB all blocked ({why})</translation>
    </message>
    <message>
        <source>USB 機器の台帳</source>
        <translation>Register of USB devices</translation>
    </message>
    <message>
        <source>USB 機器はありません。</source>
        <translation>There are no USB devices.</translation>
    </message>
    <message>
        <source>USB 機器を登録</source>
        <translation>Enrol a USB device</translation>
    </message>
    <message>
        <source>USB 機器を遮断</source>
        <translation>USB device blocked</translation>
    </message>
    <message>
        <source>USB 管理が受け付けません（{word}）。</source>
        <translation>USB control does not take it ({word}).</translation>
    </message>
    <message>
        <source>USB 管理が始まった</source>
        <translation>USB control began</translation>
    </message>
    <message>
        <source>USB 管理が止まりました</source>
        <translation>USB control has stopped</translation>
    </message>
    <message>
        <source>USB 管理が終わった</source>
        <translation>USB control ended</translation>
    </message>
    <message>
        <source>USB 管理が記録を書けません。システム担当に連絡してください。</source>
        <translation>USB control cannot write its records. Tell system staff.</translation>
    </message>
    <message>
        <source>USB 管理なし</source>
        <translation>no USB control</translation>
    </message>
    <message>
        <source>USB 管理に届きません。システム担当に連絡してください。</source>
        <translation>USB control cannot be reached. Tell system staff.</translation>
    </message>
    <message>
        <source>USB 管理に届きません。機器は遮断されたままです。システム担当に連絡してください。</source>
        <translation>USB control cannot be reached. Devices stay blocked. Tell system staff.</translation>
    </message>
    <message>
        <source>USB 管理停止</source>
        <translation>USB control down</translation>
    </message>
    <message>
        <source>USB 遮断 {n}台</source>
        <translation>USB blocked: {n}</translation>
    </message>
    <message>
        <source>USBGuard</source>
        <translation>USBGuard</translation>
    </message>
    <message>
        <source>USBGuard が動いています。どちらかを止めてください。</source>
        <translation>USBGuard is running. Stop one of the two.</translation>
    </message>
    <message>
        <source>USB：どの表を見るか</source>
        <translation>USB: which table</translation>
    </message>
    <message>
        <source>Windows の端末です。新しい機器を止めるのは Windows の設定だけで、その働きは未確認です。</source>
        <translation>This terminal runs Windows. Only settings of Windows stop new devices, and nobody has tried whether they do.</translation>
    </message>
    <message>
        <source>{day} までに届いたもの。{rest}</source>
        <translation>Those that came by {day}. {rest}</translation>
    </message>
    <message>
        <source>{device}  {n}分間</source>
        <translation>{device}  for {n} minutes</translation>
    </message>
    <message>
        <source>{device} は使えません。{todo}</source>
        <translation>{device} cannot be used. {todo}</translation>
    </message>
    <message>
        <source>{done}／{of}件</source>
        <translation>{done} of {of}</translation>
    </message>
    <message>
        <source>{folder} のファイルを、検査してから USB メモリーに書きます。</source>
        <translation>Files in {folder} are checked, then written to the stick.</translation>
    </message>
    <message>
        <source>{label}  {terminal}  申請 {login}  承認 {decided}  わけ {reason}</source>
        <translation>{label}  {terminal}  asked by {login}  approved by {decided}  because {reason}</translation>
    </message>
    <message>
        <source>{label} の返却</source>
        <translation>{label} is returned</translation>
    </message>
    <message>
        <source>{label} を廃棄</source>
        <translation>Dispose of {label}</translation>
    </message>
    <message>
        <source>{label} を貸し出す</source>
        <translation>Lend {label}</translation>
    </message>
    <message>
        <source>{label}（{id}、製造番号 {serial}、管理 {owner}）を {n}分間。</source>
        <translation>{label} ({id}, serial number {serial}, owner {owner}) for {n} minutes.</translation>
    </message>
    <message>
        <source>{least}〜{most} の数を入れてください。</source>
        <translation>Type a number from {least} to {most}.</translation>
    </message>
    <message>
        <source>{least}〜{most}分</source>
        <translation>{least} to {most} minutes</translation>
    </message>
    <message>
        <source>{month} に申請したもの全部。F9 で別の月を選びます。Enter で詳しく見ます。F7 で別の表に移ります。</source>
        <translation>All that were asked for in {month}. F9 chooses another month. Enter shows all of one. F7 goes to another table.</translation>
    </message>
    <message>
        <source>{note}F7 で台帳などに移ります。</source>
        <translation>{note} F7 goes to the register and other tables.</translation>
    </message>
    <message>
        <source>{n} KB</source>
        <translation>{n} KB</translation>
    </message>
    <message>
        <source>{n} MB</source>
        <translation>{n} MB</translation>
    </message>
    <message>
        <source>{n}件</source>
        <translation>{n} files</translation>
    </message>
    <message>
        <source>{n}件 {size}</source>
        <translation>{n} files, {size}</translation>
    </message>
    <message>
        <source>{n}件まで表示</source>
        <translation>{n} listed so far</translation>
    </message>
    <message>
        <source>{n}分間</source>
        <translation>for {n} minutes</translation>
    </message>
    <message>
        <source>{n}時間、記録が届かない端末は「沈黙」です。F7 で別の表に移ります。</source>
        <translation>A terminal without a record for {n} hours is silent. F7 goes to another table.</translation>
    </message>
    <message>
        <source>{said}{sentence}</source>
        <translation>{said} {sentence}</translation>
    </message>
    <message>
        <source>{state}  検査 {check}  {n}件</source>
        <translation>{state}  check {check}  {n} files</translation>
    </message>
    <message>
        <source>{terminal}（{branch}）で、{since} から</source>
        <translation>At {terminal} ({branch}), since {since}</translation>
    </message>
    <message>
        <source>{who}  {since} から {back}</source>
        <translation>{who}  from {since} to {back}</translation>
    </message>
    <message>
        <source>{who} に貸し出しています。</source>
        <translation>Lent to {who}.</translation>
    </message>
    <message>
        <source>↑↓ で選び、Enter で詳しく見ます</source>
        <translation>Up and Down select, Enter shows all of it</translation>
    </message>
    <message>
        <source>、</source>
        <translation>, </translation>
    </message>
    <message>
        <source>「{name}」</source>
        <translation>&apos;{name}&apos;</translation>
    </message>
    <message>
        <source>「承認しない」が記録されたかどうか、サーバーから答えがありません。</source>
        <translation>The server did not answer: whether the refusal is on record is not known.</translation>
    </message>
    <message>
        <source>ありません。</source>
        <translation>There is nothing.</translation>
    </message>
    <message>
        <source>あるファイルは書き換えません。</source>
        <translation>A file that is there is not written over.</translation>
    </message>
    <message>
        <source>いつも使うスキャナなどは、台帳のほかに規則（署名して配るもの）にも書きます。</source>
        <translation>What is always used, such as a scanner, needs a rule, too (signed, and sent to the terminals).</translation>
    </message>
    <message>
        <source>ここでは読み取りません</source>
        <translation>Nothing is read here</translation>
    </message>
    <message>
        <source>ここで承認に進みます</source>
        <translation>Approve here</translation>
    </message>
    <message>
        <source>この USB メモリーは、ほかの端末で使用中です。抜いてシステム担当に渡してください。</source>
        <translation>This stick is in use at another terminal. Unplug it and give it to system staff.</translation>
    </message>
    <message>
        <source>この役割では行えません。</source>
        <translation>This role may not do it.</translation>
    </message>
    <message>
        <source>この日まで</source>
        <translation>Up to this day</translation>
    </message>
    <message>
        <source>この機器は、もう登録されています。</source>
        <translation>This device is in the register already.</translation>
    </message>
    <message>
        <source>この端末では承認できません。</source>
        <translation>Nothing can be approved at this terminal.</translation>
    </message>
    <message>
        <source>この端末には USB 管理がありません。</source>
        <translation>This terminal has no USB control.</translation>
    </message>
    <message>
        <source>この端末にはウイルス検査（virus_check）の設定がありません</source>
        <translation>No virus check (virus_check) is set for this terminal</translation>
    </message>
    <message>
        <source>この端末の USB 機器</source>
        <translation>USB devices at this terminal</translation>
    </message>
    <message>
        <source>この端末の USB 管理からの申請と確かめられません。システム担当に連絡してください。</source>
        <translation>It cannot be shown to come from this terminal&apos;s USB control. Tell system staff.</translation>
    </message>
    <message>
        <source>この端末の USB 管理は、サーバーに登録されていません。</source>
        <translation>This terminal&apos;s USB control is not known to the server.</translation>
    </message>
    <message>
        <source>この端末の受け渡しフォルダーのファイル</source>
        <translation>Files in this terminal&apos;s folder</translation>
    </message>
    <message>
        <source>この端末は保護されていないので、例外は始められません。</source>
        <translation>This terminal is unprotected: no exception can begin.</translation>
    </message>
    <message>
        <source>この管理ラベルは、ほかの機器に使われています。</source>
        <translation>Another device has this label.</translation>
    </message>
    <message>
        <source>すぐに使えるようになります</source>
        <translation>It is open at once</translation>
    </message>
    <message>
        <source>すべて</source>
        <translation>All</translation>
    </message>
    <message>
        <source>すべてコピー</source>
        <translation>Copy all</translation>
    </message>
    <message>
        <source>そちらを終了する</source>
        <translation>End that one</translation>
    </message>
    <message>
        <source>そのファイルはコピーしていません。USB メモリーを閉じました</source>
        <translation>That file was not copied. The stick was closed</translation>
    </message>
    <message>
        <source>その他</source>
        <translation>other</translation>
    </message>
    <message>
        <source>その名前のファイルがもうあります。</source>
        <translation>There is a file of that name.</translation>
    </message>
    <message>
        <source>その機器は、もう台帳にありません。</source>
        <translation>That device is not in the register any more.</translation>
    </message>
    <message>
        <source>その機器はもう差し込まれていません。差し直してください。</source>
        <translation>That device is not plugged in any more. Plug it in again.</translation>
    </message>
    <message>
        <source>その申請はありません。</source>
        <translation>There is no such request.</translation>
    </message>
    <message>
        <source>だれに</source>
        <translation>To whom</translation>
    </message>
    <message>
        <source>どの月の例外か</source>
        <translation>Exceptions of which month</translation>
    </message>
    <message>
        <source>どの月の報告か</source>
        <translation>Which month</translation>
    </message>
    <message>
        <source>ほかにもあります（一覧は {files}件、フォルダー {folders}段まで。「.」で始まるものは出ません）。</source>
        <translation>There are more (the list shows {files} files, {folders} folders deep, none that begins with &apos;.&apos;).</translation>
    </message>
    <message>
        <source>ほかの例外が続いています。終えてから申請してください。</source>
        <translation>Another exception is open. End it first.</translation>
    </message>
    <message>
        <source>まだ来ていない日です。</source>
        <translation>This day is yet to come.</translation>
    </message>
    <message>
        <source>もう決まっています。</source>
        <translation>It has been decided already.</translation>
    </message>
    <message>
        <source>もう貸し出しています。</source>
        <translation>It is lent out already.</translation>
    </message>
    <message>
        <source>わけ</source>
        <translation>Reason</translation>
    </message>
    <message>
        <source>インターフェース</source>
        <translation>Interfaces</translation>
    </message>
    <message>
        <source>ウイルス検査が終わりません</source>
        <translation>The virus check does not end</translation>
    </message>
    <message>
        <source>ウイルス検査で止めました</source>
        <translation>Stopped by the virus check</translation>
    </message>
    <message>
        <source>カーネルの起動パラメーター usbcore.authorized_default=0 がありません。</source>
        <translation>The kernel parameter usbcore.authorized_default=0 is missing.</translation>
    </message>
    <message>
        <source>キーボードに別の機能が付いています</source>
        <translation>a keyboard, and something more</translation>
    </message>
    <message>
        <source>コピー</source>
        <translation>Copy</translation>
    </message>
    <message>
        <source>コピーしたのは {number}</source>
        <translation>Copied: {number}</translation>
    </message>
    <message>
        <source>コピーする</source>
        <translation>Copy</translation>
    </message>
    <message>
        <source>コピーできません</source>
        <translation>Nothing can be copied</translation>
    </message>
    <message>
        <source>コピーできませんでした</source>
        <translation>Could not be copied</translation>
    </message>
    <message>
        <source>コピーを中止</source>
        <translation>Stop copying</translation>
    </message>
    <message>
        <source>コピーを中止しました</source>
        <translation>Copying was stopped</translation>
    </message>
    <message>
        <source>コピーを止めました</source>
        <translation>Copying stopped</translation>
    </message>
    <message>
        <source>サインインが切れました。もう一度どうぞ。</source>
        <translation>The session has ended. Please try again.</translation>
    </message>
    <message>
        <source>サーバーがこの内容を受け付けません。</source>
        <translation>The server does not take this.</translation>
    </message>
    <message>
        <source>サーバーが記録を受け付けません。USB メモリーを閉じました</source>
        <translation>The server does not take the record. The stick was closed</translation>
    </message>
    <message>
        <source>サーバーに届いた日。2027-03-31 か 3/31 のように。空欄でいままで。</source>
        <translation>The day it came to the server, like 2027-03-31 or 3/31. Left empty: until now.</translation>
    </message>
    <message>
        <source>サーバーに届かないので、新しい例外は始められません。回線が戻ってからどうぞ。</source>
        <translation>The server cannot be reached: no new exception can begin. Try again once the line is back.</translation>
    </message>
    <message>
        <source>サーバーに届かないので終えました</source>
        <translation>Ended: the server cannot be reached</translation>
    </message>
    <message>
        <source>サーバーに届かないので記録できません。回線が戻ってからどうぞ</source>
        <translation>The server cannot be reached, so nothing can be recorded. Try again once the line is back</translation>
    </message>
    <message>
        <source>サーバーに届かない間は、新しい例外は始められません</source>
        <translation>While the server cannot be reached no new exception can begin</translation>
    </message>
    <message>
        <source>システム担当に連絡</source>
        <translation>Tell system staff</translation>
    </message>
    <message>
        <source>スキャナ</source>
        <translation>scanner</translation>
    </message>
    <message>
        <source>データ移行の例外を申請</source>
        <translation>Ask for an exception to move data</translation>
    </message>
    <message>
        <source>ハブ</source>
        <translation>hub</translation>
    </message>
    <message>
        <source>ファイル</source>
        <translation>File</translation>
    </message>
    <message>
        <source>ファイルはありません。</source>
        <translation>There are no files.</translation>
    </message>
    <message>
        <source>ファイルを読めません</source>
        <translation>The files cannot be read</translation>
    </message>
    <message>
        <source>プリンター</source>
        <translation>printer</translation>
    </message>
    <message>
        <source>プリンターがないので PDF にしました</source>
        <translation>There is no printer: written as PDF</translation>
    </message>
    <message>
        <source>メーカーの名のり</source>
        <translation>Says its maker is</translation>
    </message>
    <message>
        <source>一覧に出ないファイルがあります</source>
        <translation>Some files are not in the list</translation>
    </message>
    <message>
        <source>一覧に出ないファイルが残っています</source>
        <translation>Files not in the list are left</translation>
    </message>
    <message>
        <source>中止</source>
        <translation>Stop</translation>
    </message>
    <message>
        <source>何が入っていて、どう消したか</source>
        <translation>What it held, and how that was erased</translation>
    </message>
    <message>
        <source>何が起きたか</source>
        <translation>What happened</translation>
    </message>
    <message>
        <source>何を、どこへ移すか。{n}文字まで。</source>
        <translation>What is moved where. At most {n} characters.</translation>
    </message>
    <message>
        <source>使う USB メモリー: {device}（{id}、製造番号 {serial}）
このあと、セキュリティ責任者がこの端末で承認します。個人の名前は書かないでください。</source>
        <translation>The stick: {device} ({id}, serial number {serial})
Next, a security manager approves it at this terminal. Write nobody&apos;s name.</translation>
    </message>
    <message>
        <source>使う時間（分）</source>
        <translation>Minutes</translation>
    </message>
    <message>
        <source>使用中</source>
        <translation>in use</translation>
    </message>
    <message>
        <source>使用可</source>
        <translation>usable</translation>
    </message>
    <message>
        <source>例外</source>
        <translation>Exceptions</translation>
    </message>
    <message>
        <source>例外 {left}</source>
        <translation>open {left}</translation>
    </message>
    <message>
        <source>例外 第{n}号</source>
        <translation>Exception no. {n}</translation>
    </message>
    <message>
        <source>例外で使用中</source>
        <translation>open by exception</translation>
    </message>
    <message>
        <source>例外で使用中です。離席や終了で、すぐに使えなくなります。</source>
        <translation>Open by exception. Leaving the desk or closing the window ends it at once.</translation>
    </message>
    <message>
        <source>例外の承認（セキュリティ責任者）</source>
        <translation>Approve an exception</translation>
    </message>
    <message>
        <source>例外の申請</source>
        <translation>exception asked for</translation>
    </message>
    <message>
        <source>例外の終了</source>
        <translation>exception ended</translation>
    </message>
    <message>
        <source>例外の開始</source>
        <translation>exception began</translation>
    </message>
    <message>
        <source>例外はもう終わっています。</source>
        <translation>The exception has ended already.</translation>
    </message>
    <message>
        <source>例外は始まっていません</source>
        <translation>No exception has begun</translation>
    </message>
    <message>
        <source>例外を申請</source>
        <translation>Ask for exception</translation>
    </message>
    <message>
        <source>例外を終える</source>
        <translation>End exception</translation>
    </message>
    <message>
        <source>保管中</source>
        <translation>kept here</translation>
    </message>
    <message>
        <source>保護なし</source>
        <translation>unprotected</translation>
    </message>
    <message>
        <source>保護なし：{why}</source>
        <translation>Unprotected: {why}</translation>
    </message>
    <message>
        <source>保護の状態</source>
        <translation>protection</translation>
    </message>
    <message>
        <source>保護中</source>
        <translation>protected</translation>
    </message>
    <message>
        <source>停止</source>
        <translation>down</translation>
    </message>
    <message>
        <source>元に戻せません。この機器では、例外も承認されなくなります。</source>
        <translation>This cannot be undone. No exception is approved for this device any more.</translation>
    </message>
    <message>
        <source>先に自分のサインインで、新しいパスワードを決めてください。</source>
        <translation>Choose a new password at a sign-in of your own first.</translation>
    </message>
    <message>
        <source>入力してください。</source>
        <translation>Fill this in.</translation>
    </message>
    <message>
        <source>入力（キーボードなど）</source>
        <translation>input (keyboard etc.)</translation>
    </message>
    <message>
        <source>全遮断</source>
        <translation>all blocked</translation>
    </message>
    <message>
        <source>内容</source>
        <translation>Content</translation>
    </message>
    <message>
        <source>出ているのは {n}件です</source>
        <translation>{n} are shown</translation>
    </message>
    <message>
        <source>前の画面へ</source>
        <translation>Page before</translation>
    </message>
    <message>
        <source>区分</source>
        <translation>Sort</translation>
    </message>
    <message>
        <source>印刷</source>
        <translation>Print</translation>
    </message>
    <message>
        <source>印刷しました</source>
        <translation>Printed</translation>
    </message>
    <message>
        <source>印刷できません</source>
        <translation>It cannot be printed</translation>
    </message>
    <message>
        <source>取り込みました</source>
        <translation>Copied from the stick</translation>
    </message>
    <message>
        <source>取り込む</source>
        <translation>Copy from it</translation>
    </message>
    <message>
        <source>取下げ</source>
        <translation>taken back</translation>
    </message>
    <message>
        <source>古いものは F11 で続きに出します。{rest}</source>
        <translation>F11 lists older ones below. {rest}</translation>
    </message>
    <message>
        <source>古い記録</source>
        <translation>Older records</translation>
    </message>
    <message>
        <source>台帳</source>
        <translation>Register</translation>
    </message>
    <message>
        <source>台帳にない USB メモリーです。システム担当に登録してもらってください。</source>
        <translation>This stick is not in the register. Have system staff enrol it.</translation>
    </message>
    <message>
        <source>台帳に登録しました</source>
        <translation>Enrolled</translation>
    </message>
    <message>
        <source>名のらない機器（{id}）</source>
        <translation>a device without a name ({id})</translation>
    </message>
    <message>
        <source>名のり</source>
        <translation>Calls itself</translation>
    </message>
    <message>
        <source>大きさ</source>
        <translation>Size</translation>
    </message>
    <message>
        <source>差込口</source>
        <translation>Port</translation>
    </message>
    <message>
        <source>廃棄</source>
        <translation>Dispose</translation>
    </message>
    <message>
        <source>廃棄 {day}</source>
        <translation>disposed of {day}</translation>
    </message>
    <message>
        <source>廃棄した人</source>
        <translation>Who did it</translation>
    </message>
    <message>
        <source>廃棄した日</source>
        <translation>Day</translation>
    </message>
    <message>
        <source>廃棄した機器です。</source>
        <translation>This device was disposed of.</translation>
    </message>
    <message>
        <source>廃棄した機器も消えません。Enter で詳しく見ます。F7 で別の表に移ります。</source>
        <translation>What was disposed of stays listed. Enter shows all of it. F7 goes to another table.</translation>
    </message>
    <message>
        <source>廃棄の内容</source>
        <translation>How</translation>
    </message>
    <message>
        <source>廃棄を記録</source>
        <translation>Note disposal</translation>
    </message>
    <message>
        <source>廃棄を記録しました</source>
        <translation>Disposal noted</translation>
    </message>
    <message>
        <source>戻る</source>
        <translation>Back</translation>
    </message>
    <message>
        <source>承認</source>
        <translation>Approval</translation>
    </message>
    <message>
        <source>承認: {approver}</source>
        <translation>Approver: {approver}</translation>
    </message>
    <message>
        <source>承認された例外</source>
        <translation>an approved exception</translation>
    </message>
    <message>
        <source>承認されませんでした</source>
        <translation>It was not approved</translation>
    </message>
    <message>
        <source>承認しない</source>
        <translation>Do not approve</translation>
    </message>
    <message>
        <source>承認する</source>
        <translation>Approve</translation>
    </message>
    <message>
        <source>承認する人は、別の端末でサインインしています</source>
        <translation>The approver is signed in at another terminal</translation>
    </message>
    <message>
        <source>承認できるのはセキュリティ責任者だけです。</source>
        <translation>Only a security manager can approve.</translation>
    </message>
    <message>
        <source>承認なし（10分）</source>
        <translation>nobody approved (10 min)</translation>
    </message>
    <message>
        <source>承認の画面に戻ります</source>
        <translation>Back to the approval</translation>
    </message>
    <message>
        <source>承認の間は読み取りません。</source>
        <translation>Nothing is read while somebody approves.</translation>
    </message>
    <message>
        <source>承認まで10分を超えました。はじめからやり直してください。</source>
        <translation>It took more than 10 minutes to approve. Please begin again.</translation>
    </message>
    <message>
        <source>承認を確かめられません。システム担当に連絡してください。</source>
        <translation>The approval cannot be shown to be true. Tell system staff.</translation>
    </message>
    <message>
        <source>承認待ち</source>
        <translation>waits for approval</translation>
    </message>
    <message>
        <source>抜いて、システム担当に渡してください。心当たりがなければ Shift+F11 で報告</source>
        <translation>Pull it out and give it to system staff. Not yours? Report it with Shift+F11</translation>
    </message>
    <message>
        <source>抜いてください。心当たりがなければ Shift+F11 で報告</source>
        <translation>Pull it out. Not yours? Report it with Shift+F11</translation>
    </message>
    <message>
        <source>抜かれた</source>
        <translation>pulled out</translation>
    </message>
    <message>
        <source>救済の起動</source>
        <translation>started for rescue</translation>
    </message>
    <message>
        <source>救済の起動です。キーボードだけを通しています。</source>
        <translation>Started for rescue. Only keyboards are let through.</translation>
    </message>
    <message>
        <source>救済起動</source>
        <translation>rescue</translation>
    </message>
    <message>
        <source>新しいものから200件。それより前は、F9 で月を選びます。Enter で詳しく見ます。F7 で別の表に移ります。</source>
        <translation>The newest 200. For those before, choose a month with F9. Enter shows all of one. F7 goes to another table.</translation>
    </message>
    <message>
        <source>新しいものから{n}件ずつ出します。</source>
        <translation>The newest {n} at first, and then as many of the older ones.</translation>
    </message>
    <message>
        <source>日時</source>
        <translation>When</translation>
    </message>
    <message>
        <source>映像</source>
        <translation>video</translation>
    </message>
    <message>
        <source>時刻は端末の時計です。F9 で検索します。F7 で別の表に移ります。</source>
        <translation>Times are by the terminal&apos;s clock. F9 searches. F7 goes to another table.</translation>
    </message>
    <message>
        <source>時間が来ました</source>
        <translation>its time is over</translation>
    </message>
    <message>
        <source>書き出し</source>
        <translation>Write</translation>
    </message>
    <message>
        <source>書き出しました</source>
        <translation>Written</translation>
    </message>
    <message>
        <source>書き出す</source>
        <translation>Copy to it</translation>
    </message>
    <message>
        <source>最初に合う規則で決まります。どれにも合わない機器は遮断します。F7 で別の表に移ります。</source>
        <translation>The first rule that fits decides; without one a device is blocked. F7 goes to another table.</translation>
    </message>
    <message>
        <source>最後の記録</source>
        <translation>Last record</translation>
    </message>
    <message>
        <source>最後の貸出</source>
        <translation>Last lent</translation>
    </message>
    <message>
        <source>月</source>
        <translation>Month</translation>
    </message>
    <message>
        <source>月の報告</source>
        <translation>Report of a month</translation>
    </message>
    <message>
        <source>月の報告を CSV に</source>
        <translation>The month&apos;s report as CSV</translation>
    </message>
    <message>
        <source>月を選ぶ</source>
        <translation>Month</translation>
    </message>
    <message>
        <source>本体の差込口</source>
        <translation>the machine&apos;s own port</translation>
    </message>
    <message>
        <source>条件</source>
        <translation>Condition</translation>
    </message>
    <message>
        <source>検出</source>
        <translation>found</translation>
    </message>
    <message>
        <source>検査</source>
        <translation>Check</translation>
    </message>
    <message>
        <source>検査してから {folder} に入れます。</source>
        <translation>Checked first, then put into {folder}.</translation>
    </message>
    <message>
        <source>検査してコピーしています</source>
        <translation>Checking and copying</translation>
    </message>
    <message>
        <source>検査できず</source>
        <translation>not checked</translation>
    </message>
    <message>
        <source>検索</source>
        <translation>Search</translation>
    </message>
    <message>
        <source>検索する</source>
        <translation>Search</translation>
    </message>
    <message>
        <source>機器</source>
        <translation>Device</translation>
    </message>
    <message>
        <source>機器に貼る番号や名前</source>
        <translation>The number or name stuck on it</translation>
    </message>
    <message>
        <source>機器の説明が読めません</source>
        <translation>what it says of itself cannot be read</translation>
    </message>
    <message>
        <source>機器の説明が読めません。</source>
        <translation>What the device says of itself cannot be read.</translation>
    </message>
    <message>
        <source>機能</source>
        <translation>Can be</translation>
    </message>
    <message>
        <source>沈黙</source>
        <translation>silent</translation>
    </message>
    <message>
        <source>沈黙の端末</source>
        <translation>Silent terminal</translation>
    </message>
    <message>
        <source>無線</source>
        <translation>wireless</translation>
    </message>
    <message>
        <source>版 {n}  {at}  {who}</source>
        <translation>version {n}  {at}  {who}</translation>
    </message>
    <message>
        <source>状態</source>
        <translation>State</translation>
    </message>
    <message>
        <source>独自の機能</source>
        <translation>its maker&apos;s own</translation>
    </message>
    <message>
        <source>申請</source>
        <translation>Asked</translation>
    </message>
    <message>
        <source>申請: {name}（{login}）  わけ: {reason}</source>
        <translation>Asked by: {name} ({login})  Reason: {reason}</translation>
    </message>
    <message>
        <source>申請から10分を超えました。はじめからやり直してください。</source>
        <translation>It was asked for more than 10 minutes ago. Please begin again.</translation>
    </message>
    <message>
        <source>申請が古くなりました。はじめからやり直してください。</source>
        <translation>The request is too old. Please begin again.</translation>
    </message>
    <message>
        <source>申請が多すぎます。しばらく待ってください。</source>
        <translation>Too many requests. Please wait a while.</translation>
    </message>
    <message>
        <source>申請した本人は承認できません。</source>
        <translation>Whoever asked cannot approve.</translation>
    </message>
    <message>
        <source>申請した本人は承認できません。別の人がサインインしてください。</source>
        <translation>Whoever asked cannot approve. Somebody else has to sign in.</translation>
    </message>
    <message>
        <source>申請した職員とは別の人が、自分の職員番号とパスワードで承認します。Esc で申請を取り下げます。バーコードでは承認できません。</source>
        <translation>Somebody else than who asked approves, with their own login and password. Esc takes the request back. No bar code approves.</translation>
    </message>
    <message>
        <source>申請した職員のサインインが終わっています。</source>
        <translation>Whoever asked is not signed in any more.</translation>
    </message>
    <message>
        <source>申請する</source>
        <translation>Ask</translation>
    </message>
    <message>
        <source>申請を取り下げました</source>
        <translation>The request was taken back</translation>
    </message>
    <message>
        <source>申請／承認</source>
        <translation>Asked / approved</translation>
    </message>
    <message>
        <source>画像・携帯機器</source>
        <translation>camera or phone</translation>
    </message>
    <message>
        <source>番号</source>
        <translation>ID</translation>
    </message>
    <message>
        <source>異常なし</source>
        <translation>clean</translation>
    </message>
    <message>
        <source>登録</source>
        <translation>Enrol</translation>
    </message>
    <message>
        <source>登録がありません</source>
        <translation>not registered</translation>
    </message>
    <message>
        <source>登録した USB メモリーを名のる、別の機器です。抜いてシステム担当に渡してください。</source>
        <translation>It calls itself a registered stick and is something else. Pull it out and give it to system staff.</translation>
    </message>
    <message>
        <source>登録する</source>
        <translation>Enrol</translation>
    </message>
    <message>
        <source>登録のないハブです</source>
        <translation>a hub that is not registered</translation>
    </message>
    <message>
        <source>登録のない機器は使えません。データの移行は、登録した USB メモリーで申請します。</source>
        <translation>What is not registered cannot be used. To move data, ask for an exception with a registered stick.</translation>
    </message>
    <message>
        <source>種類</source>
        <translation>Kind</translation>
    </message>
    <message>
        <source>端末</source>
        <translation>Terminal</translation>
    </message>
    <message>
        <source>端末の USB の記録</source>
        <translation>The terminals&apos; USB records</translation>
    </message>
    <message>
        <source>端末の USB 管理</source>
        <translation>USB control of the terminals</translation>
    </message>
    <message>
        <source>端末の名前をそのまま。空欄ですべて。</source>
        <translation>The terminal&apos;s name, exactly. Left empty: all of them.</translation>
    </message>
    <message>
        <source>端末の組</source>
        <translation>Group</translation>
    </message>
    <message>
        <source>端末の記録</source>
        <translation>Records</translation>
    </message>
    <message>
        <source>端末の記録の検索</source>
        <translation>Search the terminals&apos; records</translation>
    </message>
    <message>
        <source>端末は {terminal}。{rest}</source>
        <translation>Of the terminal {terminal}. {rest}</translation>
    </message>
    <message>
        <source>答えがないので、承認する人のサインインを終えました。</source>
        <translation>There was no answer, so the approver is signed out again.</translation>
    </message>
    <message>
        <source>管理する係か職名</source>
        <translation>The section or post that answers for it</translation>
    </message>
    <message>
        <source>管理なし</source>
        <translation>not managed</translation>
    </message>
    <message>
        <source>管理ラベル</source>
        <translation>Label</translation>
    </message>
    <message>
        <source>管理者</source>
        <translation>Owner</translation>
    </message>
    <message>
        <source>終えました</source>
        <translation>it was ended</translation>
    </message>
    <message>
        <source>終える</source>
        <translation>End</translation>
    </message>
    <message>
        <source>終了</source>
        <translation>Ended</translation>
    </message>
    <message>
        <source>終了しない</source>
        <translation>Do not end it</translation>
    </message>
    <message>
        <source>終了の記録がない</source>
        <translation>no record of its end</translation>
    </message>
    <message>
        <source>終了（USB 管理の停止）</source>
        <translation>ended (USB control stopped)</translation>
    </message>
    <message>
        <source>終了（抜かれた）</source>
        <translation>ended (pulled out)</translation>
    </message>
    <message>
        <source>終了（時間）</source>
        <translation>ended (time)</translation>
    </message>
    <message>
        <source>終了（窓口の終了）</source>
        <translation>ended (window closed)</translation>
    </message>
    <message>
        <source>終了（終えた）</source>
        <translation>ended (by hand)</translation>
    </message>
    <message>
        <source>結果</source>
        <translation>Result</translation>
    </message>
    <message>
        <source>職員番号かパスワードが違うか、使えない職員番号です。</source>
        <translation>Wrong login or password, or a login that cannot be used.</translation>
    </message>
    <message>
        <source>表</source>
        <translation>Table</translation>
    </message>
    <message>
        <source>表を選ぶ</source>
        <translation>Tables</translation>
    </message>
    <message>
        <source>製品の名のり</source>
        <translation>Calls itself</translation>
    </message>
    <message>
        <source>製造番号</source>
        <translation>Serial number</translation>
    </message>
    <message>
        <source>製造番号のない USB メモリーは登録できません。</source>
        <translation>A stick without a serial number cannot be enrolled.</translation>
    </message>
    <message>
        <source>製造番号の名のり</source>
        <translation>Says its serial number is</translation>
    </message>
    <message>
        <source>見えない文字、引用符、\ は使えません。</source>
        <translation>No invisible characters, quotation marks or \.</translation>
    </message>
    <message>
        <source>見る</source>
        <translation>Show</translation>
    </message>
    <message>
        <source>規則</source>
        <translation>Rules</translation>
    </message>
    <message>
        <source>規則「{rule}」</source>
        <translation>rule &apos;{rule}&apos;</translation>
    </message>
    <message>
        <source>規則「{rule}」で遮断</source>
        <translation>blocked by rule &apos;{rule}&apos;</translation>
    </message>
    <message>
        <source>規則がまだ効いていません。</source>
        <translation>No rules are in force yet.</translation>
    </message>
    <message>
        <source>規則がまだ届いていません。すべての機器を遮断しています。</source>
        <translation>No rules have come yet. All devices are blocked.</translation>
    </message>
    <message>
        <source>規則が古い</source>
        <translation>old rules</translation>
    </message>
    <message>
        <source>規則が届いた</source>
        <translation>rules came</translation>
    </message>
    <message>
        <source>規則なし</source>
        <translation>no rules</translation>
    </message>
    <message>
        <source>規則の書き方が違います。</source>
        <translation>The rules are not written as they must be.</translation>
    </message>
    <message>
        <source>規則の版</source>
        <translation>Rules</translation>
    </message>
    <message>
        <source>規則の版が、いまのものより新しくありません。</source>
        <translation>The version of the rules is not newer than what is there.</translation>
    </message>
    <message>
        <source>規則を受け付けない</source>
        <translation>rules refused</translation>
    </message>
    <message>
        <source>記憶装置</source>
        <translation>storage</translation>
    </message>
    <message>
        <source>記録が変えられている</source>
        <translation>records were changed</translation>
    </message>
    <message>
        <source>記録が抜けている</source>
        <translation>records are missing</translation>
    </message>
    <message>
        <source>記録が書けません</source>
        <translation>its record cannot be written</translation>
    </message>
    <message>
        <source>記録が書けません。新しい機器はすべて遮断しています。</source>
        <translation>Records cannot be written. All new devices are blocked.</translation>
    </message>
    <message>
        <source>記録できない</source>
        <translation>no records</translation>
    </message>
    <message>
        <source>記録に残ります</source>
        <translation>It is on record</translation>
    </message>
    <message>
        <source>記録の印が合わない</source>
        <translation>records do not prove true</translation>
    </message>
    <message>
        <source>記録の数</source>
        <translation>Records</translation>
    </message>
    <message>
        <source>許可</source>
        <translation>allow</translation>
    </message>
    <message>
        <source>詳しく</source>
        <translation>Details</translation>
    </message>
    <message>
        <source>読めない機器</source>
        <translation>cannot be read</translation>
    </message>
    <message>
        <source>読めません（{n}行目）</source>
        <translation>cannot be read (line {n})</translation>
    </message>
    <message>
        <source>貸し出していません。</source>
        <translation>It is not lent out.</translation>
    </message>
    <message>
        <source>貸し出す</source>
        <translation>Lend</translation>
    </message>
    <message>
        <source>貸出</source>
        <translation>Lent</translation>
    </message>
    <message>
        <source>貸出を記録しました</source>
        <translation>Lending noted</translation>
    </message>
    <message>
        <source>貸出中 {who}（{since}）</source>
        <translation>lent to {who} ({since})</translation>
    </message>
    <message>
        <source>起動設定</source>
        <translation>boot setting</translation>
    </message>
    <message>
        <source>返却を記録</source>
        <translation>Note return</translation>
    </message>
    <message>
        <source>返却を記録しました</source>
        <translation>Return noted</translation>
    </message>
    <message>
        <source>途中で別の機器に変わりました</source>
        <translation>it became another device</translation>
    </message>
    <message>
        <source>途中のコピーは失われます</source>
        <translation>What is being copied then is lost</translation>
    </message>
    <message>
        <source>途中のコピーは失われます。続けるには、終わってからもう一度申請してください</source>
        <translation>What is being copied then is lost. To go on, ask again after its end</translation>
    </message>
    <message>
        <source>通信</source>
        <translation>network or modem</translation>
    </message>
    <message>
        <source>遮断</source>
        <translation>blocked</translation>
    </message>
    <message>
        <source>遮断 {n}台</source>
        <translation>blocked: {n}</translation>
    </message>
    <message>
        <source>遮断できない</source>
        <translation>could not be blocked</translation>
    </message>
    <message>
        <source>長すぎます。</source>
        <translation>Too long.</translation>
    </message>
    <message>
        <source>閉じる</source>
        <translation>Close</translation>
    </message>
    <message>
        <source>開始</source>
        <translation>Began</translation>
    </message>
    <message>
        <source>音声</source>
        <translation>audio</translation>
    </message>
</context>
<context>
    <name>Labels</name>
    <message>
        <source>1 から {n} までの数を入力してください</source>
        <translation>Enter a number from 1 to {n}</translation>
    </message>
    <message>
        <source>1枚の用紙に1面から200面までにしてください</source>
        <translation>Between 1 and 200 labels on a sheet</translation>
    </message>
    <message>
        <source>1枚外す</source>
        <translation>Take one out</translation>
    </message>
    <message>
        <source>24面（66.0×33.9 mm）</source>
        <translation>24 a sheet (66.0x33.9 mm)</translation>
    </message>
    <message>
        <source>44面（48.3×25.4 mm）</source>
        <translation>44 a sheet (48.3x25.4 mm)</translation>
    </message>
    <message>
        <source>65面（38.1×21.2 mm）</source>
        <translation>65 a sheet (38.1x21.2 mm)</translation>
    </message>
    <message>
        <source>A4 {n}枚</source>
        <translation>A4 sheets: {n}</translation>
    </message>
    <message>
        <source>A4・10面（85.6×54 mm、切り取り）</source>
        <translation>A4, 10 a sheet (85.6x54 mm, to be cut out)</translation>
    </message>
    <message>
        <source>A4（210×297 mm）に収まるようにしてください</source>
        <translation>It has to fit on A4 (210x297 mm)</translation>
    </message>
    <message>
        <source>Enter で同じ番号をもう一度印刷に加えます。新しいものから50件です。それより前の番号は、打って加えます。</source>
        <translation>Enter adds the same numbers to what is printed, once more. The last 50, newest first; earlier ones are added by typing them.</translation>
    </message>
    <message>
        <source>PDF に書きました</source>
        <translation>Written as a PDF</translation>
    </message>
    <message>
        <source>PDF ファイル</source>
        <translation>PDF file</translation>
    </message>
    <message>
        <source>{first} 〜 {last}</source>
        <translation>{first} to {last}</translation>
    </message>
    <message>
        <source>{number} のラベルを印刷しないことにします。番号は消えません。</source>
        <translation>The label of {number} will not be printed. The number stays as it is.</translation>
    </message>
    <message>
        <source>{number} は、いまの番号体系の番号ではありません。一覧から外すと、ほかは印刷できます。</source>
        <translation>{number} is not a number of the library&apos;s numbering now. Take it off the list to print the others.</translation>
    </message>
    <message>
        <source>{n}枚</source>
        <translation>Labels: {n}</translation>
    </message>
    <message>
        <source>{n}枚が一覧から消えます</source>
        <translation>{n} labels leave the list</translation>
    </message>
    <message>
        <source>{n}枚を A4 {pages}枚に印刷します。拡大・縮小はしません。</source>
        <translation>Labels: {n}, sheets of A4: {pages}. They are not scaled.</translation>
    </message>
    <message>
        <source>いまの番号体系と違います</source>
        <translation>Not of the numbering of today</translation>
    </message>
    <message>
        <source>いまの番号体系と違う番号は印刷できません</source>
        <translation>Numbers of another numbering than today&apos;s cannot be printed</translation>
    </message>
    <message>
        <source>この番号だけです</source>
        <translation>This number alone</translation>
    </message>
    <message>
        <source>この番号のラベルは作れません</source>
        <translation>There is no label for this number</translation>
    </message>
    <message>
        <source>この番号体系の番号は、ここでは割り当てられません。</source>
        <translation>Numbers of this kind are not allotted here.</translation>
    </message>
    <message>
        <source>すべて外す</source>
        <translation>Take all out</translation>
    </message>
    <message>
        <source>つながりしだい調べます。新しい番号はまだ割り当てられません</source>
        <translation>Looked up as soon as the line is back. New numbers are not allotted yet</translation>
    </message>
    <message>
        <source>ほかの用紙</source>
        <translation>Another sheet</translation>
    </message>
    <message>
        <source>もう加わっています</source>
        <translation>It is on the list already</translation>
    </message>
    <message>
        <source>もどる</source>
        <translation>Back</translation>
    </message>
    <message>
        <source>やめる</source>
        <translation>Cancel</translation>
    </message>
    <message>
        <source>プリンターが受け付けません。電源と用紙を確かめてください。</source>
        <translation>The printer does not take it. Check its power and paper.</translation>
    </message>
    <message>
        <source>プリンターに送りました</source>
        <translation>Sent to the printer</translation>
    </message>
    <message>
        <source>ラベル</source>
        <translation>Labels</translation>
    </message>
    <message>
        <source>ラベルにする資料を読み取ってください</source>
        <translation>Scan the items that need labels</translation>
    </message>
    <message>
        <source>ラベルに加えました</source>
        <translation>Added to the labels</translation>
    </message>
    <message>
        <source>ラベルの印刷</source>
        <translation>Print labels</translation>
    </message>
    <message>
        <source>ラベルの大きさ以上にしてください（重なります）</source>
        <translation>At least as much as a label is large, or they overlap</translation>
    </message>
    <message>
        <source>ラベルの幅（mm）</source>
        <translation>Width of a label (mm)</translation>
    </message>
    <message>
        <source>ラベルの高さ（mm）</source>
        <translation>Height of a label (mm)</translation>
    </message>
    <message>
        <source>ラベルを {path} に書き込めません。{reason}</source>
        <translation>The labels cannot be written to {path}. {reason}</translation>
    </message>
    <message>
        <source>一覧から外しますか</source>
        <translation>Take it off the list?</translation>
    </message>
    <message>
        <source>上の余白（mm）</source>
        <translation>Upper margin (mm)</translation>
    </message>
    <message>
        <source>何の番号</source>
        <translation>Numbers of</translation>
    </message>
    <message>
        <source>何の番号か選んでください</source>
        <translation>Choose what the numbers are of</translation>
    </message>
    <message>
        <source>入れない</source>
        <translation>Leave out</translation>
    </message>
    <message>
        <source>入れる</source>
        <translation>Print</translation>
    </message>
    <message>
        <source>分類</source>
        <translation>Class</translation>
    </message>
    <message>
        <source>利用者カード</source>
        <translation>Patron card</translation>
    </message>
    <message>
        <source>利用者カード {example}（{n}けた）</source>
        <translation>Patron cards {example} ({n} digits)</translation>
    </message>
    <message>
        <source>前の印刷がまだ終わっていません。少し待って、もう一度 F10 を押してください。</source>
        <translation>The last sheets are still being printed. Wait a little, then press F10 once more.</translation>
    </message>
    <message>
        <source>前の番号</source>
        <translation>Earlier numbers</translation>
    </message>
    <message>
        <source>割り当てた番号はまだありません。</source>
        <translation>No numbers have been allotted yet.</translation>
    </message>
    <message>
        <source>割り当ては取り消されています。もう一度 F10 を押してください。</source>
        <translation>This was called off. Press F10 once more.</translation>
    </message>
    <message>
        <source>割り当てられませんでした。もう一度 F10 を押すと、同じ割り当てを続けます。</source>
        <translation>No numbers were allotted. F10 goes on with the same request.</translation>
    </message>
    <message>
        <source>割り当てる</source>
        <translation>Allot</translation>
    </message>
    <message>
        <source>割り当て済みの番号</source>
        <translation>Numbers allotted</translation>
    </message>
    <message>
        <source>加える</source>
        <translation>Add</translation>
    </message>
    <message>
        <source>印刷</source>
        <translation>Print</translation>
    </message>
    <message>
        <source>印刷する</source>
        <translation>Print</translation>
    </message>
    <message>
        <source>印刷するラベル</source>
        <translation>Labels to print</translation>
    </message>
    <message>
        <source>印刷に加える</source>
        <translation>Add to the labels</translation>
    </message>
    <message>
        <source>印刷の途中でプログラムの不具合がありました。出てきた用紙を確かめてください。</source>
        <translation>Something went wrong in the program while printing. Check the sheets that came out.</translation>
    </message>
    <message>
        <source>印刷先</source>
        <translation>Printer</translation>
    </message>
    <message>
        <source>印刷先を選んでください</source>
        <translation>Choose a printer</translation>
    </message>
    <message>
        <source>回線が切れています。つながりしだい、同じ番号を割り当てます。</source>
        <translation>The line is down. As soon as it is back, the same numbers are allotted.</translation>
    </message>
    <message>
        <source>図書記号</source>
        <translation>Author mark</translation>
    </message>
    <message>
        <source>始める位置</source>
        <translation>First position</translation>
    </message>
    <message>
        <source>左の余白（mm）</source>
        <translation>Left margin (mm)</translation>
    </message>
    <message>
        <source>左上が 1 で、右へ数えます</source>
        <translation>1 is at the upper left; counted to the right</translation>
    </message>
    <message>
        <source>巻</source>
        <translation>Volume</translation>
    </message>
    <message>
        <source>幅は20 mm、高さは10 mm より大きくしてください</source>
        <translation>At least 20 mm wide and 10 mm high</translation>
    </message>
    <message>
        <source>数字で入力してください（小数は2けたまで）</source>
        <translation>Enter a number, with two decimals at most</translation>
    </message>
    <message>
        <source>新しいカードの番号</source>
        <translation>New card number</translation>
    </message>
    <message>
        <source>新しい番号</source>
        <translation>New numbers</translation>
    </message>
    <message>
        <source>新番号</source>
        <translation>New</translation>
    </message>
    <message>
        <source>日付</source>
        <translation>Date</translation>
    </message>
    <message>
        <source>書名</source>
        <translation>Title</translation>
    </message>
    <message>
        <source>枚数</source>
        <translation>How many</translation>
    </message>
    <message>
        <source>横の枚数</source>
        <translation>Labels across</translation>
    </message>
    <message>
        <source>横の間隔（mm）</source>
        <translation>Pitch across (mm)</translation>
    </message>
    <message>
        <source>次の用紙</source>
        <translation>Next sheet</translation>
    </message>
    <message>
        <source>点数</source>
        <translation>How many</translation>
    </message>
    <message>
        <source>状態</source>
        <translation>State</translation>
    </message>
    <message>
        <source>用紙</source>
        <translation>Sheet</translation>
    </message>
    <message>
        <source>用紙を選んでください</source>
        <translation>Choose a sheet</translation>
    </message>
    <message>
        <source>番号</source>
        <translation>Number</translation>
    </message>
    <message>
        <source>番号のバーがこのラベルに入りません。大きいラベルの用紙を選んでください。</source>
        <translation>The bars have no room on these labels. Choose a sheet with larger ones.</translation>
    </message>
    <message>
        <source>番号を割り当てました</source>
        <translation>Numbers allotted</translation>
    </message>
    <message>
        <source>登録なし（番号だけ）</source>
        <translation>Not catalogued (number alone)</translation>
    </message>
    <message>
        <source>種類</source>
        <translation>Kind</translation>
    </message>
    <message>
        <source>続きの番号がそれだけ残っていません。枚数を減らすか、システム担当に知らせてください。</source>
        <translation>There are not so many numbers left in a row. Take fewer, or tell the system staff.</translation>
    </message>
    <message>
        <source>続きの番号が割り当てられ、ほかの端末には二度と割り当てられません。</source>
        <translation>Numbers in a row are allotted, and never again to another terminal.</translation>
    </message>
    <message>
        <source>縦の枚数</source>
        <translation>Labels down</translation>
    </message>
    <message>
        <source>縦の間隔（mm）</source>
        <translation>Pitch down (mm)</translation>
    </message>
    <message>
        <source>背ラベル</source>
        <translation>Spine label</translation>
    </message>
    <message>
        <source>見本</source>
        <translation>Preview</translation>
    </message>
    <message>
        <source>見本 {page} / {pages}枚・ラベル {n}枚</source>
        <translation>Preview {page} / {pages}, labels: {n}</translation>
    </message>
    <message>
        <source>見本を大きく</source>
        <translation>Larger preview</translation>
    </message>
    <message>
        <source>見本：印刷するラベルがありません</source>
        <translation>Preview: no labels to print</translation>
    </message>
    <message>
        <source>見本：用紙と位置を確かめてください</source>
        <translation>Preview: check sheet and position</translation>
    </message>
    <message>
        <source>読み込んでいます。</source>
        <translation>Loading.</translation>
    </message>
    <message>
        <source>調べています</source>
        <translation>Being looked up</translation>
    </message>
    <message>
        <source>資料 {example}（{n}けた）</source>
        <translation>Items {example} ({n} digits)</translation>
    </message>
    <message>
        <source>資料は {n} まで、カードは {cards} まで</source>
        <translation>Up to {n} for items, {cards} for cards</translation>
    </message>
    <message>
        <source>資料を読み取るか、F9 で新しい番号を割り当ててください。前の番号は F11 で呼び出せます。</source>
        <translation>Scan items, or have new numbers allotted with F9. F11 brings earlier ones back.</translation>
    </message>
    <message>
        <source>資料を読み取るか番号を打つと加わります。Enter かダブルクリックで外せます。</source>
        <translation>Scan an item or type its number to add it. Enter or a double click takes one out.</translation>
    </message>
    <message>
        <source>資料ラベル</source>
        <translation>Item label</translation>
    </message>
    <message>
        <source>館</source>
        <translation>Branch</translation>
    </message>
</context>
<context>
    <name>Look</name>
    <message>
        <source>1字消す</source>
        <translation>Erase one</translation>
    </message>
    <message>
        <source>Enter では答えになりません。</source>
        <translation>Enter does not answer.</translation>
    </message>
    <message>
        <source>F9 か F10 で答えます。</source>
        <translation>Answer with F9 or F10.</translation>
    </message>
    <message>
        <source>F9 か F11 で答えます（操作コード表は F9 だけ）。</source>
        <translation>Answer with F9 or F11 (command sheet: F9 only).</translation>
    </message>
    <message>
        <source>F9 で答えます。</source>
        <translation>Answer with F9.</translation>
    </message>
    <message>
        <source>F9・F10・F11 で答えます（操作コード表は F9・F10 だけ）。</source>
        <translation>Answer with F9, F10 or F11 (command sheet: F9, F10 only).</translation>
    </message>
    <message>
        <source>F{key}キー {word}</source>
        <translation>Key F{key}: {word}</translation>
    </message>
    <message>
        <source>ISBN</source>
        <translation>ISBN</translation>
    </message>
    <message>
        <source>S55.4.1 や 1980/4/1</source>
        <translation>1980/4/1 or S55.4.1</translation>
    </message>
    <message>
        <source>Tab で移り、矢印か Space で変えます。</source>
        <translation>Tab moves, arrows or Space change.</translation>
    </message>
    <message>
        <source>{count}件</source>
        <translation>Count: {count}</translation>
    </message>
    <message>
        <source>{hour}時</source>
        <translation>{hour}:00</translation>
    </message>
    <message>
        <source>{staff}（{since} から）</source>
        <translation>{staff} (since {since})</translation>
    </message>
    <message>
        <source>{subject}：{words}。</source>
        <translation>{subject}: {words}.</translation>
    </message>
    <message>
        <source>、</source>
        <translation>, </translation>
    </message>
    <message>
        <source>あと{count}</source>
        <translation>{count} left</translation>
    </message>
    <message>
        <source>かな2文字から、一部でもよい。Enter で検索</source>
        <translation>Two kana or more, any part. Enter finds</translation>
    </message>
    <message>
        <source>かな・氏名・利用者番号</source>
        <translation>Kana, name or patron number</translation>
    </message>
    <message>
        <source>この端末での自分の設定</source>
        <translation>My settings on this terminal</translation>
    </message>
    <message>
        <source>なし</source>
        <translation>none</translation>
    </message>
    <message>
        <source>ほか {count} 行</source>
        <translation>{count} more lines</translation>
    </message>
    <message>
        <source>まだ処理していません。離席した職員が再開すると、順に処理します。</source>
        <translation>Nothing has been done with them yet. When whoever is away resumes, they are done in order.</translation>
    </message>
    <message>
        <source>もう一度</source>
        <translation>Once more</translation>
    </message>
    <message>
        <source>やめる</source>
        <translation>Cancel</translation>
    </message>
    <message>
        <source>サインイン</source>
        <translation>Sign in</translation>
    </message>
    <message>
        <source>サインインに戻る</source>
        <translation>Back to sign-in</translation>
    </message>
    <message>
        <source>シリーズ</source>
        <translation>Series</translation>
    </message>
    <message>
        <source>パスワード</source>
        <translation>Password</translation>
    </message>
    <message>
        <source>パスワードを入れると再開します</source>
        <translation>Enter your password to resume</translation>
    </message>
    <message>
        <source>パスワードを変える</source>
        <translation>Change the password</translation>
    </message>
    <message>
        <source>プリンター</source>
        <translation>Printer</translation>
    </message>
    <message>
        <source>一致</source>
        <translation>Same</translation>
    </message>
    <message>
        <source>今回{count}</source>
        <translation>{count} now</translation>
    </message>
    <message>
        <source>仕分け</source>
        <translation>Sorting</translation>
    </message>
    <message>
        <source>係 {name}</source>
        <translation>Staff: {name}</translation>
    </message>
    <message>
        <source>停止</source>
        <translation>Off</translation>
    </message>
    <message>
        <source>入</source>
        <translation>On</translation>
    </message>
    <message>
        <source>全部消す</source>
        <translation>Clear</translation>
    </message>
    <message>
        <source>再開</source>
        <translation>Resume</translation>
    </message>
    <message>
        <source>出版社</source>
        <translation>Publisher</translation>
    </message>
    <message>
        <source>分類（NDC）</source>
        <translation>Class (NDC)</translation>
    </message>
    <message>
        <source>切</source>
        <translation>Off</translation>
    </message>
    <message>
        <source>別の職員が使うときは、自分の職員番号とパスワードを入れてください。{staff}さんの作業は残ります。</source>
        <translation>Another member of staff signs in with their own ID and password. The work of {staff} is kept.</translation>
    </message>
    <message>
        <source>利用者番号</source>
        <translation>Patron no.</translation>
    </message>
    <message>
        <source>前に{count}行</source>
        <translation>Earlier: {count}</translation>
    </message>
    <message>
        <source>区分</source>
        <translation>Category</translation>
    </message>
    <message>
        <source>回答待ち</source>
        <translation>Waiting</translation>
    </message>
    <message>
        <source>報告</source>
        <translation>Report</translation>
    </message>
    <message>
        <source>山の数と合っているか確かめる</source>
        <translation>Count the piles and compare</translation>
    </message>
    <message>
        <source>後に{count}行</source>
        <translation>Later: {count}</translation>
    </message>
    <message>
        <source>必須</source>
        <translation>required</translation>
    </message>
    <message>
        <source>文字の大きさ</source>
        <translation>Text size</translation>
    </message>
    <message>
        <source>新しいパスワード</source>
        <translation>New password</translation>
    </message>
    <message>
        <source>書名</source>
        <translation>Title</translation>
    </message>
    <message>
        <source>書名・著者・よみ・出版社・ISBN・分類・資料番号</source>
        <translation>Title, author, reading, publisher, ISBN, class, item no.</translation>
    </message>
    <message>
        <source>有効期限</source>
        <translation>Valid until</translation>
    </message>
    <message>
        <source>未入力</source>
        <translation>Nothing typed</translation>
    </message>
    <message>
        <source>業務の一覧</source>
        <translation>Tasks</translation>
    </message>
    <message>
        <source>標準</source>
        <translation>Standard</translation>
    </message>
    <message>
        <source>次の資料を読み取ってください</source>
        <translation>Scan the next item</translation>
    </message>
    <message>
        <source>正常</source>
        <translation>OK</translation>
    </message>
    <message>
        <source>気をつける</source>
        <translation>Take care</translation>
    </message>
    <message>
        <source>決定</source>
        <translation>OK</translation>
    </message>
    <message>
        <source>注意</source>
        <translation>Notice</translation>
    </message>
    <message>
        <source>理由</source>
        <translation>Why</translation>
    </message>
    <message>
        <source>理由を選んでから F11 を押してください</source>
        <translation>Choose a reason, then press F11</translation>
    </message>
    <message>
        <source>生年月日</source>
        <translation>Date of birth</translation>
    </message>
    <message>
        <source>画面の配色</source>
        <translation>Colors</translation>
    </message>
    <message>
        <source>異常</source>
        <translation>Fault</translation>
    </message>
    <message>
        <source>直すところ {count}</source>
        <translation>To mend: {count}</translation>
    </message>
    <message>
        <source>窓口の画面</source>
        <translation>Counter</translation>
    </message>
    <message>
        <source>続き {page}/{pages}</source>
        <translation>More {page}/{pages}</translation>
    </message>
    <message>
        <source>職員メモ</source>
        <translation>Staff note</translation>
    </message>
    <message>
        <source>職員番号</source>
        <translation>Staff ID</translation>
    </message>
    <message>
        <source>著者</source>
        <translation>Author</translation>
    </message>
    <message>
        <source>表示中</source>
        <translation>shown</translation>
    </message>
    <message>
        <source>設定</source>
        <translation>Options</translation>
    </message>
    <message>
        <source>試聴</source>
        <translation>Play</translation>
    </message>
    <message>
        <source>読み取り {count}件を保留中</source>
        <translation>{count} scans held</translation>
    </message>
    <message>
        <source>資料番号</source>
        <translation>Item no.</translation>
    </message>
    <message>
        <source>近い</source>
        <translation>Near</translation>
    </message>
    <message>
        <source>送っています。お待ちください。</source>
        <translation>Sending. Please wait.</translation>
    </message>
    <message>
        <source>違う</source>
        <translation>Different</translation>
    </message>
    <message>
        <source>閉じる</source>
        <translation>Close</translation>
    </message>
    <message>
        <source>隠す</source>
        <translation>Hide</translation>
    </message>
    <message>
        <source>離席中</source>
        <translation>Away</translation>
    </message>
    <message>
        <source>電話の下4桁</source>
        <translation>Telephone, last 4</translation>
    </message>
    <message>
        <source>非表示</source>
        <translation>Hidden</translation>
    </message>
    <message>
        <source>音</source>
        <translation>Sounds</translation>
    </message>
    <message>
        <source>音 {sound}</source>
        <translation>Sound: {sound}</translation>
    </message>
    <message>
        <source>音 {sound} 試聴</source>
        <translation>Play the sound: {sound}</translation>
    </message>
    <message>
        <source>高コントラスト</source>
        <translation>High contrast</translation>
    </message>
</context>
<context>
    <name>Office</name>
    <message>
        <source>/ から始まるファイル名を入れてください。</source>
        <translation>A file name that begins with / please.</translation>
    </message>
    <message>
        <source>1日の失敗 {n}回・ロック中 {l}人</source>
        <translation>{n} failures in a day, {l} locked</translation>
    </message>
    <message>
        <source>1時間に一覧で見られる利用者の人数</source>
        <translation>Patrons seen in lists in an hour</translation>
    </message>
    <message>
        <source>1時間に報告できる件数を超えました。</source>
        <translation>More reports than an hour allows.</translation>
    </message>
    <message>
        <source>1時間に開ける利用者の人数</source>
        <translation>Patrons one may open in an hour</translation>
    </message>
    <message>
        <source>2027-03-31 か 3/31 のように。空欄で限りなし。</source>
        <translation>Like 2027-03-31 or 3/31. Empty: no limit.</translation>
    </message>
    <message>
        <source>2027-03-31 か 3/31 のように入れてください。</source>
        <translation>Like 2027-03-31 or 3/31, please.</translation>
    </message>
    <message>
        <source>7日たっても仮のまま {n}人</source>
        <translation>{n} still temporary after 7 days</translation>
    </message>
    <message>
        <source>EAN-13 のチェックデジットは EAN-13 です。</source>
        <translation>The check digit of EAN-13 is EAN-13.</translation>
    </message>
    <message>
        <source>F8 で読み直します</source>
        <translation>F8 tries again</translation>
    </message>
    <message>
        <source>HID POS</source>
        <translation>HID POS</translation>
    </message>
    <message>
        <source>ISBN {isbn}</source>
        <translation>ISBN {isbn}</translation>
    </message>
    <message>
        <source>ISBN と読みます：{number}</source>
        <translation>Read as an ISBN: {number}</translation>
    </message>
    <message>
        <source>ISBN に似たもの</source>
        <translation>Like an ISBN</translation>
    </message>
    <message>
        <source>ISBN や雑誌の番号には、規則は要りません。</source>
        <translation>ISBNs and magazine codes need no rule.</translation>
    </message>
    <message>
        <source>ISSN と読みます：{number}&#x3000;号 {issue}</source>
        <translation>Read as an ISSN: {number}, issue {issue}</translation>
    </message>
    <message>
        <source>NW-7（コーダバー）</source>
        <translation>NW-7 (Codabar)</translation>
    </message>
    <message>
        <source>USB の例外の偽の申請</source>
        <translation>Forged request for a USB exception</translation>
    </message>
    <message>
        <source>USB の例外の取下げ</source>
        <translation>USB exception taken back</translation>
    </message>
    <message>
        <source>USB の例外の承認</source>
        <translation>USB exception approved</translation>
    </message>
    <message>
        <source>USB の例外の申請</source>
        <translation>USB exception asked for</translation>
    </message>
    <message>
        <source>USB の例外を承認しない</source>
        <translation>USB exception refused</translation>
    </message>
    <message>
        <source>USB の端末記録の受取</source>
        <translation>USB records of a terminal taken</translation>
    </message>
    <message>
        <source>USB の端末記録を受け取らない</source>
        <translation>USB records of a terminal refused</translation>
    </message>
    <message>
        <source>USB の組 {value}</source>
        <translation>USB group {value}</translation>
    </message>
    <message>
        <source>USB の規則の取消し</source>
        <translation>USB policy withdrawn</translation>
    </message>
    <message>
        <source>USB の規則の登録</source>
        <translation>USB rules put on the server</translation>
    </message>
    <message>
        <source>USB の規則の組</source>
        <translation>Group of USB rules</translation>
    </message>
    <message>
        <source>USB メモリーとのコピー</source>
        <translation>Files copied from or to a stick</translation>
    </message>
    <message>
        <source>USB 機器</source>
        <translation>USB devices</translation>
    </message>
    <message>
        <source>USB 機器の廃棄</source>
        <translation>USB device disposed of</translation>
    </message>
    <message>
        <source>USB 機器の登録</source>
        <translation>USB device enrolled</translation>
    </message>
    <message>
        <source>USB 機器の貸出</source>
        <translation>USB device lent</translation>
    </message>
    <message>
        <source>USB 機器の返却</source>
        <translation>USB device returned</translation>
    </message>
    <message>
        <source>USB 管理の鍵の発行</source>
        <translation>Key made for a USB agent</translation>
    </message>
    <message>
        <source>Web のパスワードとお気に入りを職員が読めない</source>
        <translation>Staff cannot read web passwords and favourites</translation>
    </message>
    <message>
        <source>settings.toml に書けませんでした。{why}</source>
        <translation>settings.toml could not be written. {why}</translation>
    </message>
    <message>
        <source>{at} のサーバーの様子・条文の番号はセキュリティ基準の詳細編</source>
        <translation>The server at {at}; clauses of the standard&apos;s detailed part</translation>
    </message>
    <message>
        <source>{category}・{group}</source>
        <translation>{category}, {group}</translation>
    </message>
    <message>
        <source>{first} から {last}</source>
        <translation>{first} to {last}</translation>
    </message>
    <message>
        <source>{how}・返却専用</source>
        <translation>{how}, returns only</translation>
    </message>
    <message>
        <source>{least}〜{most}</source>
        <translation>{least} to {most}</translation>
    </message>
    <message>
        <source>{least}〜{most} 秒。空欄なら、その端末の設定ファイルのとおりです。</source>
        <translation>{least} to {most} seconds. Empty: as the terminal&apos;s own file says.</translation>
    </message>
    <message>
        <source>{like}：{why}</source>
        <translation>{like}: {why}</translation>
    </message>
    <message>
        <source>{login} の仮のパスワードです。本人に渡してください。閉じると二度と見られません。</source>
        <translation>The temporary password of {login}. Hand it to its owner. Once closed it is never shown again.</translation>
    </message>
    <message>
        <source>{means} {prefix}… {length}けた</source>
        <translation>{means} {prefix}... of {length}</translation>
    </message>
    <message>
        <source>{means} {prefix}… {length}けた {symbology}</source>
        <translation>{means} {prefix}... of {length} in {symbology}</translation>
    </message>
    <message>
        <source>{means}と読みます：{number}&#x3000;規則 {rule}</source>
        <translation>Read as {means}: {number}. Rule: {rule}</translation>
    </message>
    <message>
        <source>{name} の登録取消</source>
        <translation>Revoke {name}</translation>
    </message>
    <message>
        <source>{name} は、もう「{known}」として覚えています。</source>
        <translation>{name} is known already, as {known}.</translation>
    </message>
    <message>
        <source>{name} を元に戻す</source>
        <translation>Let {name} in again</translation>
    </message>
    <message>
        <source>{name}（{login}）</source>
        <translation>{name} ({login})</translation>
    </message>
    <message>
        <source>{name}（{login}）のロック解除</source>
        <translation>Unlock {name} ({login})</translation>
    </message>
    <message>
        <source>{name}（{login}）の停止</source>
        <translation>Disable {name} ({login})</translation>
    </message>
    <message>
        <source>{n}けたより短い番号は、キーボード方式では、覚えたスキャナだけが読みます。</source>
        <translation>Of scanners that type, only learned ones read numbers of fewer than {n} characters.</translation>
    </message>
    <message>
        <source>{n}ミリ秒</source>
        <translation>{n} ms</translation>
    </message>
    <message>
        <source>{n}件</source>
        <translation>{n} records</translation>
    </message>
    <message>
        <source>{n}文字までの名前を入れてください。</source>
        <translation>Enter a name of at most {n} characters.</translation>
    </message>
    <message>
        <source>{n}日以上使われていない職員番号</source>
        <translation>Logins not used for {n} days or more</translation>
    </message>
    <message>
        <source>{old} → {new}</source>
        <translation>{old} to {new}</translation>
    </message>
    <message>
        <source>{range}・空欄はなし</source>
        <translation>{range}, empty: none</translation>
    </message>
    <message>
        <source>{rule}：この形の番号は、次のサインインからどの端末でも読めなくなります。</source>
        <translation>{rule}: no terminal will read such numbers from the next sign-in on.</translation>
    </message>
    <message>
        <source>{span}・新しいものだけ（ほかにもあります）</source>
        <translation>{span}, the newest only (there are more)</translation>
    </message>
    <message>
        <source>{terminal}（{branch}）</source>
        <translation>{terminal} ({branch})</translation>
    </message>
    <message>
        <source>↑↓ で選び、Enter で開きます</source>
        <translation>Up and Down select, Enter opens</translation>
    </message>
    <message>
        <source>、</source>
        <translation>, </translation>
    </message>
    <message>
        <source>あるファイルは書き換えません。</source>
        <translation>A file that is there is never replaced.</translation>
    </message>
    <message>
        <source>いいえ</source>
        <translation>No</translation>
    </message>
    <message>
        <source>いま</source>
        <translation>now</translation>
    </message>
    <message>
        <source>いまの値は {value} です。すべての端末で、すぐに有効になります。</source>
        <translation>It is {value} now. What you set holds at every terminal, at once.</translation>
    </message>
    <message>
        <source>いまの接続はすべて暗号化</source>
        <translation>All connections now are encrypted</translation>
    </message>
    <message>
        <source>いまの様子</source>
        <translation>How it stands</translation>
    </message>
    <message>
        <source>いま使っているカードや資料の番号が、この規則で読めることを確かめてください。</source>
        <translation>See that the numbers now in use are read under this rule.</translation>
    </message>
    <message>
        <source>けた数</source>
        <translation>Length</translation>
    </message>
    <message>
        <source>ここでは読み取りません</source>
        <translation>Nothing is scanned here</translation>
    </message>
    <message>
        <source>このけた数や文字には、このチェックデジットを付けられません。</source>
        <translation>Numbers of this length or with these letters cannot have this check digit.</translation>
    </message>
    <message>
        <source>この前の記録が抜けています</source>
        <translation>records are missing before it</translation>
    </message>
    <message>
        <source>この役割では行えません。</source>
        <translation>This role may not do that.</translation>
    </message>
    <message>
        <source>この日から</source>
        <translation>From this day</translation>
    </message>
    <message>
        <source>この日まで</source>
        <translation>Up to this day</translation>
    </message>
    <message>
        <source>この端末</source>
        <translation>This terminal</translation>
    </message>
    <message>
        <source>この端末のスキャナ</source>
        <translation>Scanners of this terminal</translation>
    </message>
    <message>
        <source>この端末の設定</source>
        <translation>Its own settings</translation>
    </message>
    <message>
        <source>この職員カードは、ほかの職員のものです。</source>
        <translation>This staff card is somebody else&apos;s.</translation>
    </message>
    <message>
        <source>この職員番号は、もう使われています。</source>
        <translation>This login is taken.</translation>
    </message>
    <message>
        <source>この規則では、まだ読めません：{why}</source>
        <translation>This rule cannot read anything yet: {why}</translation>
    </message>
    <message>
        <source>この規則は、もうありません。とじて、一覧を見てください。</source>
        <translation>This rule is there no more. Close this and look at the list.</translation>
    </message>
    <message>
        <source>さかのぼれる返却日の日数</source>
        <translation>Days a return may be dated back</translation>
    </message>
    <message>
        <source>したこと</source>
        <translation>What was done</translation>
    </message>
    <message>
        <source>すべて</source>
        <translation>Everything</translation>
    </message>
    <message>
        <source>そのまま</source>
        <translation>Leave it</translation>
    </message>
    <message>
        <source>そのまま使う</source>
        <translation>Go on using it</translation>
    </message>
    <message>
        <source>その他</source>
        <translation>Other</translation>
    </message>
    <message>
        <source>その名前のファイルがもうあります</source>
        <translation>There is a file of that name</translation>
    </message>
    <message>
        <source>その報告はありません。</source>
        <translation>There is no such report.</translation>
    </message>
    <message>
        <source>その期間のすべての記録を、鎖を確かめられる形で書き出します。書き出したことと、できたファイルの指紋（SHA-256）が記録に残ります。</source>
        <translation>Writes all records of that time so that their chains can be checked. That you did, and the file&apos;s SHA-256, go on record.</translation>
    </message>
    <message>
        <source>その端末は、もう一覧にないか、状態が変わりました。</source>
        <translation>That terminal is not listed any more, or has changed.</translation>
    </message>
    <message>
        <source>その職員は、もう一覧にありません。</source>
        <translation>That account is not listed any more.</translation>
    </message>
    <message>
        <source>その設定はありません。</source>
        <translation>There is no such setting.</translation>
    </message>
    <message>
        <source>だれが</source>
        <translation>Who</translation>
    </message>
    <message>
        <source>だれが入力したかを後で確かめられる</source>
        <translation>It can be told later who entered what</translation>
    </message>
    <message>
        <source>とじる</source>
        <translation>Close</translation>
    </message>
    <message>
        <source>どこから</source>
        <translation>By what</translation>
    </message>
    <message>
        <source>どの機器から届いたか分かりません。もう1つ読み取ってください。</source>
        <translation>Nobody can tell which device sent it. Scan another one.</translation>
    </message>
    <message>
        <source>どの職員番号がどの端末から使えるかを限る</source>
        <translation>Limits which login works from which terminal</translation>
    </message>
    <message>
        <source>どれがキーボードか、まだ分かりません。ふだん打つキーボードで F10 を押してください。</source>
        <translation>Which keyboard is used for typing is not known yet. Press F10 on that keyboard.</translation>
    </message>
    <message>
        <source>なし</source>
        <translation>never</translation>
    </message>
    <message>
        <source>はい</source>
        <translation>Yes</translation>
    </message>
    <message>
        <source>ほかにキーボードがありません。覚えると、この端末では何も打てなくなります。</source>
        <translation>There is no other keyboard. Once it is learned, nothing can be typed at this terminal.</translation>
    </message>
    <message>
        <source>ほかのスキャナの呼び名です。</source>
        <translation>Another scanner is called so.</translation>
    </message>
    <message>
        <source>ほかの人が先に変えました。いまの値を確かめて、やり直してください。</source>
        <translation>Somebody else changed it first. Look at it as it is now and try again.</translation>
    </message>
    <message>
        <source>ほかの端末で使用中の USB メモリー</source>
        <translation>USB stick in use elsewhere</translation>
    </message>
    <message>
        <source>まだ決めていません。下は、この端末が使っている番号です。変えると、図書館全体の番号体系になります。</source>
        <translation>Not decided yet. These are the numbers this terminal works with. Once changed, they are the whole library&apos;s.</translation>
    </message>
    <message>
        <source>まだ：{what}</source>
        <translation>Not yet: {what}</translation>
    </message>
    <message>
        <source>アクセスの記録を残し、書き換えから守る</source>
        <translation>Access is recorded and the record protected</translation>
    </message>
    <message>
        <source>ウイルス検査あり</source>
        <translation>virus check set</translation>
    </message>
    <message>
        <source>ウイルス検査のコマンド</source>
        <translation>Virus check command</translation>
    </message>
    <message>
        <source>カナの頭文字</source>
        <translation>First kana letter</translation>
    </message>
    <message>
        <source>カードの再発行</source>
        <translation>Card replaced</translation>
    </message>
    <message>
        <source>カードの更新</source>
        <translation>Card put in order</translation>
    </message>
    <message>
        <source>カードの番号の割り当て</source>
        <translation>Number allotted for a card</translation>
    </message>
    <message>
        <source>カードの番号は、英数字で20字までです。</source>
        <translation>A card&apos;s number is up to 20 letters and digits.</translation>
    </message>
    <message>
        <source>カードの紛失</source>
        <translation>Card lost</translation>
    </message>
    <message>
        <source>カードの読み取り</source>
        <translation>Card scanned</translation>
    </message>
    <message>
        <source>キーボード</source>
        <translation>Keyboard</translation>
    </message>
    <message>
        <source>キーボードと同じ機器から届いています。覚えると、そのキーボードでは何も打てなくなります。スキャナを別の USB 口につないで、もう一度読み取ってください。</source>
        <translation>It comes from the same device as the keyboard, on which nothing could be typed any more. Plug the scanner into another USB socket and scan again.</translation>
    </message>
    <message>
        <source>キーボード方式では、覚えたスキャナだけが読みます</source>
        <translation>Of scanners that type, only learned ones read it</translation>
    </message>
    <message>
        <source>キーボード（専用）</source>
        <translation>Keyboard (dedicated)</translation>
    </message>
    <message>
        <source>キー入力</source>
        <translation>Keys</translation>
    </message>
    <message>
        <source>コードの種類（AIM）: {aim}</source>
        <translation>Symbology identifier (AIM): {aim}</translation>
    </message>
    <message>
        <source>サインアウト</source>
        <translation>Sign out</translation>
    </message>
    <message>
        <source>サインイン</source>
        <translation>Sign in</translation>
    </message>
    <message>
        <source>サインインのとき、前回を示して本人に確かめてもらう</source>
        <translation>Sign-in shows the time before, for its owner to confirm</translation>
    </message>
    <message>
        <source>サインインの失敗が続いて止まっています。本人であることを確かめてから。</source>
        <translation>Stopped by repeated bad sign-ins. Make sure that it is they who ask.</translation>
    </message>
    <message>
        <source>サインインの強制終了</source>
        <translation>Session ended by the server</translation>
    </message>
    <message>
        <source>サインイン中</source>
        <translation>Signed in</translation>
    </message>
    <message>
        <source>サインイン中の人はすぐに終わり、この証明書では二度とつながりません。また使うには登録し直します。</source>
        <translation>Whoever works there is out at once, and this certificate never connects again. To use it again, enrol it anew.</translation>
    </message>
    <message>
        <source>サーバーがこの内容を受け付けません。</source>
        <translation>The server does not take this.</translation>
    </message>
    <message>
        <source>サーバーで madoguchi-server audit verify を行ってください</source>
        <translation>Run madoguchi-server audit verify on the server</translation>
    </message>
    <message>
        <source>サーバーの番号体系が読めません。下は、この端末が使っている番号です。</source>
        <translation>The server&apos;s numbering cannot be read. These are the numbers this terminal works with.</translation>
    </message>
    <message>
        <source>サーバーの監視が止まっています</source>
        <translation>The server is not being watched</translation>
    </message>
    <message>
        <source>システム担当</source>
        <translation>System staff</translation>
    </message>
    <message>
        <source>シリアル</source>
        <translation>Serial</translation>
    </message>
    <message>
        <source>スキャナ</source>
        <translation>Scanners</translation>
    </message>
    <message>
        <source>スキャナ{n}</source>
        <translation>Scanner {n}</translation>
    </message>
    <message>
        <source>スキャナを覚える</source>
        <translation>Learn a scanner</translation>
    </message>
    <message>
        <source>スキャナーが取る</source>
        <translation>Taken off</translation>
    </message>
    <message>
        <source>スタート・ストップ文字は A〜D です。</source>
        <translation>Start and stop letters are A to D.</translation>
    </message>
    <message>
        <source>スタート・ストップ文字（NW-7）</source>
        <translation>Start and stop letters (NW-7)</translation>
    </message>
    <message>
        <source>スタート文字</source>
        <translation>Start letter</translation>
    </message>
    <message>
        <source>ストップ文字</source>
        <translation>Stop letter</translation>
    </message>
    <message>
        <source>セキュリティ基準への対応</source>
        <translation>The security standard, clause by clause</translation>
    </message>
    <message>
        <source>セキュリティ責任者</source>
        <translation>Security manager</translation>
    </message>
    <message>
        <source>チェックデジット</source>
        <translation>Check digit</translation>
    </message>
    <message>
        <source>バックアップ</source>
        <translation>Backups</translation>
    </message>
    <message>
        <source>バックアップからの復元</source>
        <translation>Restored from a backup</translation>
    </message>
    <message>
        <source>バーコード</source>
        <translation>Barcode</translation>
    </message>
    <message>
        <source>バーコードを読み取るか、番号を入れると、どう読むかがすぐ下に出ます。</source>
        <translation>Scan a barcode or type a number; below it stands how it is read.</translation>
    </message>
    <message>
        <source>パスワード</source>
        <translation>Password</translation>
    </message>
    <message>
        <source>パスワードの変更</source>
        <translation>Password changed</translation>
    </message>
    <message>
        <source>パスワードの更新、退職者と委託の職員番号の削除</source>
        <translation>Passwords renewed, logins of leavers and contractors removed</translation>
    </message>
    <message>
        <source>パスワードの有効日数</source>
        <translation>Days a password is good for</translation>
    </message>
    <message>
        <source>パスワードを見せない、印刷しない、元に戻せない形で持つ</source>
        <translation>Passwords neither shown nor printed, kept so that none can be read</translation>
    </message>
    <message>
        <source>ファイル</source>
        <translation>File</translation>
    </message>
    <message>
        <source>プリンターがないので PDF にしました</source>
        <translation>No printer: written as a PDF</translation>
    </message>
    <message>
        <source>プログラムと設定の変更に気付く</source>
        <translation>Changed programs and settings are noticed</translation>
    </message>
    <message>
        <source>プログラムの不具合です。一覧を確かめ、システム担当に連絡してください。</source>
        <translation>The program is at fault. Check the list and tell system staff.</translation>
    </message>
    <message>
        <source>モジュラス10 ウェイト2-1 一括</source>
        <translation>Modulus 10 weight 2-1 whole</translation>
    </message>
    <message>
        <source>モジュラス10 ウェイト2-1 分割（ルーンズ）</source>
        <translation>Modulus 10 weight 2-1 split (Luhn)</translation>
    </message>
    <message>
        <source>モジュラス10 ウェイト3-1</source>
        <translation>Modulus 10 weight 3-1</translation>
    </message>
    <message>
        <source>モジュラス11</source>
        <translation>Modulus 11</translation>
    </message>
    <message>
        <source>モジュラス16</source>
        <translation>Modulus 16</translation>
    </message>
    <message>
        <source>モジュラス16は NW-7 だけのものです。</source>
        <translation>Modulus 16 belongs to NW-7 alone.</translation>
    </message>
    <message>
        <source>モジュラス43</source>
        <translation>Modulus 43</translation>
    </message>
    <message>
        <source>モジュラス43は Code 39 と Code 128 だけのものです。</source>
        <translation>Modulus 43 belongs to Code 39 and Code 128 alone.</translation>
    </message>
    <message>
        <source>ラベル {value}</source>
        <translation>labels {value}</translation>
    </message>
    <message>
        <source>ラベルプリンター</source>
        <translation>Label printer</translation>
    </message>
    <message>
        <source>レシート {value}</source>
        <translation>receipts {value}</translation>
    </message>
    <message>
        <source>レシートプリンター</source>
        <translation>Receipt printer</translation>
    </message>
    <message>
        <source>ロックするまでの失敗回数</source>
        <translation>Bad sign-ins until a login is locked</translation>
    </message>
    <message>
        <source>ロックの分数</source>
        <translation>Minutes a lock lasts</translation>
    </message>
    <message>
        <source>ロックの時間切れ</source>
        <translation>Lock ran out</translation>
    </message>
    <message>
        <source>ロックを解除しました</source>
        <translation>Unlocked</translation>
    </message>
    <message>
        <source>ロック中</source>
        <translation>locked</translation>
    </message>
    <message>
        <source>ロック解除</source>
        <translation>Unlock</translation>
    </message>
    <message>
        <source>不審な人・操作</source>
        <translation>Strange person or act</translation>
    </message>
    <message>
        <source>不明とするまでに探す回数</source>
        <translation>Searches in vain until a copy counts as missing</translation>
    </message>
    <message>
        <source>不要なポートを開けない</source>
        <translation>No port open that is not needed</translation>
    </message>
    <message>
        <source>不要な機器を使えなくする</source>
        <translation>Unneeded devices cannot be used</translation>
    </message>
    <message>
        <source>予備サーバーが止まっています</source>
        <translation>The second server is down</translation>
    </message>
    <message>
        <source>予備サーバーの停止</source>
        <translation>Second host gone</translation>
    </message>
    <message>
        <source>予備サーバーの復帰</source>
        <translation>Second host back</translation>
    </message>
    <message>
        <source>予備サーバーの接続の用意</source>
        <translation>Second host&apos;s login made</translation>
    </message>
    <message>
        <source>予備サーバーへの切り替え</source>
        <translation>Second host promoted</translation>
    </message>
    <message>
        <source>予約</source>
        <translation>Reservation</translation>
    </message>
    <message>
        <source>予約できる点数</source>
        <translation>Reservations at once</translation>
    </message>
    <message>
        <source>予約の連絡</source>
        <translation>Told of a reservation</translation>
    </message>
    <message>
        <source>事故</source>
        <translation>Incidents</translation>
    </message>
    <message>
        <source>事故 第{n}号</source>
        <translation>Incident no. {n}</translation>
    </message>
    <message>
        <source>事故の報告</source>
        <translation>Incidents</translation>
    </message>
    <message>
        <source>事故の報告・端末の切り離し</source>
        <translation>Report an incident, cut this terminal off</translation>
    </message>
    <message>
        <source>事故は、内容・原因・被害・範囲をすぐ報告する</source>
        <translation>Incidents reported at once: content, cause, damage, extent</translation>
    </message>
    <message>
        <source>事故への対処</source>
        <translation>Incident closed</translation>
    </message>
    <message>
        <source>仕組みで守る（試験で確認）</source>
        <translation>Built in, shown by tests</translation>
    </message>
    <message>
        <source>付いて届く</source>
        <translation>Sent</translation>
    </message>
    <message>
        <source>付く（{around}）</source>
        <translation>Sent ({around})</translation>
    </message>
    <message>
        <source>代理受取の取りやめ</source>
        <translation>Pick-up by another ended</translation>
    </message>
    <message>
        <source>代理受取の同意</source>
        <translation>Pick-up by another agreed</translation>
    </message>
    <message>
        <source>仮のものにすると、開いているサインインは終わり、停止も解けます。</source>
        <translation>A temporary one ends open sessions and brings back a disabled account.</translation>
    </message>
    <message>
        <source>仮のパスワードにする</source>
        <translation>Make it a temporary one</translation>
    </message>
    <message>
        <source>仮のパスワードは最初に変える</source>
        <translation>A temporary password is changed first</translation>
    </message>
    <message>
        <source>仮のパスワードを作り、一度だけ画面に出します。最初のサインインで本人が変えます。</source>
        <translation>A temporary password is made and shown once. Its owner changes it at the first sign-in.</translation>
    </message>
    <message>
        <source>仮パスワード</source>
        <translation>temporary</translation>
    </message>
    <message>
        <source>仮パスワードの有効時間</source>
        <translation>Hours that a one-time password is good</translation>
    </message>
    <message>
        <source>仮パスワードの発行</source>
        <translation>Temporary password given</translation>
    </message>
    <message>
        <source>仮登録申請を残す日数</source>
        <translation>Days that a provisional application is kept</translation>
    </message>
    <message>
        <source>住所や連絡先の表示</source>
        <translation>Address and contacts shown</translation>
    </message>
    <message>
        <source>何か読み取ると、届いたとおりに出ます。ページを離れると消えます。</source>
        <translation>Scan anything: it is shown as it arrived, and goes when you leave the page.</translation>
    </message>
    <message>
        <source>何が起きたか</source>
        <translation>What happened</translation>
    </message>
    <message>
        <source>何が起きたかを書いてください。</source>
        <translation>Please write what happened.</translation>
    </message>
    <message>
        <source>何でも読む</source>
        <translation>Reads anything</translation>
    </message>
    <message>
        <source>何の番号</source>
        <translation>Number of</translation>
    </message>
    <message>
        <source>何もありません。</source>
        <translation>There is nothing.</translation>
    </message>
    <message>
        <source>何を</source>
        <translation>What</translation>
    </message>
    <message>
        <source>何をしたかを書いてください。</source>
        <translation>Please write what was done.</translation>
    </message>
    <message>
        <source>使い方</source>
        <translation>Use</translation>
    </message>
    <message>
        <source>使えません</source>
        <translation>Cannot be used</translation>
    </message>
    <message>
        <source>使われないカードが止まる年数</source>
        <translation>Years until an unused card stops</translation>
    </message>
    <message>
        <source>使用中</source>
        <translation>active</translation>
    </message>
    <message>
        <source>例外の許可</source>
        <translation>Override</translation>
    </message>
    <message>
        <source>例：/usr/bin/clamdscan --fdpass {file}。空欄なら、USB メモリーとのコピーはできません。</source>
        <translation>Example: /usr/bin/clamdscan --fdpass {file}. Empty: nothing can be copied from or to a USB stick.</translation>
    </message>
    <message>
        <source>個人情報を部外者に見せない</source>
        <translation>Personal data is not shown to outsiders</translation>
    </message>
    <message>
        <source>値</source>
        <translation>Value</translation>
    </message>
    <message>
        <source>停止</source>
        <translation>Disable</translation>
    </message>
    <message>
        <source>停止しました</source>
        <translation>Disabled</translation>
    </message>
    <message>
        <source>停止する</source>
        <translation>Disable</translation>
    </message>
    <message>
        <source>働く館（委託職員）</source>
        <translation>Branches (contract staff)</translation>
    </message>
    <message>
        <source>元に戻しました</source>
        <translation>Let in again</translation>
    </message>
    <message>
        <source>元に戻す</source>
        <translation>Let it in again</translation>
    </message>
    <message>
        <source>先に、覚えるスキャナでバーコードを1つ読み取ってください。</source>
        <translation>First scan a barcode with the scanner to be learned.</translation>
    </message>
    <message>
        <source>先頭</source>
        <translation>Begins</translation>
    </message>
    <message>
        <source>先頭の文字</source>
        <translation>Begins with</translation>
    </message>
    <message>
        <source>先頭の文字は数字です（Code 39 と Code 128 では英大文字も）。</source>
        <translation>Digits; in Code 39 and Code 128 capital letters, too.</translation>
    </message>
    <message>
        <source>入力してください。</source>
        <translation>Please fill this in.</translation>
    </message>
    <message>
        <source>入力の誤りを防ぐ</source>
        <translation>Wrong input is kept out</translation>
    </message>
    <message>
        <source>全体のけた数</source>
        <translation>Whole length</translation>
    </message>
    <message>
        <source>全体のけた数です。先頭の文字とチェックデジットのほかに1けた以上、全体で{longest}けたまで。</source>
        <translation>The whole length: at least one digit beside the beginning and the check digit, {longest} at most.</translation>
    </message>
    <message>
        <source>全員</source>
        <translation>Everybody</translation>
    </message>
    <message>
        <source>内容</source>
        <translation>About</translation>
    </message>
    <message>
        <source>再び使えないパスワードの個数</source>
        <translation>Old passwords that may not be used again</translation>
    </message>
    <message>
        <source>切り離しの原因が分かり、対処が済んでから戻します。その端末では、システム担当のサインインも要ります。</source>
        <translation>Only once the cause is known and dealt with. At that terminal system staff have to sign in, too.</translation>
    </message>
    <message>
        <source>切り離し中</source>
        <translation>cut off</translation>
    </message>
    <message>
        <source>切り離し中の端末 {n}台</source>
        <translation>{n} terminals cut off</translation>
    </message>
    <message>
        <source>切り離す</source>
        <translation>Cut it off</translation>
    </message>
    <message>
        <source>切り離すと、サインインが終わり、システム担当が元に戻すまで使えません。記録は残ります。</source>
        <translation>Ends the session; nobody works here until system staff put it right. Records stay.</translation>
    </message>
    <message>
        <source>利用停止</source>
        <translation>Patron stopped</translation>
    </message>
    <message>
        <source>利用者の変更</source>
        <translation>Patron changed</translation>
    </message>
    <message>
        <source>利用者の登録</source>
        <translation>Patron registered</translation>
    </message>
    <message>
        <source>利用者の記録を見たこと</source>
        <translation>Looks at patrons</translation>
    </message>
    <message>
        <source>利用者の記録を見た人</source>
        <translation>Who looked at patrons</translation>
    </message>
    <message>
        <source>利用者の退会</source>
        <translation>Patron withdrawn</translation>
    </message>
    <message>
        <source>利用者や職員の氏名は書かないでください。番号の付いた報告がセキュリティ責任者に届きます。</source>
        <translation>Name no patron and no colleague. The report is numbered and reaches the security manager.</translation>
    </message>
    <message>
        <source>利用者を開いた</source>
        <translation>Patron opened</translation>
    </message>
    <message>
        <source>利用者カードの番号</source>
        <translation>Patron&apos;s card</translation>
    </message>
    <message>
        <source>利用者番号</source>
        <translation>Patron number</translation>
    </message>
    <message>
        <source>利用者番号に似たもの</source>
        <translation>Like a patron number</translation>
    </message>
    <message>
        <source>利用者（内部番号）</source>
        <translation>Patron (inner number)</translation>
    </message>
    <message>
        <source>削除</source>
        <translation>Remove</translation>
    </message>
    <message>
        <source>削除する</source>
        <translation>Remove</translation>
    </message>
    <message>
        <source>前の値</source>
        <translation>Old value</translation>
    </message>
    <message>
        <source>前の記録より早い日時です</source>
        <translation>it is earlier than the one before</translation>
    </message>
    <message>
        <source>前回のサインイン</source>
        <translation>Last sign-in</translation>
    </message>
    <message>
        <source>前後の文字</source>
        <translation>Letters</translation>
    </message>
    <message>
        <source>前後を取り除いた文字: {text}</source>
        <translation>Without what the scanner adds: {text}</translation>
    </message>
    <message>
        <source>加重モジュラス11</source>
        <translation>Weighted modulus 11</translation>
    </message>
    <message>
        <source>区分</source>
        <translation>Group</translation>
    </message>
    <message>
        <source>印刷</source>
        <translation>Print</translation>
    </message>
    <message>
        <source>印刷しました</source>
        <translation>Printed</translation>
    </message>
    <message>
        <source>印刷するカードの番号の始まり（0 は最後の1割から）</source>
        <translation>Where the numbers of printed cards begin (0: the last tenth)</translation>
    </message>
    <message>
        <source>印刷する資料ラベルの番号の始まり（0 は最後の1割から）</source>
        <translation>First number of item labels printed here (0: the last tenth)</translation>
    </message>
    <message>
        <source>印刷できません</source>
        <translation>Cannot print</translation>
    </message>
    <message>
        <source>危険: この端末のアカウントが input グループに入っています。外してください。</source>
        <translation>Danger: this terminal&apos;s account is in the group input. Take it out.</translation>
    </message>
    <message>
        <source>危険: この端末のアカウントが、スキャナでないキーボードも読めます（{nodes}）。</source>
        <translation>Danger: this terminal&apos;s account can read keyboards that are no scanner ({nodes}).</translation>
    </message>
    <message>
        <source>原因（分かれば）</source>
        <translation>Cause, if known</translation>
    </message>
    <message>
        <source>取り消す</source>
        <translation>Revoke</translation>
    </message>
    <message>
        <source>取れる（{around}）</source>
        <translation>Taken off ({around})</translation>
    </message>
    <message>
        <source>取置の開館日数</source>
        <translation>Open days an item stays on the shelf</translation>
    </message>
    <message>
        <source>取置票の利用者の書き方</source>
        <translation>How a shelf slip says who it is for</translation>
    </message>
    <message>
        <source>同じ文字列が、どちらにもなります：{first} と {second}。先頭の文字かけた数で分けてください。</source>
        <translation>One text could be both: {first} and {second}. Tell them apart by their beginning or length.</translation>
    </message>
    <message>
        <source>呼び名</source>
        <translation>What it is called</translation>
    </message>
    <message>
        <source>問わない</source>
        <translation>Either</translation>
    </message>
    <message>
        <source>問わない（{around}）</source>
        <translation>Either ({around})</translation>
    </message>
    <message>
        <source>問題</source>
        <translation>Problem</translation>
    </message>
    <message>
        <source>問題はありません。記録は書かれたときのままです。</source>
        <translation>No problem. The record is as it was written.</translation>
    </message>
    <message>
        <source>回線が戻ったら一覧を確かめ、必要ならやり直してください</source>
        <translation>Once the line is back check the list, and do it again if need be</translation>
    </message>
    <message>
        <source>回線断：行われたかどうか分かりません</source>
        <translation>Line down: not known whether it was done</translation>
    </message>
    <message>
        <source>基準</source>
        <translation>Standard</translation>
    </message>
    <message>
        <source>基準の表示</source>
        <translation>showing the standard</translation>
    </message>
    <message>
        <source>基準への対応</source>
        <translation>The standard</translation>
    </message>
    <message>
        <source>基準をいつでも読める</source>
        <translation>The standard can be read at any time</translation>
    </message>
    <message>
        <source>報告の日時</source>
        <translation>Reported</translation>
    </message>
    <message>
        <source>報告はありません。</source>
        <translation>No reports.</translation>
    </message>
    <message>
        <source>変えた人</source>
        <translation>By</translation>
    </message>
    <message>
        <source>変えると、どの端末も次のサインインからこのとおりに読みます。</source>
        <translation>Every terminal reads by these from its next sign-in on.</translation>
    </message>
    <message>
        <source>変えると、前の値・新しい値・変えた人が記録に残ります。</source>
        <translation>A change goes on record with both values and who made it.</translation>
    </message>
    <message>
        <source>変更</source>
        <translation>Change</translation>
    </message>
    <message>
        <source>変更する</source>
        <translation>Change</translation>
    </message>
    <message>
        <source>変更と障害を記録する</source>
        <translation>Changes and faults are recorded</translation>
    </message>
    <message>
        <source>変更の記録</source>
        <translation>Changes</translation>
    </message>
    <message>
        <source>変更はありません。</source>
        <translation>No changes.</translation>
    </message>
    <message>
        <source>失敗によるロック</source>
        <translation>Locked by failures</translation>
    </message>
    <message>
        <source>委託職員</source>
        <translation>Contract staff</translation>
    </message>
    <message>
        <source>委託職員には働く館が要ります。</source>
        <translation>Contract staff need their branches.</translation>
    </message>
    <message>
        <source>委託職員には契約の最終日が要ります。</source>
        <translation>Contract staff need the contract&apos;s last day.</translation>
    </message>
    <message>
        <source>委託職員には必須。ほかは空欄で期限なし。</source>
        <translation>Contract staff need one. Others: empty for no end.</translation>
    </message>
    <message>
        <source>媒体の廃棄を記録する</source>
        <translation>Disposal of media is recorded</translation>
    </message>
    <message>
        <source>家族の登録</source>
        <translation>Family linked</translation>
    </message>
    <message>
        <source>家族の解除</source>
        <translation>Family left</translation>
    </message>
    <message>
        <source>対処</source>
        <translation>Measures</translation>
    </message>
    <message>
        <source>対処の日時</source>
        <translation>Closed</translation>
    </message>
    <message>
        <source>対処済み</source>
        <translation>closed</translation>
    </message>
    <message>
        <source>対処済みにしました</source>
        <translation>Closed</translation>
    </message>
    <message>
        <source>対処済みにする</source>
        <translation>Close it</translation>
    </message>
    <message>
        <source>届いた文字: {text}</source>
        <translation>As it arrived: {text}</translation>
    </message>
    <message>
        <source>延長</source>
        <translation>Renewal</translation>
    </message>
    <message>
        <source>延長の回数</source>
        <translation>Renewals</translation>
    </message>
    <message>
        <source>役割</source>
        <translation>Role</translation>
    </message>
    <message>
        <source>待機中</source>
        <translation>Ready</translation>
    </message>
    <message>
        <source>情報の種類ごとのアクセス権</source>
        <translation>Rights by class of information</translation>
    </message>
    <message>
        <source>接続なし</source>
        <translation>Missing</translation>
    </message>
    <message>
        <source>接続切れ</source>
        <translation>Session lost</translation>
    </message>
    <message>
        <source>操作コード {name}</source>
        <translation>Command code {name}</translation>
    </message>
    <message>
        <source>操作コードと同じ形になります：{first}</source>
        <translation>Could also be a command: {first}</translation>
    </message>
    <message>
        <source>操作コードと読みます：{name}</source>
        <translation>Read as a command: {name}</translation>
    </message>
    <message>
        <source>操作コードの先頭の文字が正しくありません。</source>
        <translation>The beginning of the commands is not right.</translation>
    </message>
    <message>
        <source>新しいものから、200回まで</source>
        <translation>The newest first, up to 200</translation>
    </message>
    <message>
        <source>新しい値</source>
        <translation>New value</translation>
    </message>
    <message>
        <source>新しい証明書を待機</source>
        <translation>new certificate waits</translation>
    </message>
    <message>
        <source>日時</source>
        <translation>When</translation>
    </message>
    <message>
        <source>旧システムからの移行</source>
        <translation>Moved in from an older system</translation>
    </message>
    <message>
        <source>時間</source>
        <translation>Time</translation>
    </message>
    <message>
        <source>時間: {took}</source>
        <translation>Time: {took}</translation>
    </message>
    <message>
        <source>暗号化されていない接続があります</source>
        <translation>A connection is not encrypted</translation>
    </message>
    <message>
        <source>更新</source>
        <translation>Reload</translation>
    </message>
    <message>
        <source>書き出し</source>
        <translation>Export</translation>
    </message>
    <message>
        <source>書き出しています</source>
        <translation>Exporting</translation>
    </message>
    <message>
        <source>書き出しました</source>
        <translation>Exported</translation>
    </message>
    <message>
        <source>書き出す</source>
        <translation>Export</translation>
    </message>
    <message>
        <source>書き出せません</source>
        <translation>Cannot export</translation>
    </message>
    <message>
        <source>書き換えられたか、前の記録とつながりません</source>
        <translation>changed, or does not follow the one before</translation>
    </message>
    <message>
        <source>書き換え・削除・挿入・並べ替えを、すべての記録で確かめました。</source>
        <translation>Every record was checked for changes, deletions, insertions and order.</translation>
    </message>
    <message>
        <source>書誌は決めた経路と相手からだけ取る</source>
        <translation>Records come by the named way from named sites only</translation>
    </message>
    <message>
        <source>最初</source>
        <translation>the beginning</translation>
    </message>
    <message>
        <source>最後に届いた文字</source>
        <translation>Last scan, as it arrived</translation>
    </message>
    <message>
        <source>最後の記録がないか、書き換えられています</source>
        <translation>the last record is missing or was changed</translation>
    </message>
    <message>
        <source>最終日</source>
        <translation>Last day</translation>
    </message>
    <message>
        <source>最終日の変更</source>
        <translation>Last day changed</translation>
    </message>
    <message>
        <source>最終日を過ぎて止められていない {n}人</source>
        <translation>{n} past their last day and not disabled</translation>
    </message>
    <message>
        <source>有効 {n}日</source>
        <translation>good for {n} days</translation>
    </message>
    <message>
        <source>期限を知らせ始める日数</source>
        <translation>Days before the end that tell of it</translation>
    </message>
    <message>
        <source>期限切れ</source>
        <translation>Expired</translation>
    </message>
    <message>
        <source>未使用のみ</source>
        <translation>Unused only</translation>
    </message>
    <message>
        <source>未対処</source>
        <translation>open</translation>
    </message>
    <message>
        <source>未対処 {n}件</source>
        <translation>{n} open</translation>
    </message>
    <message>
        <source>未対処の報告 {n}件</source>
        <translation>{n} reports open</translation>
    </message>
    <message>
        <source>末尾の控えがない記録です</source>
        <translation>a chain that has no head</translation>
    </message>
    <message>
        <source>本や雑誌に印刷されたバーコードと同じ形になります：{first}</source>
        <translation>Could also be a barcode printed on books or magazines: {first}</translation>
    </message>
    <message>
        <source>条文</source>
        <translation>Clause</translation>
    </message>
    <message>
        <source>検索</source>
        <translation>Search</translation>
    </message>
    <message>
        <source>検索したことも記録に残ります。新しいものから1,000件までです。</source>
        <translation>That you searched goes on record, too. Up to 1,000, the newest first.</translation>
    </message>
    <message>
        <source>検索する</source>
        <translation>Search</translation>
    </message>
    <message>
        <source>検証</source>
        <translation>Verify</translation>
    </message>
    <message>
        <source>検証が時間内に終わりません</source>
        <translation>Too long to be verified in time</translation>
    </message>
    <message>
        <source>検証しています</source>
        <translation>Verifying</translation>
    </message>
    <message>
        <source>権限は最小、不要な職員番号はすぐ削除、管理者は少なく</source>
        <translation>Least rights, unused logins removed, few administrators</translation>
    </message>
    <message>
        <source>機器を見分けられるのは X11 の画面だけです</source>
        <translation>Devices can be told apart on an X11 screen only</translation>
    </message>
    <message>
        <source>機器・USB</source>
        <translation>Device, USB</translation>
    </message>
    <message>
        <source>次のサインインから有効です。前の値と新しい値が記録に残ります。</source>
        <translation>Holds from the next sign-in. Both values go on record.</translation>
    </message>
    <message>
        <source>次の起動から使います</source>
        <translation>In use from the next start</translation>
    </message>
    <message>
        <source>氏名</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>氏名は、手続きに要る間だけ出します。</source>
        <translation>Names are shown only for as long as they are needed.</translation>
    </message>
    <message>
        <source>気付いた日時</source>
        <translation>Noticed</translation>
    </message>
    <message>
        <source>求められること</source>
        <translation>What it asks</translation>
    </message>
    <message>
        <source>消してもう一度</source>
        <translation>Clear</translation>
    </message>
    <message>
        <source>消す</source>
        <translation>Clear</translation>
    </message>
    <message>
        <source>渡しました</source>
        <translation>Handed over</translation>
    </message>
    <message>
        <source>状態</source>
        <translation>State</translation>
    </message>
    <message>
        <source>状態: {state}</source>
        <translation>State: {state}</translation>
    </message>
    <message>
        <source>番号</source>
        <translation>No.</translation>
    </message>
    <message>
        <source>番号の下4けた</source>
        <translation>Last four digits</translation>
    </message>
    <message>
        <source>番号体系</source>
        <translation>Numbering</translation>
    </message>
    <message>
        <source>番号体系あり</source>
        <translation>own code plan</translation>
    </message>
    <message>
        <source>番号体系を変えました</source>
        <translation>Numbering changed</translation>
    </message>
    <message>
        <source>登録された端末はありません。</source>
        <translation>No terminals are enrolled.</translation>
    </message>
    <message>
        <source>登録と違う USB メモリー</source>
        <translation>USB stick not as registered</translation>
    </message>
    <message>
        <source>登録はサーバーで行います（madoguchi-server terminal enrol）</source>
        <translation>Enrolling is done on the server (madoguchi-server terminal enrol)</translation>
    </message>
    <message>
        <source>登録を取り消しました</source>
        <translation>Revoked</translation>
    </message>
    <message>
        <source>登録取消</source>
        <translation>Revoke</translation>
    </message>
    <message>
        <source>登録時の照合</source>
        <translation>Compared while registering</translation>
    </message>
    <message>
        <source>登録済み</source>
        <translation>enrolled</translation>
    </message>
    <message>
        <source>監査</source>
        <translation>Audit</translation>
    </message>
    <message>
        <source>監査記録</source>
        <translation>Audit</translation>
    </message>
    <message>
        <source>監査記録に問題があります</source>
        <translation>The audit has problems</translation>
    </message>
    <message>
        <source>監査記録に問題はありません</source>
        <translation>The audit is as it was written</translation>
    </message>
    <message>
        <source>監査記録の書き出し</source>
        <translation>Audit export</translation>
    </message>
    <message>
        <source>監査記録の書き出し開始</source>
        <translation>Audit export begun</translation>
    </message>
    <message>
        <source>監査記録の検索</source>
        <translation>Search the audit</translation>
    </message>
    <message>
        <source>監査記録の検証</source>
        <translation>The audit, verified</translation>
    </message>
    <message>
        <source>監視は動いています。バックアップはサーバーで確かめます</source>
        <translation>The watcher runs. Backups are checked on the server</translation>
    </message>
    <message>
        <source>確かめています</source>
        <translation>Checking</translation>
    </message>
    <message>
        <source>種類</source>
        <translation>Kind</translation>
    </message>
    <message>
        <source>空欄で期限なし。過ぎた日にすると、すぐに使えなくなります。</source>
        <translation>Empty: no end. A day that is over ends it at once.</translation>
    </message>
    <message>
        <source>窓口職員</source>
        <translation>Counter staff</translation>
    </message>
    <message>
        <source>端末</source>
        <translation>Terminals</translation>
    </message>
    <message>
        <source>端末 {n}台・証明書が30日以内に切れる {e}台</source>
        <translation>{n} terminals, {e} certificates end within 30 days</translation>
    </message>
    <message>
        <source>端末ごとの設定では長くて {n}秒</source>
        <translation>at most {n} s by terminals&apos; own settings</translation>
    </message>
    <message>
        <source>端末にパスワードを覚えさせない</source>
        <translation>Terminals remember no passwords</translation>
    </message>
    <message>
        <source>端末のファイルの確認</source>
        <translation>checking a terminal&apos;s files</translation>
    </message>
    <message>
        <source>端末の切り離し</source>
        <translation>Terminal cut off</translation>
    </message>
    <message>
        <source>端末の変更</source>
        <translation>Terminal set</translation>
    </message>
    <message>
        <source>端末の復帰</source>
        <translation>Terminal let in again</translation>
    </message>
    <message>
        <source>端末の登録</source>
        <translation>Terminal enrolled</translation>
    </message>
    <message>
        <source>端末の登録取消</source>
        <translation>Terminal revoked</translation>
    </message>
    <message>
        <source>端末を切り離し、記録を残す</source>
        <translation>A terminal is cut off and keeps its records</translation>
    </message>
    <message>
        <source>端末を切り離しました（内容は書かれていません）</source>
        <translation>The terminal was cut off (nothing was written)</translation>
    </message>
    <message>
        <source>端末を変更しました</source>
        <translation>Terminal changed</translation>
    </message>
    <message>
        <source>端末・番号</source>
        <translation>Chain, no.</translation>
    </message>
    <message>
        <source>第{n}号</source>
        <translation>no. {n}</translation>
    </message>
    <message>
        <source>範囲</source>
        <translation>Range</translation>
    </message>
    <message>
        <source>範囲の外です。</source>
        <translation>Out of range.</translation>
    </message>
    <message>
        <source>範囲（どの端末、何件など）</source>
        <translation>Extent (which terminals, how many)</translation>
    </message>
    <message>
        <source>紛失・漏えい</source>
        <translation>Loss, leak</translation>
    </message>
    <message>
        <source>練習用なので、どこにも送られません。切り離しは試せます。</source>
        <translation>Training: nothing is sent. Cutting off can be tried.</translation>
    </message>
    <message>
        <source>職員</source>
        <translation>Staff</translation>
    </message>
    <message>
        <source>職員 {n}人・管理する役割 {a}人・90日使われていない {u}人</source>
        <translation>{n} accounts, {a} that manage, {u} unused for 90 days</translation>
    </message>
    <message>
        <source>職員と記録</source>
        <translation>Staff and records</translation>
    </message>
    <message>
        <source>職員の停止</source>
        <translation>Account disabled</translation>
    </message>
    <message>
        <source>職員の追加</source>
        <translation>Add an account</translation>
    </message>
    <message>
        <source>職員を変更しました</source>
        <translation>Account changed</translation>
    </message>
    <message>
        <source>職員を追加しました</source>
        <translation>Account added</translation>
    </message>
    <message>
        <source>職員カード</source>
        <translation>Staff card</translation>
    </message>
    <message>
        <source>職員カードに似たもの</source>
        <translation>Like a staff card</translation>
    </message>
    <message>
        <source>職員カードの変更</source>
        <translation>Staff card changed</translation>
    </message>
    <message>
        <source>職員カードの番号</source>
        <translation>Staff card number</translation>
    </message>
    <message>
        <source>職員カードを読み取りました</source>
        <translation>Staff card read</translation>
    </message>
    <message>
        <source>職員メモの記入</source>
        <translation>Staff note written</translation>
    </message>
    <message>
        <source>職員メモ・利用停止の終了</source>
        <translation>Staff note or stop ended</translation>
    </message>
    <message>
        <source>職員番号</source>
        <translation>Staff ID</translation>
    </message>
    <message>
        <source>職員番号を共用しない</source>
        <translation>Logins are not shared</translation>
    </message>
    <message>
        <source>職員番号（カード）</source>
        <translation>Staff card</translation>
    </message>
    <message>
        <source>英小文字、数字、- で30字まで。空欄なら counters です。</source>
        <translation>Small letters, digits and -, at most 30. Empty: counters.</translation>
    </message>
    <message>
        <source>英小文字で始まる3〜30字。英小文字、数字、_ が使えます。</source>
        <translation>3 to 30 small letters, digits and _, a letter first.</translation>
    </message>
    <message>
        <source>被害（分かれば）</source>
        <translation>Damage, if known</translation>
    </message>
    <message>
        <source>見えない文字が入っています。</source>
        <translation>There are characters that cannot be seen.</translation>
    </message>
    <message>
        <source>見たことを、この利用者について調べるとき。</source>
        <translation>To find who looked at this patron.</translation>
    </message>
    <message>
        <source>規則がありません。</source>
        <translation>There are no rules.</translation>
    </message>
    <message>
        <source>規則の削除</source>
        <translation>Remove the rule</translation>
    </message>
    <message>
        <source>規則の変更</source>
        <translation>Change the rule</translation>
    </message>
    <message>
        <source>規則は1〜{most}個です。</source>
        <translation>There are 1 to {most} rules.</translation>
    </message>
    <message>
        <source>規則を追加</source>
        <translation>Add a rule</translation>
    </message>
    <message>
        <source>覚えました</source>
        <translation>Learned</translation>
    </message>
    <message>
        <source>覚えられません</source>
        <translation>It cannot be learned</translation>
    </message>
    <message>
        <source>覚える</source>
        <translation>Learn</translation>
    </message>
    <message>
        <source>覚えるスキャナで、バーコードを1つ読み取ってください。</source>
        <translation>Scan one barcode with the scanner to be learned.</translation>
    </message>
    <message>
        <source>解除する</source>
        <translation>Unlock</translation>
    </message>
    <message>
        <source>記録</source>
        <translation>Record</translation>
    </message>
    <message>
        <source>記録 {n}件・F4 の F11 で検証</source>
        <translation>{n} records; F11 on F4 verifies</translation>
    </message>
    <message>
        <source>設定</source>
        <translation>Settings</translation>
    </message>
    <message>
        <source>設定に戻る</source>
        <translation>Settings</translation>
    </message>
    <message>
        <source>設定の値</source>
        <translation>Setting written</translation>
    </message>
    <message>
        <source>設定の変更</source>
        <translation>Setting changed</translation>
    </message>
    <message>
        <source>設定の変更の記録</source>
        <translation>Changes of settings</translation>
    </message>
    <message>
        <source>設定を変えました</source>
        <translation>Setting changed</translation>
    </message>
    <message>
        <source>証明書の期限</source>
        <translation>Certificate until</translation>
    </message>
    <message>
        <source>証明書の期限が近い</source>
        <translation>certificate ends soon</translation>
    </message>
    <message>
        <source>試し読み</source>
        <translation>Try</translation>
    </message>
    <message>
        <source>該当する職員はいません。</source>
        <translation>Nobody.</translation>
    </message>
    <message>
        <source>該当する記録はありません。F9 で条件を変えられます。</source>
        <translation>No such records. F9 changes what is searched.</translation>
    </message>
    <message>
        <source>詳しく</source>
        <translation>Details</translation>
    </message>
    <message>
        <source>読みません：{like}に似ていますが、けた数が違います。{shown}</source>
        <translation>Not read: like {like}, but of another length. {shown}</translation>
    </message>
    <message>
        <source>読みません：{like}の形ですが、チェックデジットが違います。{shown}</source>
        <translation>Not read: the form of {like}, but the check digit is wrong. {shown}</translation>
    </message>
    <message>
        <source>読みません：{like}の形ですが、前後の文字が規則と違います。{shown}</source>
        <translation>Not read: the form of {like}, but other letters around it. {shown}</translation>
    </message>
    <message>
        <source>読みません：どの番号の形でもありません。{shown}</source>
        <translation>Not read: it has the form of no number. {shown}</translation>
    </message>
    <message>
        <source>読みません：制御文字が入っています。{shown}</source>
        <translation>Not read: control characters in it. {shown}</translation>
    </message>
    <message>
        <source>読みません：本の2段目の価格バーコードです。{shown}</source>
        <translation>Not read: the lower barcode of a book, its price. {shown}</translation>
    </message>
    <message>
        <source>読みません：見えない文字が入っています。{shown}</source>
        <translation>Not read: invisible characters in it. {shown}</translation>
    </message>
    <message>
        <source>読みません：長すぎます。</source>
        <translation>Not read: too long.</translation>
    </message>
    <message>
        <source>読み取ったのは {name} です。ふだん打つキーボードの F10 で覚えます。</source>
        <translation>It was scanned by {name}. F10 on the usual keyboard learns it.</translation>
    </message>
    <message>
        <source>読み取りました</source>
        <translation>Scanned</translation>
    </message>
    <message>
        <source>読み取り結果</source>
        <translation>Understood as</translation>
    </message>
    <message>
        <source>読み取り結果: {meaning}</source>
        <translation>Understood as: {meaning}</translation>
    </message>
    <message>
        <source>読み取るか、入れてみてください。保存されません。</source>
        <translation>Scan or type something. Nothing is kept.</translation>
    </message>
    <message>
        <source>読み取ると入ります。サインインで職員番号の代わりになるだけです。</source>
        <translation>Scan it. At sign-in it only takes the login&apos;s place.</translation>
    </message>
    <message>
        <source>読み方</source>
        <translation>Read by</translation>
    </message>
    <message>
        <source>読み方: {how}</source>
        <translation>Read by: {how}</translation>
    </message>
    <message>
        <source>読み込めませんでした</source>
        <translation>Not loaded</translation>
    </message>
    <message>
        <source>読み込んでいます。</source>
        <translation>Loading.</translation>
    </message>
    <message>
        <source>読む</source>
        <translation>Read</translation>
    </message>
    <message>
        <source>読めない内容</source>
        <translation>unreadable</translation>
    </message>
    <message>
        <source>貸出</source>
        <translation>Checkout</translation>
    </message>
    <message>
        <source>貸出の取りやめ</source>
        <translation>Checkout called off</translation>
    </message>
    <message>
        <source>貸出の規則</source>
        <translation>Lending</translation>
    </message>
    <message>
        <source>貸出は窓口職員のサインインで行います</source>
        <translation>Lending takes a sign-in of counter staff</translation>
    </message>
    <message>
        <source>貸出を止める延滞の日数</source>
        <translation>Days overdue that stop lending</translation>
    </message>
    <message>
        <source>貸出日数</source>
        <translation>Loan days</translation>
    </message>
    <message>
        <source>貸出点数</source>
        <translation>Items at once</translation>
    </message>
    <message>
        <source>資料ラベルの番号の割り当て</source>
        <translation>Item label numbers allotted</translation>
    </message>
    <message>
        <source>資料番号</source>
        <translation>Item number</translation>
    </message>
    <message>
        <source>資料番号 {number}</source>
        <translation>Item number {number}</translation>
    </message>
    <message>
        <source>資料番号に似たもの</source>
        <translation>Like an item number</translation>
    </message>
    <message>
        <source>返却</source>
        <translation>Return</translation>
    </message>
    <message>
        <source>返却していません</source>
        <translation>Not returned</translation>
    </message>
    <message>
        <source>返却の取り消し</source>
        <translation>Return undone</translation>
    </message>
    <message>
        <source>返却を取り消せる分数（過ぎると貸出の記録を消します）</source>
        <translation>Minutes a return can be undone (then the loan is erased)</translation>
    </message>
    <message>
        <source>返却専用</source>
        <translation>Returns only</translation>
    </message>
    <message>
        <source>返却期限を開館日にする</source>
        <translation>Due dates fall on open days</translation>
    </message>
    <message>
        <source>追加</source>
        <translation>Add</translation>
    </message>
    <message>
        <source>追加する</source>
        <translation>Add</translation>
    </message>
    <message>
        <source>送る</source>
        <translation>Send</translation>
    </message>
    <message>
        <source>通信を暗号化する</source>
        <translation>Traffic is encrypted</translation>
    </message>
    <message>
        <source>連絡の一覧</source>
        <translation>List of who is to be told</translation>
    </message>
    <message>
        <source>配送の遅れとみなす日数</source>
        <translation>Days in transit after which a copy is late</translation>
    </message>
    <message>
        <source>長い処理の打ち切り</source>
        <translation>Long transaction ended</translation>
    </message>
    <message>
        <source>長く推測されないパスワードを、定期的に変える</source>
        <translation>Long passwords nobody guesses, changed regularly</translation>
    </message>
    <message>
        <source>長すぎます。</source>
        <translation>Too long.</translation>
    </message>
    <message>
        <source>閉じる</source>
        <translation>Close</translation>
    </message>
    <message>
        <source>開いているサインインも、すぐに終わります。仮のパスワードにすると、また使えます。</source>
        <translation>Open sessions end at once. A temporary password brings it back.</translation>
    </message>
    <message>
        <source>開始前</source>
        <translation>Not started</translation>
    </message>
    <message>
        <source>閲覧の記録を残す日数</source>
        <translation>Days that looks are kept</translation>
    </message>
    <message>
        <source>閲覧記録</source>
        <translation>Looks</translation>
    </message>
    <message>
        <source>閲覧記録の検索</source>
        <translation>Looks searched</translation>
    </message>
    <message>
        <source>障害</source>
        <translation>Fault</translation>
    </message>
    <message>
        <source>障害の記録</source>
        <translation>recording faults</translation>
    </message>
    <message>
        <source>雑誌の市販バーコード</source>
        <translation>Magazine barcode</translation>
    </message>
    <message>
        <source>雑誌の市販バーコードと読みます：{code}&#x3000;本体価格 {price}</source>
        <translation>Read as a magazine: {code}, price {price}</translation>
    </message>
    <message>
        <source>離れるときはサインアウトかロック</source>
        <translation>Signed off or locked when nobody is there</translation>
    </message>
    <message>
        <source>離席 {value}秒</source>
        <translation>away after {value} s</translation>
    </message>
    <message>
        <source>離席にするまでの秒数</source>
        <translation>Seconds until away</translation>
    </message>
    <message>
        <source>館</source>
        <translation>Branch</translation>
    </message>
    <message>
        <source>館を選んでください。</source>
        <translation>Choose a branch.</translation>
    </message>
</context>
<context>
    <name>Patrons</name>
    <message>
        <source>0 から始まる番号を、市外局番から入力してください</source>
        <translation>Enter the number with its area code, beginning with 0</translation>
    </message>
    <message>
        <source>130年前より後の日を入力してください</source>
        <translation>Enter a day less than 130 years ago</translation>
    </message>
    <message>
        <source>2文字以上か、電話の下4桁か、生年月日を入れてください</source>
        <translation>Enter two letters or more, the last four digits of a telephone, or a date of birth</translation>
    </message>
    <message>
        <source>50人以上</source>
        <translation>50 or more</translation>
    </message>
    <message>
        <source>50件以上</source>
        <translation>50 or more</translation>
    </message>
    <message>
        <source>7桁で住所が入ります</source>
        <translation>Seven digits fill in the address</translation>
    </message>
    <message>
        <source>F10 で決定、Esc でやめる</source>
        <translation>F10 sends it, Esc leaves it</translation>
    </message>
    <message>
        <source>F11 をはなすと隠れます（マウスではもう一度押す）</source>
        <translation>Hidden when F11 is let go (by mouse: press again)</translation>
    </message>
    <message>
        <source>F11 を押している間だけ見えます（マウスでは押すたびに切り替え）</source>
        <translation>Seen while F11 is held (by mouse: each press switches)</translation>
    </message>
    <message>
        <source>F2「返却」で読み取ると</source>
        <translation>Scanned under F2 Return,</translation>
    </message>
    <message>
        <source>F9 で登録に戻る</source>
        <translation>F9 goes back to it</translation>
    </message>
    <message>
        <source>S55.4.1 や 1980/4/1 のように入力してください</source>
        <translation>Enter it like 1980/4/1 or S55.4.1</translation>
    </message>
    <message>
        <source>S55.4.1、R8/4/1、1980/4/1</source>
        <translation>1980/4/1, S55.4.1, R8/4/1</translation>
    </message>
    <message>
        <source>name@example.jp のように半角で入力してください</source>
        <translation>Enter it like name@example.jp</translation>
    </message>
    <message>
        <source>{count}か所を直してください</source>
        <translation>{count} to put right</translation>
    </message>
    <message>
        <source>{count}か所を直してください。まだ登録していません。
{fields}</source>
        <translation>Correct {count} lines. Nobody is registered yet.
{fields}</translation>
    </message>
    <message>
        <source>{day}まで</source>
        <translation>until {day}</translation>
    </message>
    <message>
        <source>{most}字までにしてください</source>
        <translation>At most {most} characters</translation>
    </message>
    <message>
        <source>{name} さん {card}</source>
        <translation>{name} {card}</translation>
    </message>
    <message>
        <source>{name} の今の番号 {number} のカードを印刷します。番号は変わりません。
うまく刷れなかったカードは、切ってから捨ててください。</source>
        <translation>Prints the card of {name} with the number it has, {number}.
Cut up a card that did not come out well.</translation>
    </message>
    <message>
        <source>{name} の仮パスワードを作り、レシートプリンターで印刷します。画面には出ません。
前のパスワードはすぐに使えなくなります。紙は本人に渡してください。</source>
        <translation>Makes a one-time password for {name} and prints it on the receipt printer. It is not shown here.
The password before it stops working at once. Hand the paper to the patron.</translation>
    </message>
    <message>
        <source>{name} の氏名・住所・連絡先・カード・予約・メモ・家族のつながりを消去します。元には戻せません。統計の数だけが残ります。</source>
        <translation>Name, address, contacts, cards, reservations, notes and family links of {name} are erased. This cannot be undone. Only numbers in the statistics stay.</translation>
    </message>
    <message>
        <source>{name} は、この利用者の予約を受け取れなくなります。</source>
        <translation>{name} will not pick up this patron&apos;s reservations any more.</translation>
    </message>
    <message>
        <source>{name} を家族から外します。ほかの家族はそのままです。</source>
        <translation>{name} leaves the family. The others stay as they are.</translation>
    </message>
    <message>
        <source>{name}（{kana}）</source>
        <translation>{name} ({kana})</translation>
    </message>
    <message>
        <source>{number} {name} の申請を消去します。元には戻せません。</source>
        <translation>Erases the application {number} of {name}. It cannot be brought back.</translation>
    </message>
    <message>
        <source>{state}。{detail}</source>
        <translation>{state}. {detail}</translation>
    </message>
    <message>
        <source>{text}
{author} {day}</source>
        <translation>{text}
{author} {day}</translation>
    </message>
    <message>
        <source>{text}（{author} {day}）</source>
        <translation>{text} ({author} {day})</translation>
    </message>
    <message>
        <source>{year}年{month}月{day}日・{age}歳</source>
        <translation>{year}/{month}/{day}, {age} years</translation>
    </message>
    <message>
        <source>↑↓ で選び Enter で開く。利用者カードを読み取るとその利用者が開きます。</source>
        <translation>Up, Down select, Enter opens. A patron card that is scanned opens its patron.</translation>
    </message>
    <message>
        <source>↑↓ で選び Enter。Esc で検索に戻ります。</source>
        <translation>Up, Down select, Enter does it. Esc goes back to the search.</translation>
    </message>
    <message>
        <source>いつまで</source>
        <translation>Until</translation>
    </message>
    <message>
        <source>いまの内容を開きなおしました。確かめて、もう一度変更してください</source>
        <translation>It was opened anew. Look at it and change it again</translation>
    </message>
    <message>
        <source>いまの有効期限は {day} です。番号などは控えません。</source>
        <translation>Valid until {day} now. No number of the proof is written down.</translation>
    </message>
    <message>
        <source>かな</source>
        <translation>Kana</translation>
    </message>
    <message>
        <source>かな2文字から、一部でもかまいません。Enter で検索します。</source>
        <translation>Two kana or more, any part of it. Enter finds.</translation>
    </message>
    <message>
        <source>かなで入力してください</source>
        <translation>Enter kana</translation>
    </message>
    <message>
        <source>このカードは使えません。名前で検索し、本人か確かめてください</source>
        <translation>This card must not be used. Find them by name and make sure who they are</translation>
    </message>
    <message>
        <source>この人を開く（入力は残ります）</source>
        <translation>Open this one (what is typed stays)</translation>
    </message>
    <message>
        <source>この利用者に貸し出す（F10）</source>
        <translation>Lend to this patron (F10)</translation>
    </message>
    <message>
        <source>この利用者を外す</source>
        <translation>This patron leaves it</translation>
    </message>
    <message>
        <source>この場で印刷</source>
        <translation>Print card here</translation>
    </message>
    <message>
        <source>この場で印刷して渡す（F11）</source>
        <translation>Print it here (F11)</translation>
    </message>
    <message>
        <source>この場で印刷する（F11）</source>
        <translation>Print it here (F11)</translation>
    </message>
    <message>
        <source>この操作は取りやめられました。もう一度行ってください</source>
        <translation>It was called off. Do it again</translation>
    </message>
    <message>
        <source>この操作は許可されていません</source>
        <translation>You may not do this</translation>
    </message>
    <message>
        <source>この番号はカードに印刷できません。</source>
        <translation>This number cannot be printed on a card.</translation>
    </message>
    <message>
        <source>この端末から使えるプリンターがありません。</source>
        <translation>This terminal has no printer.</translation>
    </message>
    <message>
        <source>この端末にはレシートプリンターが設定されていません。</source>
        <translation>No receipt printer is set for this terminal.</translation>
    </message>
    <message>
        <source>これは資料番号です。利用者カードを読み取ってください</source>
        <translation>This is an item number. Scan a patron card</translation>
    </message>
    <message>
        <source>すでに登録がある</source>
        <translation>Is a patron already</translation>
    </message>
    <message>
        <source>すべて返却されてから退会できます</source>
        <translation>Everything must be returned first</translation>
    </message>
    <message>
        <source>その人</source>
        <translation>that one</translation>
    </message>
    <message>
        <source>その他</source>
        <translation>Other</translation>
    </message>
    <message>
        <source>その元号にある日を入力してください</source>
        <translation>Enter a day within that era</translation>
    </message>
    <message>
        <source>その日まで有効。1203 や 2027/3/31。空欄なら解除するまで</source>
        <translation>Holds through that day: 1203 or 2027/3/31. Empty: until it is ended</translation>
    </message>
    <message>
        <source>つながりしだい、検索と記録を続けます</source>
        <translation>Searches and records go on once the line is back</translation>
    </message>
    <message>
        <source>どちらか選び、もう一度 F10 を押してください</source>
        <translation>Choose one and press F10 again</translation>
    </message>
    <message>
        <source>なし</source>
        <translation>none</translation>
    </message>
    <message>
        <source>はがき</source>
        <translation>Post card</translation>
    </message>
    <message>
        <source>ほかの端末で変更されました</source>
        <translation>Changed at another terminal</translation>
    </message>
    <message>
        <source>まだ登録していません。回線がつながりしだい登録します。
ここを閉じても、結果は下の帯に出ます。</source>
        <translation>Nobody is registered yet. It is done once the line is back.
The result is said below, also when this is closed.</translation>
    </message>
    <message>
        <source>まだ記録していません。回線がつながりしだい記録します。
ここを閉じても、結果は下の帯に出ます。</source>
        <translation>Nothing is recorded yet. It is done once the line is back.
The result is said below, also when this is closed.</translation>
    </message>
    <message>
        <source>もう一度 Esc を押すと、入力したものが消えます。</source>
        <translation>Press Esc again and what you typed is gone.</translation>
    </message>
    <message>
        <source>もう一度 Esc を押すと、入力したものが消えます。
ほかの F キーでページを移っても、入力はここに残ります。</source>
        <translation>Esc once more erases what is typed.
It stays here while other F keys lead to other pages.</translation>
    </message>
    <message>
        <source>もう一度 F10 を押すと、次の番号になります</source>
        <translation>F10 again takes the next number</translation>
    </message>
    <message>
        <source>もう一度検索してください</source>
        <translation>Find them again</translation>
    </message>
    <message>
        <source>もう一度発行してください</source>
        <translation>Issue it once more</translation>
    </message>
    <message>
        <source>もう一度発行してください。前のものは使えなくなります</source>
        <translation>Issue it once more. The one before stops working</translation>
    </message>
    <message>
        <source>もう一度発行すると新しい仮パスワードになり、前のものは使えません。</source>
        <translation>Issued once more it is another password; the one before does not work.</translation>
    </message>
    <message>
        <source>よく似た利用者がいます</source>
        <translation>A patron is much alike</translation>
    </message>
    <message>
        <source>インターネット用を印刷する。画面には出ない</source>
        <translation>Prints one for the web. It is not shown here</translation>
    </message>
    <message>
        <source>カード</source>
        <translation>Card</translation>
    </message>
    <message>
        <source>カードなし</source>
        <translation>no card</translation>
    </message>
    <message>
        <source>カードを印刷</source>
        <translation>Print card</translation>
    </message>
    <message>
        <source>カードを印刷できませんでした</source>
        <translation>Card not printed</translation>
    </message>
    <message>
        <source>カードを印刷できませんでした。{why}</source>
        <translation>The card was not printed. {why}</translation>
    </message>
    <message>
        <source>カードを印刷に送りました</source>
        <translation>Card sent to the printer</translation>
    </message>
    <message>
        <source>カードを印刷に送りました。うまく刷れなければ、利用者の記録からもう一度印刷できます。</source>
        <translation>The card is at the printer. If it does not come out well, print it again from the patron&apos;s record.</translation>
    </message>
    <message>
        <source>カードを確かめて、もう一度読み取ってください</source>
        <translation>Look at the card and scan it again</translation>
    </message>
    <message>
        <source>カードを読み取るか、利用者番号を入力してください</source>
        <translation>Scan a card or enter a patron number</translation>
    </message>
    <message>
        <source>カード再発行を先に行ってください</source>
        <translation>Give them a new card first</translation>
    </message>
    <message>
        <source>カード紛失・再発行</source>
        <translation>Card lost, new card</translation>
    </message>
    <message>
        <source>フリガナ</source>
        <translation>Kana</translation>
    </message>
    <message>
        <source>フリガナと、生年月日か電話番号を入れると、よく似た利用者がここに出ます。</source>
        <translation>With kana and a date of birth or a telephone, patrons who are alike are shown here.</translation>
    </message>
    <message>
        <source>プリンターが受け付けません。電源と用紙を確かめてください。</source>
        <translation>The printer takes nothing. Check power and paper.</translation>
    </message>
    <message>
        <source>プリンターが答えません。電源と用紙を確かめ、カードが出ていないか見てください。</source>
        <translation>The printer does not answer. Check its power and paper, and look whether the card has come out.</translation>
    </message>
    <message>
        <source>マイナンバーカード</source>
        <translation>My Number card</translation>
    </message>
    <message>
        <source>メモ</source>
        <translation>Note</translation>
    </message>
    <message>
        <source>メモを解除</source>
        <translation>End a note</translation>
    </message>
    <message>
        <source>メモを記録しました</source>
        <translation>Note recorded</translation>
    </message>
    <message>
        <source>メモ・利用停止</source>
        <translation>Note or block</translation>
    </message>
    <message>
        <source>メール</source>
        <translation>E-mail</translation>
    </message>
    <message>
        <source>レシートプリンターが故障を知らせています。</source>
        <translation>The receipt printer reports a fault.</translation>
    </message>
    <message>
        <source>レシートプリンターが答えません。電源と用紙を確かめてください。</source>
        <translation>The receipt printer does not answer. Check its power and paper.</translation>
    </message>
    <message>
        <source>レシートプリンターにつながりません。電源と線を確かめてください。</source>
        <translation>The receipt printer cannot be reached. Check its power and cable.</translation>
    </message>
    <message>
        <source>レシートプリンターのふたが開いています。</source>
        <translation>The receipt printer&apos;s cover is open.</translation>
    </message>
    <message>
        <source>レシートプリンターの用紙がありません。</source>
        <translation>The receipt printer is out of paper.</translation>
    </message>
    <message>
        <source>レシートプリンターの設定が、アドレス（192.168.10.50:9100 など）になっていません。</source>
        <translation>The receipt printer&apos;s setting is not an address (like 192.168.10.50:9100).</translation>
    </message>
    <message>
        <source>一つ選んでください</source>
        <translation>Choose one</translation>
    </message>
    <message>
        <source>一度使った番号は使えません。別のカードを読み取ってください</source>
        <translation>A number is given once. Scan another card</translation>
    </message>
    <message>
        <source>不要（中学生以下）</source>
        <translation>Not needed (up to junior high school)</translation>
    </message>
    <message>
        <source>予約</source>
        <translation>Reserved</translation>
    </message>
    <message>
        <source>予約の連絡</source>
        <translation>Notices by</translation>
    </message>
    <message>
        <source>今の番号のカードを、もう一度印刷する</source>
        <translation>Once more, with the number they have</translation>
    </message>
    <message>
        <source>今までの番号は、どの窓口でも使えなくなります。元には戻せません。</source>
        <translation>The number they had is refused at every counter. This cannot be undone.</translation>
    </message>
    <message>
        <source>今日か先の日を、1203 や 2027/3/31 のように入力してください</source>
        <translation>Enter today or a day to come, like 1203 or 2027/3/31</translation>
    </message>
    <message>
        <source>今日までの日を入力してください</source>
        <translation>Enter a day up to today</translation>
    </message>
    <message>
        <source>今日確かめたときだけ選びます</source>
        <translation>Choose one only if it was seen today</translation>
    </message>
    <message>
        <source>仮パスワードが届いていません</source>
        <translation>The one-time password did not arrive</translation>
    </message>
    <message>
        <source>仮パスワードは、パソコンのプリンターには印刷できません。レシートプリンターが要ります。</source>
        <translation>A one-time password cannot be printed on this computer&apos;s printers. It needs a receipt printer.</translation>
    </message>
    <message>
        <source>仮パスワードを印刷しました</source>
        <translation>One-time password printed</translation>
    </message>
    <message>
        <source>仮パスワードを印刷できませんでした</source>
        <translation>The one-time password was not printed</translation>
    </message>
    <message>
        <source>仮パスワードを発行できません</source>
        <translation>No one-time password can be issued</translation>
    </message>
    <message>
        <source>仮パスワード発行</source>
        <translation>One-time password</translation>
    </message>
    <message>
        <source>仮登録申請</source>
        <translation>Provisional applications</translation>
    </message>
    <message>
        <source>似た人</source>
        <translation>Alike</translation>
    </message>
    <message>
        <source>似た人を開く</source>
        <translation>Open who is alike</translation>
    </message>
    <message>
        <source>住所</source>
        <translation>Address</translation>
    </message>
    <message>
        <source>住所が見つかりません。番号を確かめるか、住所を入力してください</source>
        <translation>No address found. Look at the number, or enter the address</translation>
    </message>
    <message>
        <source>住所と電話を引き継ぐ</source>
        <translation>Address and telephone are taken over</translation>
    </message>
    <message>
        <source>住所の一覧を読めません。住所を入力してください</source>
        <translation>The list of addresses cannot be read. Enter the address</translation>
    </message>
    <message>
        <source>住所の分かる書類を確かめて、その種類を選んでください</source>
        <translation>Check something that shows the address, and choose what it was</translation>
    </message>
    <message>
        <source>住所の確認</source>
        <translation>Address proof</translation>
    </message>
    <message>
        <source>住所を確かめたもの</source>
        <translation>Proof of address</translation>
    </message>
    <message>
        <source>住所を確かめて期限を延ばす</source>
        <translation>Extend it with proof of address</translation>
    </message>
    <message>
        <source>住所を確かめられない</source>
        <translation>No proof of address</translation>
    </message>
    <message>
        <source>住所確認</source>
        <translation>proof needed</translation>
    </message>
    <message>
        <source>使えるカードがありません</source>
        <translation>No card in use</translation>
    </message>
    <message>
        <source>使えるカードなし</source>
        <translation>No card</translation>
    </message>
    <message>
        <source>使われている利用者番号</source>
        <translation>Patron number in use</translation>
    </message>
    <message>
        <source>個人の記録を消去する</source>
        <translation>Erase the personal record</translation>
    </message>
    <message>
        <source>健康保険の資格確認書</source>
        <translation>Health insurance certificate</translation>
    </message>
    <message>
        <source>元号</source>
        <translation>era</translation>
    </message>
    <message>
        <source>元号をつけるか、西暦4桁で入力してください</source>
        <translation>Enter the era, or the year with four digits</translation>
    </message>
    <message>
        <source>先頭の50人です。文字を足すか、生年月日や電話でしぼれます。</source>
        <translation>The first 50. Add letters, a date of birth or a telephone.</translation>
    </message>
    <message>
        <source>児童</source>
        <translation>Child</translation>
    </message>
    <message>
        <source>入力したら F10 で登録します</source>
        <translation>Fill it in, then F10 registers</translation>
    </message>
    <message>
        <source>入力してください</source>
        <translation>Needed</translation>
    </message>
    <message>
        <source>内容</source>
        <translation>Details</translation>
    </message>
    <message>
        <source>内容を入力してください</source>
        <translation>Enter what it says</translation>
    </message>
    <message>
        <source>内容・理由</source>
        <translation>Text or reason</translation>
    </message>
    <message>
        <source>別の人として登録</source>
        <translation>Register as somebody else</translation>
    </message>
    <message>
        <source>利用停止</source>
        <translation>Blocked</translation>
    </message>
    <message>
        <source>利用停止を解除</source>
        <translation>End a block</translation>
    </message>
    <message>
        <source>利用停止（貸出と予約を止める）</source>
        <translation>Block (stops loans and reservations)</translation>
    </message>
    <message>
        <source>利用者</source>
        <translation>Patrons</translation>
    </message>
    <message>
        <source>利用者の検索へ</source>
        <translation>Back to patrons</translation>
    </message>
    <message>
        <source>利用者の記録「カードを印刷」で</source>
        <translation>Print card, in the record</translation>
    </message>
    <message>
        <source>利用者を確認</source>
        <translation>Patron identified</translation>
    </message>
    <message>
        <source>利用者カードを読み取るか、名前を入れて Enter を押してください</source>
        <translation>Scan a patron card, or enter a name and press Enter</translation>
    </message>
    <message>
        <source>利用者情報の表示回数が上限を超えました</source>
        <translation>Too many records opened</translation>
    </message>
    <message>
        <source>利用者番号</source>
        <translation>Patron number</translation>
    </message>
    <message>
        <source>利用者番号ではありません</source>
        <translation>Not a patron number</translation>
    </message>
    <message>
        <source>利用者登録</source>
        <translation>Register a patron</translation>
    </message>
    <message>
        <source>区分</source>
        <translation>Category</translation>
    </message>
    <message>
        <source>区分を選びなおしてください</source>
        <translation>Choose another category</translation>
    </message>
    <message>
        <source>印のついたところを直してください。まだ変更していません。</source>
        <translation>Correct the marked lines. Nothing is changed yet.</translation>
    </message>
    <message>
        <source>印刷しています。</source>
        <translation>Printing.</translation>
    </message>
    <message>
        <source>印刷する</source>
        <translation>Print</translation>
    </message>
    <message>
        <source>印刷するカードの番号がなくなりました</source>
        <translation>No numbers left for printed cards</translation>
    </message>
    <message>
        <source>印刷の途中で切れました。出た紙は捨ててください。</source>
        <translation>It broke off while printing. Throw away the paper that came out.</translation>
    </message>
    <message>
        <source>印刷済みのカードを読み取り、システム担当に連絡してください</source>
        <translation>Scan a card that was bought printed, and call the system staff</translation>
    </message>
    <message>
        <source>印刷済みの新しいカードを渡す</source>
        <translation>Give a card that was bought printed</translation>
    </message>
    <message>
        <source>却下</source>
        <translation>Reject</translation>
    </message>
    <message>
        <source>却下する</source>
        <translation>Reject</translation>
    </message>
    <message>
        <source>取りやめ済み</source>
        <translation>Called off</translation>
    </message>
    <message>
        <source>取置・配送中だった資料 {n}点</source>
        <translation>Kept or on its way: {n}</translation>
    </message>
    <message>
        <source>受取人</source>
        <translation>Picks up</translation>
    </message>
    <message>
        <source>受取人から外しました</source>
        <translation>Picks up no more</translation>
    </message>
    <message>
        <source>受取人から外す</source>
        <translation>End picking up</translation>
    </message>
    <message>
        <source>受取人にする（本人が同意した）</source>
        <translation>May pick up (the patron agreed)</translation>
    </message>
    <message>
        <source>古いほうから50件です。番号か氏名か生年月日でしぼれます。</source>
        <translation>The 50 oldest. Narrow them by number, name or birth date.</translation>
    </message>
    <message>
        <source>古い番号はどこでも使えなくなる</source>
        <translation>The old number is refused everywhere</translation>
    </message>
    <message>
        <source>同じフリガナと生年月日の利用者がいます</source>
        <translation>A patron has this kana and date of birth</translation>
    </message>
    <message>
        <source>同じ人。{who} を開く</source>
        <translation>The same. Open {who}</translation>
    </message>
    <message>
        <source>同じ人か確かめてください</source>
        <translation>Make sure whether they are the same</translation>
    </message>
    <message>
        <source>同僚に代わるか、セキュリティ責任者に連絡してください</source>
        <translation>Ask a colleague to take over, or the security manager</translation>
    </message>
    <message>
        <source>回線が切れています。つながりしだい検索します。</source>
        <translation>The line is down. Searched once it is back.</translation>
    </message>
    <message>
        <source>回線が戻ると照会します</source>
        <translation>Asked once the line is back</translation>
    </message>
    <message>
        <source>回線断</source>
        <translation>Line down</translation>
    </message>
    <message>
        <source>団体</source>
        <translation>Group</translation>
    </message>
    <message>
        <source>図書館利用カード</source>
        <translation>Library card</translation>
    </message>
    <message>
        <source>在勤・在学</source>
        <translation>Works or studies here</translation>
    </message>
    <message>
        <source>在留カード</source>
        <translation>Residence card</translation>
    </message>
    <message>
        <source>変わったところだけを直してください。</source>
        <translation>Correct only what has changed.</translation>
    </message>
    <message>
        <source>変更</source>
        <translation>Change</translation>
    </message>
    <message>
        <source>変更していません</source>
        <translation>Not changed</translation>
    </message>
    <message>
        <source>変更しました</source>
        <translation>Changed</translation>
    </message>
    <message>
        <source>変更する</source>
        <translation>Change</translation>
    </message>
    <message>
        <source>外す</source>
        <translation>Remove</translation>
    </message>
    <message>
        <source>姓と名の間を空けます</source>
        <translation>A space between the names</translation>
    </message>
    <message>
        <source>学生証</source>
        <translation>Student card</translation>
    </message>
    <message>
        <source>家族</source>
        <translation>Family</translation>
    </message>
    <message>
        <source>家族 {count}人目。住所と電話を引き継ぎました。</source>
        <translation>Family, number {count}. Address and telephone are taken over.</translation>
    </message>
    <message>
        <source>家族から外しました</source>
        <translation>Left the family</translation>
    </message>
    <message>
        <source>家族から外す</source>
        <translation>Leave the family</translation>
    </message>
    <message>
        <source>家族にする</source>
        <translation>One of the family</translation>
    </message>
    <message>
        <source>家族を登録</source>
        <translation>Register family</translation>
    </message>
    <message>
        <source>家族を続けて登録</source>
        <translation>Register the next of the family</translation>
    </message>
    <message>
        <source>家族を続けて登録するなら F10、終わるなら Esc</source>
        <translation>F10 for the next of the family, Esc to finish</translation>
    </message>
    <message>
        <source>家族・受取人</source>
        <translation>Family, who picks up</translation>
    </message>
    <message>
        <source>届いた郵便物</source>
        <translation>Mail received</translation>
    </message>
    <message>
        <source>市内在住</source>
        <translation>Resident</translation>
    </message>
    <message>
        <source>市外局番から10桁か11桁で入力してください</source>
        <translation>Ten or eleven digits with the area code</translation>
    </message>
    <message>
        <source>年齢から、確認書類が必要です</source>
        <translation>At this age, proof of address is needed</translation>
    </message>
    <message>
        <source>広域利用</source>
        <translation>Wide area</translation>
    </message>
    <message>
        <source>延滞 {count}点</source>
        <translation>{count} overdue</translation>
    </message>
    <message>
        <source>手続き</source>
        <translation>Act</translation>
    </message>
    <message>
        <source>手続きを選ぶか、次のカードを読み取ってください</source>
        <translation>Choose an act, or scan the next card</translation>
    </message>
    <message>
        <source>数字4桁で入力してください</source>
        <translation>Enter four digits</translation>
    </message>
    <message>
        <source>数字7桁で入力してください</source>
        <translation>Enter seven digits</translation>
    </message>
    <message>
        <source>文字が足りません</source>
        <translation>Too few letters</translation>
    </message>
    <message>
        <source>新しいカードを登録しました</source>
        <translation>New card recorded</translation>
    </message>
    <message>
        <source>新しいカードを読み取ると入ります</source>
        <translation>Scan the new card</translation>
    </message>
    <message>
        <source>新しい利用者番号</source>
        <translation>New patron number</translation>
    </message>
    <message>
        <source>新規登録</source>
        <translation>Register</translation>
    </message>
    <message>
        <source>暦にある日を入力してください</source>
        <translation>Enter a day that exists</translation>
    </message>
    <message>
        <source>更新</source>
        <translation>Renew</translation>
    </message>
    <message>
        <source>更新しました</source>
        <translation>Renewed</translation>
    </message>
    <message>
        <source>更新する</source>
        <translation>Renew</translation>
    </message>
    <message>
        <source>書いた人と日付が残ります。本人が見てもよい言葉で書いてください。</source>
        <translation>Author and day are kept. Write what the patron may read.</translation>
    </message>
    <message>
        <source>書きかけがあります</source>
        <translation>A form is half filled in</translation>
    </message>
    <message>
        <source>書きかけの登録があります</source>
        <translation>A registration is half typed</translation>
    </message>
    <message>
        <source>書きかけを閉じました</source>
        <translation>What was half typed is closed</translation>
    </message>
    <message>
        <source>書き足す</source>
        <translation>Write one</translation>
    </message>
    <message>
        <source>期限</source>
        <translation>Until</translation>
    </message>
    <message>
        <source>期限なし</source>
        <translation>no end</translation>
    </message>
    <message>
        <source>期限切れ</source>
        <translation>Expired</translation>
    </message>
    <message>
        <source>期限切れ。住所を確かめて更新する</source>
        <translation>Expired. Renew it with proof of address</translation>
    </message>
    <message>
        <source>本人が取り下げた</source>
        <translation>Taken back by the applicant</translation>
    </message>
    <message>
        <source>本人に説明し、申し出を確かめた</source>
        <translation>Explained to them, and they asked for it</translation>
    </message>
    <message>
        <source>来館が始まったか終わったためです。記録はしていません</source>
        <translation>A visit began or ended. Nothing of it is recorded</translation>
    </message>
    <message>
        <source>桁数が合いません。読み取りなおしてください</source>
        <translation>Wrong length. Scan it again</translation>
    </message>
    <message>
        <source>検査数字が合いません</source>
        <translation>Wrong check digit</translation>
    </message>
    <message>
        <source>検査数字が合いません。読み取りなおしてください</source>
        <translation>Wrong check digit. Scan it again</translation>
    </message>
    <message>
        <source>検索しています。</source>
        <translation>Searching.</translation>
    </message>
    <message>
        <source>検索へ</source>
        <translation>Patrons</translation>
    </message>
    <message>
        <source>権限がありません</source>
        <translation>Not allowed</translation>
    </message>
    <message>
        <source>次の行き先が出ます</source>
        <translation>it says where it goes next</translation>
    </message>
    <message>
        <source>氏名</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>氏名と同じように、姓と名の間を空けてください</source>
        <translation>A space between the names, as in the name</translation>
    </message>
    <message>
        <source>氏名の変換から入ります</source>
        <translation>Filled in from the name as it is typed</translation>
    </message>
    <message>
        <source>氏名・住所・電話・区分・連絡方法</source>
        <translation>Name, address, telephone, category, notices</translation>
    </message>
    <message>
        <source>決定</source>
        <translation>OK</translation>
    </message>
    <message>
        <source>決定する</source>
        <translation>Do it</translation>
    </message>
    <message>
        <source>照会しています</source>
        <translation>Asking</translation>
    </message>
    <message>
        <source>照会中</source>
        <translation>Asking</translation>
    </message>
    <message>
        <source>理由</source>
        <translation>Reason</translation>
    </message>
    <message>
        <source>生年</source>
        <translation>Born</translation>
    </message>
    <message>
        <source>生年月日</source>
        <translation>Date of birth</translation>
    </message>
    <message>
        <source>生年月日を入力してください</source>
        <translation>Enter a date of birth</translation>
    </message>
    <message>
        <source>申請</source>
        <translation>Applied</translation>
    </message>
    <message>
        <source>申請 {number} の内容です。見せてもらった書類と見比べ、直してから登録してください。</source>
        <translation>This is what application {number} says. Compare it with the proof that is shown, put it right, then register.</translation>
    </message>
    <message>
        <source>申請がありません。番号を確かめてください。</source>
        <translation>There is no application. Check the number.</translation>
    </message>
    <message>
        <source>申請がなくなっています</source>
        <translation>The application is gone</translation>
    </message>
    <message>
        <source>申請を却下</source>
        <translation>Reject application</translation>
    </message>
    <message>
        <source>申請を却下しました</source>
        <translation>Application rejected</translation>
    </message>
    <message>
        <source>申請日</source>
        <translation>Applied on</translation>
    </message>
    <message>
        <source>申請番号</source>
        <translation>Application number</translation>
    </message>
    <message>
        <source>申請番号を入れて Enter を押してください。</source>
        <translation>Type the application&apos;s number and press Enter.</translation>
    </message>
    <message>
        <source>町名</source>
        <translation>Town</translation>
    </message>
    <message>
        <source>番号が先に使われました</source>
        <translation>The number was used meanwhile</translation>
    </message>
    <message>
        <source>番号の末尾</source>
        <translation>Number ends in</translation>
    </message>
    <message>
        <source>番号は登録済みです</source>
        <translation>The number is theirs</translation>
    </message>
    <message>
        <source>番号は登録済みです。利用者の記録の「カードを印刷」で、もう一度印刷できます。</source>
        <translation>The number is theirs. Print the card again from the patron&apos;s record.</translation>
    </message>
    <message>
        <source>番号・氏名・かな・生年月日でしぼれます。Enter で開き、F9 で却下します。</source>
        <translation>Narrow them by number, name, kana or birth date. Enter opens one, F9 rejects it.</translation>
    </message>
    <message>
        <source>発行して印刷</source>
        <translation>Issue and print</translation>
    </message>
    <message>
        <source>登録がなくなっています</source>
        <translation>No longer a patron</translation>
    </message>
    <message>
        <source>登録していません</source>
        <translation>Not registered</translation>
    </message>
    <message>
        <source>登録しても、貸出や住所は互いに見えません。</source>
        <translation>Neither sees the other&apos;s loans or address.</translation>
    </message>
    <message>
        <source>登録しました</source>
        <translation>Registered</translation>
    </message>
    <message>
        <source>登録する</source>
        <translation>Register</translation>
    </message>
    <message>
        <source>登録できたかどうか分かりません。利用者番号を読み取って確かめてください。</source>
        <translation>It is not known whether they are registered. Scan the card to see.</translation>
    </message>
    <message>
        <source>登録に戻る</source>
        <translation>Back to registering</translation>
    </message>
    <message>
        <source>登録のない利用者番号</source>
        <translation>Unknown patron number</translation>
    </message>
    <message>
        <source>登録の対象ではない</source>
        <translation>Not entitled to a card</translation>
    </message>
    <message>
        <source>登録へ</source>
        <translation>Go on</translation>
    </message>
    <message>
        <source>登録済みか、却下されたか、期限が過ぎました</source>
        <translation>It was confirmed, rejected, or is past its time</translation>
    </message>
    <message>
        <source>直したら F10</source>
        <translation>Then F10</translation>
    </message>
    <message>
        <source>相手のカードを読み取って登録</source>
        <translation>Link by the other&apos;s card</translation>
    </message>
    <message>
        <source>相手のカードを読み取ると入ります</source>
        <translation>Scan the other&apos;s card</translation>
    </message>
    <message>
        <source>相手の利用者番号</source>
        <translation>The other&apos;s patron number</translation>
    </message>
    <message>
        <source>確認</source>
        <translation>Make sure</translation>
    </message>
    <message>
        <source>確認した書類</source>
        <translation>Proof seen</translation>
    </message>
    <message>
        <source>社員証</source>
        <translation>Employee card</translation>
    </message>
    <message>
        <source>種類</source>
        <translation>Kind</translation>
    </message>
    <message>
        <source>種類だけを記録します。番号は控えません</source>
        <translation>Only the kind is kept, never its number</translation>
    </message>
    <message>
        <source>窓口</source>
        <translation>At desk</translation>
    </message>
    <message>
        <source>窓口の利用者</source>
        <translation>Patron at desk</translation>
    </message>
    <message>
        <source>紛失したカード {count}枚</source>
        <translation>Lost cards: {count}</translation>
    </message>
    <message>
        <source>紛失の届けだけ</source>
        <translation>Only report the loss</translation>
    </message>
    <message>
        <source>紛失を記録しました</source>
        <translation>Loss recorded</translation>
    </message>
    <message>
        <source>紛失届のあるカード</source>
        <translation>Card reported lost</translation>
    </message>
    <message>
        <source>終わる</source>
        <translation>Finish</translation>
    </message>
    <message>
        <source>結果はこの帯に出ます</source>
        <translation>What comes of it is said here</translation>
    </message>
    <message>
        <source>続柄・同意</source>
        <translation>Relation, consent</translation>
    </message>
    <message>
        <source>練習用の図書館では発行できません。それ以外では権限を確かめてください</source>
        <translation>The library to practise with has none. Elsewhere, check what you may do</translation>
    </message>
    <message>
        <source>行うこと</source>
        <translation>To do</translation>
    </message>
    <message>
        <source>見つかりません。かなを減らすか、生年月日や電話の下4桁で探してみてください。</source>
        <translation>Nobody found. Try fewer kana, a date of birth, or the end of a telephone.</translation>
    </message>
    <message>
        <source>解除しました</source>
        <translation>Ended</translation>
    </message>
    <message>
        <source>解除する</source>
        <translation>End it</translation>
    </message>
    <message>
        <source>記録する</source>
        <translation>Record</translation>
    </message>
    <message>
        <source>記録できたかどうか分かりません。利用者を開きなおして確かめてください。</source>
        <translation>It is not known whether it was recorded. Open the patron anew to see.</translation>
    </message>
    <message>
        <source>記録と手続き</source>
        <translation>Record and acts</translation>
    </message>
    <message>
        <source>設定されたカードプリンターが見つかりません。電源と線を確かめてください。</source>
        <translation>The card printer of this terminal&apos;s settings is not found. Check power and cable.</translation>
    </message>
    <message>
        <source>設定にある名前のプリンターが、このパソコンにありません。</source>
        <translation>This computer has no printer of the name in the settings.</translation>
    </message>
    <message>
        <source>説明して確かめたら、スペースキーで選んでください</source>
        <translation>Explain it, make sure, then choose this with the space bar</translation>
    </message>
    <message>
        <source>読み取ったカードの番号を消すか、「この場で印刷する」をやめてください</source>
        <translation>Delete the number that was read, or do not print a card here</translation>
    </message>
    <message>
        <source>読み取りなおしてください</source>
        <translation>Scan it again</translation>
    </message>
    <message>
        <source>読み取ると、どこからでも入ります</source>
        <translation>Scanned from any line, it goes in here</translation>
    </message>
    <message>
        <source>貸出は F1、返却は F2</source>
        <translation>Loans: F1, returns: F2</translation>
    </message>
    <message>
        <source>貸出へ</source>
        <translation>To lending</translation>
    </message>
    <message>
        <source>貸出中</source>
        <translation>On loan</translation>
    </message>
    <message>
        <source>貸出中の資料があります</source>
        <translation>Items are on loan</translation>
    </message>
    <message>
        <source>資料のバーコードです</source>
        <translation>An item&apos;s barcode</translation>
    </message>
    <message>
        <source>退会</source>
        <translation>Withdraw</translation>
    </message>
    <message>
        <source>退会しました</source>
        <translation>Withdrawn</translation>
    </message>
    <message>
        <source>退会手続きをする</source>
        <translation>Withdraw</translation>
    </message>
    <message>
        <source>送信中</source>
        <translation>On its way</translation>
    </message>
    <message>
        <source>連絡しない</source>
        <translation>No notices</translation>
    </message>
    <message>
        <source>連絡に使います。入力するか、連絡方法を選びなおしてください</source>
        <translation>Used for notices. Enter it, or choose another way</translation>
    </message>
    <message>
        <source>連絡先</source>
        <translation>Contact</translation>
    </message>
    <message>
        <source>連絡先を見る</source>
        <translation>Show contact</translation>
    </message>
    <message>
        <source>連絡方法</source>
        <translation>Notices by</translation>
    </message>
    <message>
        <source>運転免許証</source>
        <translation>Driving licence</translation>
    </message>
    <message>
        <source>違う: {fields}</source>
        <translation>Different: {fields}</translation>
    </message>
    <message>
        <source>選べない区分です</source>
        <translation>Category not possible</translation>
    </message>
    <message>
        <source>選んでください</source>
        <translation>Choose one</translation>
    </message>
    <message>
        <source>郵便番号</source>
        <translation>Postal code</translation>
    </message>
    <message>
        <source>長すぎます。短くしてください</source>
        <translation>Too long. Make it shorter</translation>
    </message>
    <message>
        <source>離席の前に送りましたが、結果が届いていません。
もう一度 F10 を押すと、二重にならずに確かめられます。</source>
        <translation>It was sent before you left, and what came of it is not known.
F10 again asks for it, and does nothing twice.</translation>
    </message>
    <message>
        <source>電話</source>
        <translation>Telephone</translation>
    </message>
    <message>
        <source>電話番号</source>
        <translation>Telephone</translation>
    </message>
    <message>
        <source>高校生からは必要です。書類を選んでください</source>
        <translation>Needed from senior high school on. Choose one</translation>
    </message>
    <message>
        <source>／</source>
        <translation> / </translation>
    </message>
</context>
<context>
    <name>Search</name>
    <message>
        <source>1000年から来年までの年を入力してください</source>
        <translation>A year from 1000 to next year, please.</translation>
    </message>
    <message>
        <source>2文字から検索します。かなでも漢字でも、一部でもかまいません。</source>
        <translation>Searches from two letters on, in kana or kanji; a part will do.</translation>
    </message>
    <message>
        <source>50件以上</source>
        <translation>50 or more</translation>
    </message>
    <message>
        <source>913.6 のように数字3桁で始めてください</source>
        <translation>Begin with three figures, as in 913.6, please.</translation>
    </message>
    <message>
        <source>CD</source>
        <translation>CD</translation>
    </message>
    <message>
        <source>DVD</source>
        <translation>DVD</translation>
    </message>
    <message>
        <source>F10 で登録、Esc でやめる</source>
        <translation>F10 adds it, Esc leaves it</translation>
    </message>
    <message>
        <source>F11 で簡易登録</source>
        <translation>F11: quick-add</translation>
    </message>
    <message>
        <source>F4 でカードを読み取ると予約します</source>
        <translation>F4 and a card reserve them</translation>
    </message>
    <message>
        <source>ISBN</source>
        <translation>ISBN</translation>
    </message>
    <message>
        <source>ISBN ではありません</source>
        <translation>Not an ISBN</translation>
    </message>
    <message>
        <source>ISBN の検査数字が合いません。確かめてください</source>
        <translation>The check digit of the ISBN is wrong. Please check it.</translation>
    </message>
    <message>
        <source>ISBN は10桁か13桁です</source>
        <translation>An ISBN has 10 or 13 figures.</translation>
    </message>
    <message>
        <source>{branch} {count}人</source>
        <translation>{branch}: {count}</translation>
    </message>
    <message>
        <source>{count}件</source>
        <translation>{count}</translation>
    </message>
    <message>
        <source>{place}番目</source>
        <translation>Place {place}</translation>
    </message>
    <message>
        <source>{state} ×{count}</source>
        <translation>{state} x{count}</translation>
    </message>
    <message>
        <source>↑↓ で選び Enter で予約。資料や ISBN を読み取るとそのタイトルに移ります。</source>
        <translation>Up and Down select, Enter reserves. An item or ISBN that is scanned goes to its title.</translation>
    </message>
    <message>
        <source>、</source>
        <translation>, </translation>
    </message>
    <message>
        <source>かなで入力してください</source>
        <translation>In kana, please.</translation>
    </message>
    <message>
        <source>この番号では検索できません</source>
        <translation>Nothing is found by this number</translation>
    </message>
    <message>
        <source>この種類は、この館では登録できません。</source>
        <translation>Items of this kind cannot be added at this branch.</translation>
    </message>
    <message>
        <source>この資料番号は登録済みです: {title}</source>
        <translation>This item number is in use: {title}</translation>
    </message>
    <message>
        <source>この館</source>
        <translation>Here</translation>
    </message>
    <message>
        <source>この館 {here}・在架 {shelf}・所蔵 {all}・予約 {waiting}</source>
        <translation>Here {here}, on shelf {shelf}, holdings {all}, waiting {waiting}</translation>
    </message>
    <message>
        <source>これは利用者番号です。資料のバーコードを読み取ってください</source>
        <translation>This is a patron number. Scan the barcode of the item.</translation>
    </message>
    <message>
        <source>その書誌の資料として登録</source>
        <translation>Add it to that title</translation>
    </message>
    <message>
        <source>つながりしだい検索します</source>
        <translation>The search is done once the line is back</translation>
    </message>
    <message>
        <source>どちらか選んでください</source>
        <translation>Please choose one</translation>
    </message>
    <message>
        <source>ひとつの欄で</source>
        <translation>One box</translation>
    </message>
    <message>
        <source>へ配送中</source>
        <translation>On its way there</translation>
    </message>
    <message>
        <source>ほかの接続先に回されたため中止しました</source>
        <translation>Sent on to another address: stopped</translation>
    </message>
    <message>
        <source>まだ予約していません。回線がつながりしだい予約します。
ここを閉じても、結果は下の帯に出ます。</source>
        <translation>Not reserved yet. It will be once the line is back.
Close this if you like: the strip below will say what came of it.</translation>
    </message>
    <message>
        <source>まだ登録していません。回線がつながりしだい登録します。
ここを閉じても、結果は下の帯に出ます。</source>
        <translation>Not added yet. It will be once the line is back.
Close this if you like: the strip below will say what came of it.</translation>
    </message>
    <message>
        <source>まとめて</source>
        <translation>Together</translation>
    </message>
    <message>
        <source>まとめて予約</source>
        <translation>Together with others</translation>
    </message>
    <message>
        <source>まとめて予約に入れました</source>
        <translation>To be reserved together</translation>
    </message>
    <message>
        <source>よみは著者の数までにしてください</source>
        <translation>No more readings than authors, please.</translation>
    </message>
    <message>
        <source>カセット</source>
        <translation>Cassette</translation>
    </message>
    <message>
        <source>シリーズ</source>
        <translation>Series</translation>
    </message>
    <message>
        <source>ビデオ</source>
        <translation>Video</translation>
    </message>
    <message>
        <source>プロキシにつながりません</source>
        <translation>The proxy cannot be reached</translation>
    </message>
    <message>
        <source>プロキシに断られました</source>
        <translation>Refused by the proxy</translation>
    </message>
    <message>
        <source>プロキシのパスワードが違います</source>
        <translation>Wrong password for the proxy</translation>
    </message>
    <message>
        <source>ページ数・大きさ</source>
        <translation>Pages and size</translation>
    </message>
    <message>
        <source>ラベル</source>
        <translation>Labels</translation>
    </message>
    <message>
        <source>一覧から選んでください</source>
        <translation>Choose from the list, please.</translation>
    </message>
    <message>
        <source>予約</source>
        <translation>Queue</translation>
    </message>
    <message>
        <source>予約 {count}人（{branches}）</source>
        <translation>Waiting: {count} ({branches})</translation>
    </message>
    <message>
        <source>予約しています</source>
        <translation>Reserving</translation>
    </message>
    <message>
        <source>予約していません</source>
        <translation>Not reserved</translation>
    </message>
    <message>
        <source>予約しました</source>
        <translation>Reserved</translation>
    </message>
    <message>
        <source>予約する</source>
        <translation>Reserve</translation>
    </message>
    <message>
        <source>予約できたかどうか分かりません。検索しなおして予約の人数を確かめてください。</source>
        <translation>It may not be reserved. Search again and check the queue.</translation>
    </message>
    <message>
        <source>予約の列</source>
        <translation>Queue</translation>
    </message>
    <message>
        <source>予約受付</source>
        <translation>Reservation</translation>
    </message>
    <message>
        <source>今ある書誌に加えました</source>
        <translation>Added to a title that was here</translation>
    </message>
    <message>
        <source>付録</source>
        <translation>Supplement</translation>
    </message>
    <message>
        <source>何人かは ; で区切ります</source>
        <translation>Put ; between several.</translation>
    </message>
    <message>
        <source>先頭の50件です。文字を足すとしぼれます。</source>
        <translation>The first 50. More letters narrow it down.</translation>
    </message>
    <message>
        <source>入れかけの簡易登録があります</source>
        <translation>A quick-add is half filled in</translation>
    </message>
    <message>
        <source>入力してください</source>
        <translation>Please fill this in.</translation>
    </message>
    <message>
        <source>出版年</source>
        <translation>Year</translation>
    </message>
    <message>
        <source>出版社</source>
        <translation>Publisher</translation>
    </message>
    <message>
        <source>分類 {ndc}</source>
        <translation>Class {ndc}</translation>
    </message>
    <message>
        <source>分類（NDC）</source>
        <translation>Class (NDC)</translation>
    </message>
    <message>
        <source>別の書誌として登録</source>
        <translation>Add it as another title</translation>
    </message>
    <message>
        <source>利用者カードを読み取るか、利用者番号を入力してください</source>
        <translation>Scan a patron card, or type the number.</translation>
    </message>
    <message>
        <source>利用者カードを読み取ると入ります</source>
        <translation>Scan the patron card.</translation>
    </message>
    <message>
        <source>利用者番号</source>
        <translation>Patron no.</translation>
    </message>
    <message>
        <source>取り寄せの設定がありません</source>
        <translation>Fetching is not set up</translation>
    </message>
    <message>
        <source>取り寄せ先がエラーを返しました</source>
        <translation>The source answers with an error</translation>
    </message>
    <message>
        <source>取り寄せ先につながりません</source>
        <translation>The source cannot be reached</translation>
    </message>
    <message>
        <source>取り消された登録です。もう一度登録してください。</source>
        <translation>This was called off. Please add it again.</translation>
    </message>
    <message>
        <source>取置中</source>
        <translation>Reservation shelf</translation>
    </message>
    <message>
        <source>受取 {branch}</source>
        <translation>Pick-up: {branch}</translation>
    </message>
    <message>
        <source>受取館</source>
        <translation>Pick-up branch</translation>
    </message>
    <message>
        <source>同じ ISBN の書誌があります</source>
        <translation>A title has this ISBN</translation>
    </message>
    <message>
        <source>同じ ISBN の書誌があります。どちらか選び、もう一度 F10 を押してください。</source>
        <translation>A title has this ISBN. Choose one of the two and press F10 again.</translation>
    </message>
    <message>
        <source>回線が切れています。つながりしだい検索します。</source>
        <translation>The line is down. The search is done once it is back.</translation>
    </message>
    <message>
        <source>図書</source>
        <translation>Book</translation>
    </message>
    <message>
        <source>国立国会図書館サーチ</source>
        <translation>NDL Search</translation>
    </message>
    <message>
        <source>在架</source>
        <translation>On shelf</translation>
    </message>
    <message>
        <source>在架あり・所蔵館で探します</source>
        <translation>On shelf: it will be looked for</translation>
    </message>
    <message>
        <source>在架（禁帯出）</source>
        <translation>On shelf (ref. only)</translation>
    </message>
    <message>
        <source>巻</source>
        <translation>Volume</translation>
    </message>
    <message>
        <source>年</source>
        <translation>Year</translation>
    </message>
    <message>
        <source>所在不明</source>
        <translation>Missing</translation>
    </message>
    <message>
        <source>手で入力して登録できます</source>
        <translation>It can be filled in by hand</translation>
    </message>
    <message>
        <source>接続先を確かめられません</source>
        <translation>The source cannot be verified</translation>
    </message>
    <message>
        <source>時間内に答えがありません</source>
        <translation>No answer in time</translation>
    </message>
    <message>
        <source>書名</source>
        <translation>Title</translation>
    </message>
    <message>
        <source>書名のよみ</source>
        <translation>Reading of the title</translation>
    </message>
    <message>
        <source>書名を入力してください</source>
        <translation>Fill in the title, please</translation>
    </message>
    <message>
        <source>書誌がなくなっています。もう一度登録してください。</source>
        <translation>The title record is gone. Please add it again.</translation>
    </message>
    <message>
        <source>書誌が見つかりません</source>
        <translation>No title record found</translation>
    </message>
    <message>
        <source>書誌を取り寄せています</source>
        <translation>Fetching the title record</translation>
    </message>
    <message>
        <source>書誌を取り寄せました</source>
        <translation>Title record fetched</translation>
    </message>
    <message>
        <source>書誌を取り寄せられません</source>
        <translation>Title record not fetched</translation>
    </message>
    <message>
        <source>本のバーコードを読み取ると、国立国会図書館サーチから書誌を取り寄せます</source>
        <translation>Scan the book&apos;s own barcode: NDL Search is asked for its title record.</translation>
    </message>
    <message>
        <source>本のバーコードを読み取ると入ります</source>
        <translation>Scan the book&apos;s own barcode.</translation>
    </message>
    <message>
        <source>桁数が合いません。読み取りなおしてください</source>
        <translation>Wrong length. Please scan it again.</translation>
    </message>
    <message>
        <source>検査数字が合いません。読み取りなおしてください</source>
        <translation>Wrong check digit. Please scan it again.</translation>
    </message>
    <message>
        <source>検索しています</source>
        <translation>Searching</translation>
    </message>
    <message>
        <source>検索しています。</source>
        <translation>Searching.</translation>
    </message>
    <message>
        <source>検索する言葉を入力するか、資料を読み取ってください</source>
        <translation>Type what to look for, or scan an item</translation>
    </message>
    <message>
        <source>検索結果</source>
        <translation>Found</translation>
    </message>
    <message>
        <source>版</source>
        <translation>Edition</translation>
    </message>
    <message>
        <source>登録がありません</source>
        <translation>Not in this library</translation>
    </message>
    <message>
        <source>登録していません</source>
        <translation>Not added</translation>
    </message>
    <message>
        <source>登録しました</source>
        <translation>Added</translation>
    </message>
    <message>
        <source>登録する</source>
        <translation>Add</translation>
    </message>
    <message>
        <source>登録する権限がありません。</source>
        <translation>You may not add items.</translation>
    </message>
    <message>
        <source>登録できたかどうか分かりません。資料番号で検索して確かめてください。</source>
        <translation>It may not be added. Search for the item number to see.</translation>
    </message>
    <message>
        <source>登録のない資料を仮に登録します。すぐに貸出できます。</source>
        <translation>For an item that is not in the catalogue yet. It can be lent at once.</translation>
    </message>
    <message>
        <source>種類</source>
        <translation>Kind</translation>
    </message>
    <message>
        <source>空欄に入れました</source>
        <translation>Empty fields were filled in</translation>
    </message>
    <message>
        <source>答えが大きすぎます</source>
        <translation>The answer is too big</translation>
    </message>
    <message>
        <source>答えが途中で切れています</source>
        <translation>The answer is cut off</translation>
    </message>
    <message>
        <source>答えを読めません</source>
        <translation>The answer cannot be read</translation>
    </message>
    <message>
        <source>簡易登録</source>
        <translation>Quick-add</translation>
    </message>
    <message>
        <source>紙芝居</source>
        <translation>Kamishibai</translation>
    </message>
    <message>
        <source>結果はこの帯に出ます。F4 で一覧を見られます</source>
        <translation>What comes of it is said here; F4 has the list</translation>
    </message>
    <message>
        <source>著者</source>
        <translation>Author</translation>
    </message>
    <message>
        <source>著者のよみ</source>
        <translation>Reading of the author</translation>
    </message>
    <message>
        <source>著者は40人までにしてください</source>
        <translation>40 authors at most, please.</translation>
    </message>
    <message>
        <source>西暦4桁か、平成30年のように入力してください</source>
        <translation>Four figures please, as 2018 (or in Japanese, as a year of an era).</translation>
    </message>
    <message>
        <source>見つかりました</source>
        <translation>Found</translation>
    </message>
    <message>
        <source>見つかりません。かなで入れるか、文字を減らしてみてください。</source>
        <translation>Nothing found. Try kana, or fewer letters.</translation>
    </message>
    <message>
        <source>許可されていない接続先です</source>
        <translation>This address is not permitted</translation>
    </message>
    <message>
        <source>認証局のファイルを読めません</source>
        <translation>The CA file cannot be read</translation>
    </message>
    <message>
        <source>貸出中</source>
        <translation>On loan</translation>
    </message>
    <message>
        <source>貸出中 {day}まで</source>
        <translation>Lent, due {day}</translation>
    </message>
    <message>
        <source>資料のバーコードを読み取ると入ります</source>
        <translation>Scan the barcode of the item.</translation>
    </message>
    <message>
        <source>資料番号</source>
        <translation>Item no.</translation>
    </message>
    <message>
        <source>資料番号を入力してください</source>
        <translation>Type an item number, please.</translation>
    </message>
    <message>
        <source>選んだ資料の所蔵館と状態がここに出ます。</source>
        <translation>Here is shown where each copy of the selected title is.</translation>
    </message>
    <message>
        <source>長すぎます。短くしてください</source>
        <translation>Too long. Make it shorter, please.</translation>
    </message>
    <message>
        <source>雑誌</source>
        <translation>Magazine</translation>
    </message>
    <message>
        <source>雑誌の番号では検索できません</source>
        <translation>Magazine numbers find nothing</translation>
    </message>
    <message>
        <source>雑誌名を入れるか、図書館の資料番号を読み取ってください</source>
        <translation>Type its name, or scan the library&apos;s item number</translation>
    </message>
    <message>
        <source>項目で検索</source>
        <translation>By field</translation>
    </message>
</context>
<context>
    <name>Sheet</name>
    <message>
        <source>1字読みまちがえた資料番号</source>
        <translation>An item number with one digit misread</translation>
    </message>
    <message>
        <source>1行が、窓口で起こることの1つです。枠のことばの画面で、矢印の順に読み取ると、その下の文のとおりになります。</source>
        <translation>Each row is one case. Scan in order on the screen in the frame; the text says what happens.</translation>
    </message>
    <message>
        <source>CD</source>
        <translation>CD</translation>
    </message>
    <message>
        <source>CDは断られます。図書は別に数えるので、まだ貸し出せます。</source>
        <translation>CDs are refused. Books are counted apart and can still be lent.</translation>
    </message>
    <message>
        <source>CDを上限の{audio_limit}点まで借りている</source>
        <translation>Has {audio_limit} CDs, the limit</translation>
    </message>
    <message>
        <source>DVD</source>
        <translation>DVD</translation>
    </message>
    <message>
        <source>DVDは断られます。図書は別に数えるので、まだ貸し出せます。</source>
        <translation>DVDs are refused. Books are counted apart and can still be lent.</translation>
    </message>
    <message>
        <source>DVDを上限の{video_limit}点まで借りている</source>
        <translation>Has {video_limit} DVDs, the limit</translation>
    </message>
    <message>
        <source>F10 に出ている答えです。</source>
        <translation>The answer shown at F10.</translation>
    </message>
    <message>
        <source>F9 に出ている答えです。何も変わりません。</source>
        <translation>The answer shown at F9. Nothing changes.</translation>
    </message>
    <message>
        <source>ISBNではどの1冊かわからないので、資料番号を読むよう案内します。</source>
        <translation>An ISBN does not tell which copy it is: you are asked to scan the item number.</translation>
    </message>
    <message>
        <source>{idle_years}年使われず、期限の切れたカード</source>
        <translation>A card not used for {idle_years} years, expired</translation>
    </message>
    <message>
        <source>{year}年{month}月{day}日 作成</source>
        <translation>Made on {year}/{month}/{day}</translation>
    </message>
    <message>
        <source>「実際のサイズ」（100 %）で印刷します。縮めると読めないことがあります。</source>
        <translation>Print at actual size (100 %). Smaller bars may not be readable.</translation>
    </message>
    <message>
        <source>「延長」で {renewable} を読み取ります。返却期限が延びます。</source>
        <translation>At Renewal scan {renewable}. The due date moves on.</translation>
    </message>
    <message>
        <source>「貸出」で利用者カード {good} を読み取り、続けて資料 {book_a} と {book_b} を読み取ります。返却期限が出れば、貸出は終わりです。</source>
        <translation>At Checkout scan patron card {good}, then items {book_a} and {book_b}. When the due dates appear, the checkout is done.</translation>
    </message>
    <message>
        <source>「返却」で {book_a} を読み取ります。まちがえても、{undo_minutes}分以内なら取り消せます。</source>
        <translation>At Return scan {book_a}. A mistake can be undone within {undo_minutes} minutes.</translation>
    </message>
    <message>
        <source>いいえ</source>
        <translation>No</translation>
    </message>
    <message>
        <source>おくれている資料が返るまで、貸出は断られます。理由を書けば、この受付のあいだ貸し出せます。</source>
        <translation>Checkouts are refused until the overdue item is back. With a reason items can be lent during this visit.</translation>
    </message>
    <message>
        <source>きょうから{loan_days}日後まで延びます。2度めの延長は断られます。</source>
        <translation>It is renewed for {loan_days} days from today. A second renewal is refused.</translation>
    </message>
    <message>
        <source>けた数が足りません。もう一度読み取るよう案内します。</source>
        <translation>Digits are missing. You are asked to scan again.</translation>
    </message>
    <message>
        <source>この受付を終わります。</source>
        <translation>Ends this visit.</translation>
    </message>
    <message>
        <source>この画面</source>
        <translation>This screen</translation>
    </message>
    <message>
        <source>この紙は、カウンターの内側に置いてください。なくしたり、人に写されたりしたときは、システムの担当者が新しい番号を作ります。すると、この紙では何もできなくなります。</source>
        <translation>Keep this sheet behind the counter. If it is lost or somebody has copied it, system staff can make a new prefix; then this sheet does nothing any more.</translation>
    </message>
    <message>
        <source>そのまま終わる</source>
        <translation>goes through</translation>
    </message>
    <message>
        <source>その場所がありません。</source>
        <translation>There is no such place.</translation>
    </message>
    <message>
        <source>できる</source>
        <translation>Works</translation>
    </message>
    <message>
        <source>どの行も、作ったばかりの練習用の図書館で、「総合市民図書館」の端末に読み取ったときのことです。</source>
        <translation>Every row is true of a training library just made, at a terminal of the main library (Sogo).</translation>
    </message>
    <message>
        <source>どれも何も記録されず、それぞれ別のことばで案内が出ます。そのまま次を読み取れます。</source>
        <translation>None of them records anything. Each is explained in its own words, and the next scan works.</translation>
    </message>
    <message>
        <source>なくしたと届けのあった古いカード</source>
        <translation>The old card, reported lost</translation>
    </message>
    <message>
        <source>はい</source>
        <translation>Yes</translation>
    </message>
    <message>
        <source>はじめての練習（5分）</source>
        <translation>A first practice (5 minutes)</translation>
    </message>
    <message>
        <source>はじめる前に</source>
        <translation>Before you begin</translation>
    </message>
    <message>
        <source>ふつうに使えます。古いカードは次の {old_card} です。</source>
        <translation>It works as usual. The old card is the next one, {old_card}.</translation>
    </message>
    <message>
        <source>ほかの人が借りている資料</source>
        <translation>An item on loan to another patron</translation>
    </message>
    <message>
        <source>ほかの人のために取り置いた資料</source>
        <translation>An item held for another patron</translation>
    </message>
    <message>
        <source>ほかの図書館の資料なので、延長は断られます。</source>
        <translation>The renewal is refused, because it belongs to another library.</translation>
    </message>
    <message>
        <source>もう延長した資料</source>
        <translation>An item renewed already</translation>
    </message>
    <message>
        <source>やり直すときは、コマンド madoguchi training --reset で練習用の図書館を作り直します。番号は変わらないので、この紙はそのまま使えます。延滞の日数は作り直した日から数えます。</source>
        <translation>To begin again, make the training library anew with the command madoguchi training --reset. The numbers stay the same, so this sheet stays valid. Overdue days are counted from the day it was made.</translation>
    </message>
    <message>
        <source>カウンターの内側に置いてください</source>
        <translation>Keep behind the counter</translation>
    </message>
    <message>
        <source>サインイン</source>
        <translation>Sign in</translation>
    </message>
    <message>
        <source>スキャナは、NW-7（Codabar）・EAN-13・Code 128 を読み、最後に Enter を送る設定にします。NW-7 は、買ったときには止めてある機種があります。</source>
        <translation>Set the scanner to read NW-7 (Codabar), EAN-13 and Code 128, and to send Enter at the end. On some models NW-7 is off when new.</translation>
    </message>
    <message>
        <source>バーコードを読み取って、窓口の仕事を練習する</source>
        <translation>Practise the work of the counter by scanning</translation>
    </message>
    <message>
        <source>パスワード</source>
        <translation>Password</translation>
    </message>
    <message>
        <source>予約されている資料が見つかった</source>
        <translation>A reserved item turns up</translation>
    </message>
    <message>
        <source>予約した本人なので貸し出され、予約が終わったと知らせます。</source>
        <translation>It is lent to the patron who reserved it, and the row says so.</translation>
    </message>
    <message>
        <source>予約した資料が用意できている</source>
        <translation>A reservation is ready</translation>
    </message>
    <message>
        <source>予約の順番が1番目の人</source>
        <translation>First in the queue of a reservation</translation>
    </message>
    <message>
        <source>交代する窓口の職員</source>
        <translation>A second clerk, to hand over to</translation>
    </message>
    <message>
        <source>付録のある資料</source>
        <translation>An item with a supplement</translation>
    </message>
    <message>
        <source>伝票</source>
        <translation>Slips</translation>
    </message>
    <message>
        <source>使えないカードだと、はっきり出ます。</source>
        <translation>It is clearly said that this card is not valid.</translation>
    </message>
    <message>
        <source>借りている資料を延長したい</source>
        <translation>Wants to renew items on loan</translation>
    </message>
    <message>
        <source>児童</source>
        <translation>Child</translation>
    </message>
    <message>
        <source>入れた数字を使います。</source>
        <translation>Uses what was entered.</translation>
    </message>
    <message>
        <source>入れた最後の1字を消します。</source>
        <translation>Takes the last figure away.</translation>
    </message>
    <message>
        <source>再発行された新しいカード</source>
        <translation>A new card that replaced a lost one</translation>
    </message>
    <message>
        <source>出版社がつけた番号です。どれを読むかを案内します。</source>
        <translation>It is the publisher&apos;s number. You are told which barcode to scan.</translation>
    </message>
    <message>
        <source>分類と価格のバーコードです。どれを読むかを案内します。</source>
        <translation>It holds subject and price. You are told which barcode to scan.</translation>
    </message>
    <message>
        <source>利用者カード</source>
        <translation>Patron cards</translation>
    </message>
    <message>
        <source>利用者カードだとわかり、資料を読み取るよう案内します。</source>
        <translation>It is recognised as a patron card. You are asked to scan an item.</translation>
    </message>
    <message>
        <source>区分が「児童」と出ます。{on_loan} を借りています。</source>
        <translation>The category is child (in Japanese). This patron has {on_loan} on loan.</translation>
    </message>
    <message>
        <source>区分が「団体」と出ます。図書は{group_limit}点まで貸し出せます。</source>
        <translation>The category is group (in Japanese). Up to {group_limit} books can be lent.</translation>
    </message>
    <message>
        <source>区分が「市内在勤・在学」と出ます。</source>
        <translation>The category is working or studying in the city (in Japanese).</translation>
    </message>
    <message>
        <source>区分が「広域利用」と出ます。ふつうに貸し出せます。</source>
        <translation>The category is wide area (in Japanese). Items are lent as usual.</translation>
    </message>
    <message>
        <source>南市民図書館の資料が返ってきた</source>
        <translation>An item of the Minami library comes back</translation>
    </message>
    <message>
        <source>取り置きを知らせます。貸し出すと、予約は終わります。</source>
        <translation>The held item is pointed out. When it is lent, the reservation is closed.</translation>
    </message>
    <message>
        <source>取置棚に置くよう知らせます。1番目は {in_queue} の人です。</source>
        <translation>The row says: put it on the reservation shelf. {in_queue} is first in the queue.</translation>
    </message>
    <message>
        <source>同じ名前のフォルダーがあります。</source>
        <translation>A folder has the same name.</translation>
    </message>
    <message>
        <source>同じ端末で交代する練習に。前の人の作業は見えません。</source>
        <translation>To practise handing a terminal over. Nothing of the work before is seen.</translation>
    </message>
    <message>
        <source>同じ資料を2度読み取る</source>
        <translation>The same item scanned twice</translation>
    </message>
    <message>
        <source>名前や書名を、画面から消します。もう一度で、もどります。</source>
        <translation>Names and titles go from the screen; scan again to go back.</translation>
    </message>
    <message>
        <source>問題のない利用者</source>
        <translation>A patron in good standing</translation>
    </message>
    <message>
        <source>団体</source>
        <translation>A group</translation>
    </message>
    <message>
        <source>困った読み取り</source>
        <translation>Scans that go wrong</translation>
    </message>
    <message>
        <source>図書は断られます。CDやDVDは別に数えるので、まだ貸し出せます。</source>
        <translation>Books are refused. CDs and DVDs are counted apart and can still be lent.</translation>
    </message>
    <message>
        <source>図書を上限の{print_limit}点まで借りている</source>
        <translation>Has {print_limit} books, the limit</translation>
    </message>
    <message>
        <source>図書館と関係のないバーコード</source>
        <translation>A barcode that is not of the library</translation>
    </message>
    <message>
        <source>図書館の番号ではないと案内します。</source>
        <translation>The row says that it is none of the library&apos;s numbers.</translation>
    </message>
    <message>
        <source>委託スタッフ（辻堂と湘南大庭だけ）</source>
        <translation>Contract staff (Tsujido, Shonan-Oba only)</translation>
    </message>
    <message>
        <source>市内に通勤・通学している人</source>
        <translation>Works or studies in the city</translation>
    </message>
    <message>
        <source>席をはなれるときに読み取ります。</source>
        <translation>Scan it when you leave the desk.</translation>
    </message>
    <message>
        <source>広域利用（となりの市の人）</source>
        <translation>Wide area (from a neighbouring city)</translation>
    </message>
    <message>
        <source>延滞を知らせます。{block_days}日以内なので、貸出は断られません。</source>
        <translation>The overdue item is pointed out. Up to {block_days} days nothing is refused.</translation>
    </message>
    <message>
        <source>延長</source>
        <translation>Renewal</translation>
    </message>
    <message>
        <source>延長したいが、予約が入っている</source>
        <translation>To be renewed, but reserved</translation>
    </message>
    <message>
        <source>延長できます。{renewed}・{renewal_reserved}・{borrowed_elsewhere} の延長は断られます。</source>
        <translation>It is renewed. Renewals of {renewed}, {renewal_reserved} and {borrowed_elsewhere} are refused.</translation>
    </message>
    <message>
        <source>延長できますが、きょうから数えるので期限は変わりません。</source>
        <translation>It is renewed, but the due date stays: a renewal is counted from today.</translation>
    </message>
    <message>
        <source>延長できる資料</source>
        <translation>An item that can be renewed</translation>
    </message>
    <message>
        <source>延長は1回だけなので、断られます。</source>
        <translation>Refused: an item is renewed only once.</translation>
    </message>
    <message>
        <source>待っている人がいるので、延長は断られます。</source>
        <translation>The renewal is refused, because somebody is waiting.</translation>
    </message>
    <message>
        <source>情報システムの担当者</source>
        <translation>System staff</translation>
    </message>
    <message>
        <source>情報セキュリティの管理者</source>
        <translation>Information security manager</translation>
    </message>
    <message>
        <source>操作コード表を {path} に書き込めません。{reason}</source>
        <translation>The command sheet cannot be written to {path}. {reason}</translation>
    </message>
    <message>
        <source>数字</source>
        <translation>Numbers</translation>
    </message>
    <message>
        <source>断られます。辻堂か湘南大庭の端末でなら働けます。</source>
        <translation>Refused. They can work at a terminal of Tsujido or Shonan-Oba.</translation>
    </message>
    <message>
        <source>断る</source>
        <translation>Refused</translation>
    </message>
    <message>
        <source>日付や番号を1けたずつ読み取り、最後に「決定」を読み取ります。</source>
        <translation>Scan a day or a number figure by figure, then scan Enter.</translation>
    </message>
    <message>
        <source>書き込みが許されていないか、ファイルがほかのプログラムで開かれています。</source>
        <translation>Writing is not permitted, or the file is open in another program.</translation>
    </message>
    <message>
        <source>書誌情報の出典：{source}（検索結果を加工して作成。一部は CiNii Books、CC BY 4.0）</source>
        <translation>Bibliographic data: {source} (search results, edited; some from CiNii Books, CC BY 4.0)</translation>
    </message>
    <message>
        <source>書込みなど、注記のある資料</source>
        <translation>An item with a note (writing in it, for example)</translation>
    </message>
    <message>
        <source>最後に印刷した伝票を、もう一度印刷します。</source>
        <translation>Prints the slip that was printed last again.</translation>
    </message>
    <message>
        <source>最後の検査数字が合いません。もう一度読み取るよう案内します。</source>
        <translation>The check digit at the end is wrong. You are asked to scan again.</translation>
    </message>
    <message>
        <source>本の1段めのバーコード（ISBN）</source>
        <translation>The upper barcode on a book (ISBN)</translation>
    </message>
    <message>
        <source>本の2段めのバーコード（192…）</source>
        <translation>The lower barcode on a book (192...)</translation>
    </message>
    <message>
        <source>本物の利用者や職員の番号ではありません</source>
        <translation>No numbers of real patrons or staff</translation>
    </message>
    <message>
        <source>業務</source>
        <translation>Tasks</translation>
    </message>
    <message>
        <source>次の人のカード {with_note} を読み取ります。前の人の画面は消え、この人に替わります。</source>
        <translation>Scan the next patron&apos;s card {with_note}. The previous patron goes from the screen, and this one appears.</translation>
    </message>
    <message>
        <source>次の人のカードを読み取ると、前の人の受付は終わります。名前はすべて作りものです。</source>
        <translation>The next patron&apos;s card ends the visit before. All names are made up.</translation>
    </message>
    <message>
        <source>理由をつけて貸すこと・退会・承認は、読み取りではできません。</source>
        <translation>Overrides, withdrawals and approvals are never given by a scan.</translation>
    </message>
    <message>
        <source>画面を隠す</source>
        <translation>Hide the screen</translation>
    </message>
    <message>
        <source>番号は正しい形ですが、この番号の利用者はいないと案内します。</source>
        <translation>The number is well formed, but no patron has it.</translation>
    </message>
    <message>
        <source>番号は正しい形ですが、この番号の資料はないと案内します。</source>
        <translation>The number is well formed, but no item has it.</translation>
    </message>
    <message>
        <source>登録のない利用者カード</source>
        <translation>An unknown patron card</translation>
    </message>
    <message>
        <source>登録のない資料番号</source>
        <translation>An unknown item number</translation>
    </message>
    <message>
        <source>県立図書館から借りている資料</source>
        <translation>An item borrowed from the prefectural library</translation>
    </message>
    <message>
        <source>知らせる</source>
        <translation>Notice</translation>
    </message>
    <message>
        <source>禁帯出（館内で読む資料）</source>
        <translation>Reference only (read in the library)</translation>
    </message>
    <message>
        <source>空き容量を確かめてください。</source>
        <translation>Check the free space.</translation>
    </message>
    <message>
        <source>窓口 操作コード表</source>
        <translation>Madoguchi Command Sheet</translation>
    </message>
    <message>
        <source>窓口 練習用シート</source>
        <translation>Madoguchi training sheet</translation>
    </message>
    <message>
        <source>窓口の職員</source>
        <translation>Counter staff</translation>
    </message>
    <message>
        <source>答えを待っている行の、質問を開きます。</source>
        <translation>Opens the question of the row that waits for an answer.</translation>
    </message>
    <message>
        <source>終わったばかりの受付に、もどります。</source>
        <translation>Back to the visit that has just ended.</translation>
    </message>
    <message>
        <source>終わるが、見てほしいことがある</source>
        <translation>goes through, but look</translation>
    </message>
    <message>
        <source>続けて {reference} を読み取ります。禁帯出なので、貸し出されず、理由が出ます。</source>
        <translation>Then scan {reference}. It is reference only: it is not lent, and the reason is shown.</translation>
    </message>
    <message>
        <source>練習用</source>
        <translation>Training</translation>
    </message>
    <message>
        <source>練習用の図書館では断られます。監査の係で、貸出はできません。</source>
        <translation>Refused in the training library. Reads the audit and may not lend.</translation>
    </message>
    <message>
        <source>練習用の図書館では断られます。端末の係で、貸出はできません。</source>
        <translation>Refused in the training library. Looks after terminals and may not lend.</translation>
    </message>
    <message>
        <source>練習用シートを {path} に書き込めません。{reason}</source>
        <translation>The training sheet cannot be written to {path}. {reason}</translation>
    </message>
    <message>
        <source>職員</source>
        <translation>Staff</translation>
    </message>
    <message>
        <source>職員へのメモが、名前といっしょに出ます。</source>
        <translation>The staff note is shown with the name.</translation>
    </message>
    <message>
        <source>職員へのメモがある</source>
        <translation>With a staff note</translation>
    </message>
    <message>
        <source>職員番号</source>
        <translation>Staff ID</translation>
    </message>
    <message>
        <source>職員番号 kunren、パスワード {password} でサインインします（{kunren}）。</source>
        <translation>Sign in with staff ID kunren and password {password} ({kunren}).</translation>
    </message>
    <message>
        <source>職員番号とパスワードでサインインします。一度サインインした端末では、職員カードを読み取ると職員番号が入ります。貸出などの画面で読み取ると、使えないと案内します。</source>
        <translation>Sign in with staff ID and password. Where you have signed in before, the card fills in the ID.</translation>
    </message>
    <message>
        <source>記録されず、理由が出る</source>
        <translation>not recorded; it says why</translation>
    </message>
    <message>
        <source>貸して、すぐ延長する</source>
        <translation>Check out and renew at once</translation>
    </message>
    <message>
        <source>貸して、返す</source>
        <translation>Check out and return</translation>
    </message>
    <message>
        <source>貸し出され、付録があると知らせます。返却のときも知らせます。</source>
        <translation>It is checked out, and the row names the supplement; so does the return.</translation>
    </message>
    <message>
        <source>貸し出され、注記が出ます。返却のときも出ます。</source>
        <translation>It is checked out, and the note is shown; so it is at the return.</translation>
    </message>
    <message>
        <source>貸し出されます。図書とは別に数え、{audio_limit}点までです。</source>
        <translation>It is checked out. CDs are counted apart from books, up to {audio_limit}.</translation>
    </message>
    <message>
        <source>貸し出されます。図書とは別に数え、{video_limit}点までです。</source>
        <translation>It is checked out. DVDs are counted apart from books, up to {video_limit}.</translation>
    </message>
    <message>
        <source>貸し出されます。期限は{loan_days}日後、休館日なら次の開館日です。</source>
        <translation>Checked out. Due in {loan_days} days, or on the next open day after that.</translation>
    </message>
    <message>
        <source>貸し出していない資料が返ってきた</source>
        <translation>An item comes back that was not on loan</translation>
    </message>
    <message>
        <source>貸出</source>
        <translation>Checkout</translation>
    </message>
    <message>
        <source>貸出で。続けて月日4桁（例 1203）と「決定」を読み取ります。</source>
        <translation>At checkout. Then scan month and day (as 1203) and Enter.</translation>
    </message>
    <message>
        <source>貸出では、先に {good} を1度読み取り、続けて資料を読み取ります。返却と延長にカードはいりません。</source>
        <translation>For a checkout, first scan {good} once, then the items. Returns and renewals need no card.</translation>
    </message>
    <message>
        <source>貸出は1回だけです。2度めは「同じ資料」と出ます。</source>
        <translation>It is checked out once. The second scan says that it is the same item.</translation>
    </message>
    <message>
        <source>貸出は断られます。住所のわかるものを見せてもらい、理由を書けば、この受付のあいだ貸し出せます。</source>
        <translation>Checkouts are refused. With proof of address seen and a reason, items can be lent during this visit.</translation>
    </message>
    <message>
        <source>貸出は断られます。先に「返却」で読み取れば、貸し出せます。</source>
        <translation>The checkout is refused. Scan it at Return first, and it can be lent.</translation>
    </message>
    <message>
        <source>貸出は断られます。待っている {reservation_ready} の人になら貸し出せます。</source>
        <translation>The checkout is refused. It can be lent to {reservation_ready}, who is waiting for it.</translation>
    </message>
    <message>
        <source>貸出は断られます。理由を書けば、この受付のあいだ貸し出せます。</source>
        <translation>The checkout is refused. With a reason it can be lent during this visit.</translation>
    </message>
    <message>
        <source>貸出・返却・延長ができます。はじめは、この人で練習します。</source>
        <translation>May check out, return and renew. Begin your practice as this one.</translation>
    </message>
    <message>
        <source>貸出中ではなかったと知らせます。棚にもどします。</source>
        <translation>The row says that it was not on loan. It goes back to the shelves.</translation>
    </message>
    <message>
        <source>資料</source>
        <translation>Items</translation>
    </message>
    <message>
        <source>資料のかわりに利用者カード</source>
        <translation>A patron card instead of an item</translation>
    </message>
    <message>
        <source>質問への答え</source>
        <translation>Answers</translation>
    </message>
    <message>
        <source>返却</source>
        <translation>Return</translation>
    </message>
    <message>
        <source>返却が3日おくれている</source>
        <translation>3 days overdue</translation>
    </message>
    <message>
        <source>返却が{block_days}日をこえておくれている</source>
        <translation>More than {block_days} days overdue</translation>
    </message>
    <message>
        <source>返却され、おくれた日数を知らせます。延長は断られます。</source>
        <translation>It is returned, and the row says how late it is. A renewal is refused.</translation>
    </message>
    <message>
        <source>返却され、南市民図書館へ配送する資料だと知らせます。</source>
        <translation>It is returned; the row says that it goes to the Minami library.</translation>
    </message>
    <message>
        <source>返却され、棚にもどす資料だとわかります。</source>
        <translation>It is returned; the row says it goes back to the shelves.</translation>
    </message>
    <message>
        <source>返却されます。{undo_minutes}分以内なら取り消して、貸出にもどせます。</source>
        <translation>It is returned. Within {undo_minutes} minutes the return can be undone, and the item is on loan again.</translation>
    </message>
    <message>
        <source>返却で、いま返した1点を取り消します。</source>
        <translation>At return: undoes the return just made.</translation>
    </message>
    <message>
        <source>返却で、もう一度読み取ると、もとにもどります。</source>
        <translation>At return; scan it again to go back to today.</translation>
    </message>
    <message>
        <source>返却のおくれた資料</source>
        <translation>An overdue item</translation>
    </message>
    <message>
        <source>返却を取り消す</source>
        <translation>Undo a return</translation>
    </message>
    <message>
        <source>途中で切れた資料番号</source>
        <translation>An item number cut off</translation>
    </message>
    <message>
        <source>雑誌のバーコード（491…）</source>
        <translation>The barcode on a magazine (491...)</translation>
    </message>
    <message>
        <source>（つづき）</source>
        <translation>(continued)</translation>
    </message>
</context>
<context>
    <name>Slips</name>
    <message>
        <source>Enter で内容を見ます。F9 でもう一度印刷します。印刷した伝票は10分で消えます。</source>
        <translation>Enter shows a slip, F9 prints it again. What is printed is forgotten after 10 minutes.</translation>
    </message>
    <message>
        <source>{branch}へ  {title}</source>
        <translation>To {branch}  {title}</translation>
    </message>
    <message>
        <source>{kind}を印刷していません</source>
        <translation>{kind} not printed</translation>
    </message>
    <message>
        <source>{n}点</source>
        <translation>{n} items</translation>
    </message>
    <message>
        <source>{time}の伝票</source>
        <translation>Slip of {time}</translation>
    </message>
    <message>
        <source>いま印刷しています</source>
        <translation>It is printing now</translation>
    </message>
    <message>
        <source>この伝票は見られません。{why}</source>
        <translation>This slip cannot be shown. {why}</translation>
    </message>
    <message>
        <source>この端末にはプリンターが設定されていません。</source>
        <translation>No printer is set for this terminal.</translation>
    </message>
    <message>
        <source>この資料番号は登録されていません。</source>
        <translation>This item number is not in the library.</translation>
    </message>
    <message>
        <source>この館の取置棚の資料ではありません。もう一度返却を読み取ってください。</source>
        <translation>This item does not belong on this branch&apos;s reservation shelf. Scan it as a return again.</translation>
    </message>
    <message>
        <source>まだ印刷していません（F9 で印刷）</source>
        <translation>Not printed yet (F9 prints)</translation>
    </message>
    <message>
        <source>もう一度印刷</source>
        <translation>Print again</translation>
    </message>
    <message>
        <source>もう一度印刷します</source>
        <translation>Printing again</translation>
    </message>
    <message>
        <source>プリンターを直してから F9</source>
        <translation>See to the printer, then F9</translation>
    </message>
    <message>
        <source>一覧へ</source>
        <translation>List</translation>
    </message>
    <message>
        <source>一覧へもどる</source>
        <translation>Back to list</translation>
    </message>
    <message>
        <source>予約受付票</source>
        <translation>Reservation receipt</translation>
    </message>
    <message>
        <source>伝票</source>
        <translation>Slips</translation>
    </message>
    <message>
        <source>伝票 {n}枚を印刷していません</source>
        <translation>{n} slips not printed</translation>
    </message>
    <message>
        <source>伝票の一覧です</source>
        <translation>The slips</translation>
    </message>
    <message>
        <source>伝票の画面では読み取れません</source>
        <translation>Nothing is scanned among the slips</translation>
    </message>
    <message>
        <source>伝票はまだありません。</source>
        <translation>There are no slips yet.</translation>
    </message>
    <message>
        <source>内容</source>
        <translation>About</translation>
    </message>
    <message>
        <source>再印刷</source>
        <translation>Reprint</translation>
    </message>
    <message>
        <source>前の担当のあいだに、印刷が終わりませんでした。</source>
        <translation>It was not printed before whoever was here left.</translation>
    </message>
    <message>
        <source>前の画面へ</source>
        <translation>Back</translation>
    </message>
    <message>
        <source>前へ</source>
        <translation>Back</translation>
    </message>
    <message>
        <source>印刷</source>
        <translation>Print</translation>
    </message>
    <message>
        <source>印刷した伝票がありません</source>
        <translation>No slip was printed</translation>
    </message>
    <message>
        <source>印刷していない伝票 {n}枚</source>
        <translation>{n} slips not printed</translation>
    </message>
    <message>
        <source>印刷しています</source>
        <translation>Being printed</translation>
    </message>
    <message>
        <source>印刷していません</source>
        <translation>Not printed</translation>
    </message>
    <message>
        <source>印刷しました</source>
        <translation>Printed</translation>
    </message>
    <message>
        <source>印刷する</source>
        <translation>Print</translation>
    </message>
    <message>
        <source>取置票</source>
        <translation>Shelf slip</translation>
    </message>
    <message>
        <source>取置票は要らなくなりました</source>
        <translation>The shelf slip is no longer needed</translation>
    </message>
    <message>
        <source>失敗した分を印刷</source>
        <translation>Print failed</translation>
    </message>
    <message>
        <source>失敗分</source>
        <translation>Failed</translation>
    </message>
    <message>
        <source>延長票</source>
        <translation>Renewal slip</translation>
    </message>
    <message>
        <source>時刻</source>
        <translation>Time</translation>
    </message>
    <message>
        <source>書く内容をサーバーから受け取れませんでした。</source>
        <translation>The server did not say what the slip is to say.</translation>
    </message>
    <message>
        <source>書く内容を聞いています</source>
        <translation>Asking what the slip says</translation>
    </message>
    <message>
        <source>状態</source>
        <translation>State</translation>
    </message>
    <message>
        <source>画面を隠しているあいだは、内容を見られません。</source>
        <translation>While the screen is hidden no slip is shown.</translation>
    </message>
    <message>
        <source>番号の末尾 {end}・{n}点</source>
        <translation>Number ends in {end}, {n} items</translation>
    </message>
    <message>
        <source>要らなければ Delete</source>
        <translation>Delete if not needed</translation>
    </message>
    <message>
        <source>貸出票</source>
        <translation>Loan slip</translation>
    </message>
    <message>
        <source>資料 {number}</source>
        <translation>Item {number}</translation>
    </message>
    <message>
        <source>資料 {number} は取置棚にありません</source>
        <translation>Item {number} is not on the reservation shelf</translation>
    </message>
    <message>
        <source>配送票</source>
        <translation>Transit slip</translation>
    </message>
    <message>
        <source>離席のあいだに、書く内容を聞けませんでした。</source>
        <translation>While you were away nobody could ask what the slip says.</translation>
    </message>
    <message>
        <source>順番を待っています</source>
        <translation>Waiting</translation>
    </message>
</context>
<context>
    <name>Sounds</name>
    <message>
        <source>音が出るかどうか、まだ確かめていません</source>
        <translation>Whether sounds work has not been checked yet</translation>
    </message>
    <message>
        <source>音を出す装置が、この端末に見つかりません</source>
        <translation>This terminal has no sound device</translation>
    </message>
    <message>
        <source>音を出す装置が応えません</source>
        <translation>The sound device does not answer</translation>
    </message>
    <message>
        <source>音を鳴らすプログラム（aplay）が、この端末で動きません</source>
        <translation>The program that plays sounds (aplay) does not run on this terminal</translation>
    </message>
</context>
<context>
    <name>Tour</name>
    <message>
        <source>10冊を一気に読み取る</source>
        <translation>Ten books scanned in one go</translation>
    </message>
    <message>
        <source>30日を超える延滞のある利用者</source>
        <translation>A patron with an item more than 30 days overdue</translation>
    </message>
    <message>
        <source>3年使われていないカード</source>
        <translation>A card not used for three years</translation>
    </message>
    <message>
        <source>Enter で予約。利用者と受取館は、もう入っている</source>
        <translation>Enter reserves it: the reader and the pick-up branch are filled in already</translation>
    </message>
    <message>
        <source>Enter で取置票を画面で見る</source>
        <translation>Enter shows the shelf slip</translation>
    </message>
    <message>
        <source>Enter で貸す</source>
        <translation>Enter lends it</translation>
    </message>
    <message>
        <source>Esc で名前と書名を隠し、そのまま貸す</source>
        <translation>Esc hides names and titles, and lending goes on</translation>
    </message>
    <message>
        <source>F10 で、この便で出すか確かめる</source>
        <translation>F10 asks whether it goes with this van</translation>
    </message>
    <message>
        <source>F10 で、受取館を変える・一時停止する</source>
        <translation>F10 changes the pick-up branch or suspends it</translation>
    </message>
    <message>
        <source>F10 で、待つか取りやめるかを選ぶ</source>
        <translation>F10: wait, or call it off</translation>
    </message>
    <message>
        <source>F10 で、辻堂で受け取る予約ができた</source>
        <translation>F10: it is reserved, to be picked up at Tsujido</translation>
    </message>
    <message>
        <source>F10 で予約</source>
        <translation>F10 reserves it</translation>
    </message>
    <message>
        <source>F10 で元に戻すと、離席前の作業の続きから</source>
        <translation>F10 lets it in again, and the work goes on</translation>
    </message>
    <message>
        <source>F10 で対応を開く</source>
        <translation>F10 opens the question</translation>
    </message>
    <message>
        <source>F10 で延長を勧める</source>
        <translation>F10 offers to renew it</translation>
    </message>
    <message>
        <source>F10 で登録し、カードが出る。続けて家族も登録できる</source>
        <translation>F10 registers and the card comes out; the family can follow</translation>
    </message>
    <message>
        <source>F10 で続きから</source>
        <translation>F10 goes on where it stopped</translation>
    </message>
    <message>
        <source>F10 で連絡先を見て、電話をかける</source>
        <translation>F10 shows how to reach them; a call is made</translation>
    </message>
    <message>
        <source>F10 見つからない。別の館で探す</source>
        <translation>F10 Not found: another branch looks for it</translation>
    </message>
    <message>
        <source>F11 で、カードをこの場で印刷する。印刷済みのカードなら、読み取るだけ</source>
        <translation>F11 prints the card here; one that was bought printed is just scanned</translation>
    </message>
    <message>
        <source>F11 で、登録のない資料を簡易登録</source>
        <translation>F11 adds an item nobody has catalogued</translation>
    </message>
    <message>
        <source>F11 で取り消す。一度だけ確かめる</source>
        <translation>F11 cancels it, and asks once</translation>
    </message>
    <message>
        <source>F11 で終了する</source>
        <translation>F11 ends the visit</translation>
    </message>
    <message>
        <source>F11 で返却ポストの資料を受け、返却日を変える</source>
        <translation>F11 takes items from the book drop; their return date is changed</translation>
    </message>
    <message>
        <source>F11 を押している間だけ見える</source>
        <translation>Seen while F11 is held</translation>
    </message>
    <message>
        <source>F12 で離席すると、だれのことも残らない</source>
        <translation>F12 leaves the desk: nothing of anybody remains</translation>
    </message>
    <message>
        <source>F3 延長</source>
        <translation>F3 Renewal</translation>
    </message>
    <message>
        <source>F4 予約。カードを読み取ると、その人が待っているものが並ぶ</source>
        <translation>F4, reservations. A card shows what its owner waits for</translation>
    </message>
    <message>
        <source>F5 利用者。Enter ではじめて探し、見分けるのに要るものだけが出る</source>
        <translation>F5 Patrons: found on Enter alone; only what tells them apart is shown</translation>
    </message>
    <message>
        <source>F6 検索</source>
        <translation>F6 Search</translation>
    </message>
    <message>
        <source>F7 取置・配送。棚で探す資料が、棚の順に並ぶ</source>
        <translation>F7 Holds and transit: what to look for, in shelf order</translation>
    </message>
    <message>
        <source>F8 で直前の利用者に戻る</source>
        <translation>F8 brings the last patron back</translation>
    </message>
    <message>
        <source>F9 で、理由をつけて順番を変える</source>
        <translation>F9 moves it, with a reason</translation>
    </message>
    <message>
        <source>F9 で対応を済ませ、次の利用者のカードで画面が替わる</source>
        <translation>F9 settles the row; the next patron&apos;s card changes the screen</translation>
    </message>
    <message>
        <source>F9 で新しい利用者を登録する。よく似た利用者がいれば、左に出る</source>
        <translation>F9 registers somebody new; patrons who are alike are shown at the left</translation>
    </message>
    <message>
        <source>F9 で直前の返却を取り消す</source>
        <translation>F9 undoes the last return</translation>
    </message>
    <message>
        <source>F9 で返却期限を指定し、マウスで月日を入れる</source>
        <translation>F9 sets a due date, put in by mouse</translation>
    </message>
    <message>
        <source>F9 で項目ごとに検索</source>
        <translation>F9 searches by field</translation>
    </message>
    <message>
        <source>H 配送。出す資料と、届く資料と、遅れ</source>
        <translation>H Transit: what leaves, what comes, what is late</translation>
    </message>
    <message>
        <source>H 配送。辻堂へ出す本になっている</source>
        <translation>H, transit: the book is one to be sent to Tsujido</translation>
    </message>
    <message>
        <source>R 連絡。用意できたことを伝える人</source>
        <translation>R, telling: whom to tell that their book is ready</translation>
    </message>
    <message>
        <source>R 連絡。連絡先は伏せてある</source>
        <translation>R To tell: the contact is masked</translation>
    </message>
    <message>
        <source>Shift+F11 で、事故の報告と端末の切り離し</source>
        <translation>Shift+F11: report an incident, cut the terminal off</translation>
    </message>
    <message>
        <source>Shift+F9 で伝票の一覧。配送票と取置票は返却のときに印刷済み</source>
        <translation>Shift+F9 lists the slips; those of the returns are printed</translation>
    </message>
    <message>
        <source>T 取置棚。だれの札で、何日まで取り置くか</source>
        <translation>T, the reservation shelf: whose slip, and until when it is kept</translation>
    </message>
    <message>
        <source>T 取置棚。片付ける資料が先に並ぶ</source>
        <translation>T Hold shelf: what is to be cleared away stands first</translation>
    </message>
    <message>
        <source>↑↓ で選ぶと、どの館にあるかが左に出る</source>
        <translation>Up and Down select; the left shows which branches have it</translation>
    </message>
    <message>
        <source>かな2文字から、打つそばから見つかる</source>
        <translation>From two kana on, found as one types</translation>
    </message>
    <message>
        <source>この利用者が借りている資料</source>
        <translation>An item this patron has on loan already</translation>
    </message>
    <message>
        <source>すべて期待どおりでした（{n}場面）</source>
        <translation>Everything was as expected ({n} scenes)</translation>
    </message>
    <message>
        <source>その日の返却として記録する</source>
        <translation>It is recorded as returned on that day</translation>
    </message>
    <message>
        <source>その本は、南にだけある</source>
        <translation>Minami alone has the book</translation>
    </message>
    <message>
        <source>もう一度 Esc で表示に戻し、Shift+F12 で文字・配色・音を選ぶ</source>
        <translation>Esc again shows them; Shift+F12 chooses text, colours and sounds</translation>
    </message>
    <message>
        <source>もう一度 F10 で延長する</source>
        <translation>F10 again renews it</translation>
    </message>
    <message>
        <source>よその図書館の操作コードは効かない</source>
        <translation>Another library&apos;s command code does nothing</translation>
    </message>
    <message>
        <source>カウンターに、だれのものか分からない USB メモリーがあった</source>
        <translation>A USB stick lay on the counter, nobody knows whose</translation>
    </message>
    <message>
        <source>カードより先に資料を読み取る</source>
        <translation>An item scanned before any card</translation>
    </message>
    <message>
        <source>カードをなくした人に、新しいカードを渡す</source>
        <translation>Somebody lost their card and gets another</translation>
    </message>
    <message>
        <source>カードを読み取り、受取館を選ぶ</source>
        <translation>The card is scanned, a pick-up branch chosen</translation>
    </message>
    <message>
        <source>サインインすると、今日の窓口が見える</source>
        <translation>After sign-in: today&apos;s counter</translation>
    </message>
    <message>
        <source>サインインの前に読み取る</source>
        <translation>A scan before sign-in</translation>
    </message>
    <message>
        <source>サインイン画面</source>
        <translation>The sign-in screen</translation>
    </message>
    <message>
        <source>パスワードを入れると、作業の続きから</source>
        <translation>With the password the work goes on</translation>
    </message>
    <message>
        <source>マウスで返却に移る</source>
        <translation>To returns by mouse</translation>
    </message>
    <message>
        <source>メモのある利用者</source>
        <translation>A patron with a staff note</translation>
    </message>
    <message>
        <source>一時停止しても、順番は残る</source>
        <translation>Suspended, it keeps its place</translation>
    </message>
    <message>
        <source>上限の利用者は借りられない</source>
        <translation>A patron at the limit cannot borrow</translation>
    </message>
    <message>
        <source>予約すると、何番目かが出る</source>
        <translation>Reserved: its place in the queue is shown</translation>
    </message>
    <message>
        <source>予約のある資料は取置棚へ</source>
        <translation>A reserved item goes to the reservation shelf</translation>
    </message>
    <message>
        <source>交代した職員には、前の人の作業は見えない</source>
        <translation>A colleague sees nothing of the work before</translation>
    </message>
    <message>
        <source>交代のため、もう一度離席</source>
        <translation>Away once more, to hand over</translation>
    </message>
    <message>
        <source>他館の資料は配送へ</source>
        <translation>An item of another branch goes into transit</translation>
    </message>
    <message>
        <source>付録やメモのある資料を貸す</source>
        <translation>Items with attachments or a note</translation>
    </message>
    <message>
        <source>何もしていない人が離席すると、ふつうのサインイン画面</source>
        <translation>Who has done nothing leaves a plain sign-in</translation>
    </message>
    <message>
        <source>元に戻すかどうかを聞く</source>
        <translation>Whether it is to be let in again</translation>
    </message>
    <message>
        <source>出した本は、配送中になる</source>
        <translation>What was sent is in transit</translation>
    </message>
    <message>
        <source>切り離した端末</source>
        <translation>A terminal that is cut off</translation>
    </message>
    <message>
        <source>別の利用者が予約している資料</source>
        <translation>An item another patron has reserved</translation>
    </message>
    <message>
        <source>別の利用者が貸出中の資料</source>
        <translation>An item another patron has on loan</translation>
    </message>
    <message>
        <source>利用者カードを読み取る</source>
        <translation>Scan a patron card</translation>
    </message>
    <message>
        <source>前の利用者に残った行を片づける</source>
        <translation>The row left by the patron before is put away</translation>
    </message>
    <message>
        <source>南の予約在庫リストに、辻堂あての本が並ぶ</source>
        <translation>Minami&apos;s pull list has the book for Tsujido</translation>
    </message>
    <message>
        <source>南の窓口に、別の職員がサインインする</source>
        <translation>At Minami somebody else signs in</translation>
    </message>
    <message>
        <source>取りに来た人のカードを読み取ると、用意できていると出る</source>
        <translation>The reader comes: their card says that something is ready</translation>
    </message>
    <message>
        <source>取りやめる</source>
        <translation>It is called off</translation>
    </message>
    <message>
        <source>取り消した予約は、一覧からなくなる</source>
        <translation>Cancelled, it is gone from the list</translation>
    </message>
    <message>
        <source>取り置いた資料を渡す</source>
        <translation>The item kept for them is lent</translation>
    </message>
    <message>
        <source>取置のある利用者</source>
        <translation>A patron with an item on the reservation shelf</translation>
    </message>
    <message>
        <source>取置棚の本は、何も聞かれずに貸せる</source>
        <translation>The book from the shelf is lent without a question</translation>
    </message>
    <message>
        <source>同じ資料をもう一度</source>
        <translation>The same item again</translation>
    </message>
    <message>
        <source>回線が戻ると、自動で返却される</source>
        <translation>The line is back: it is returned by itself</translation>
    </message>
    <message>
        <source>回線が遅い：行はすぐ並び、照会中と出る</source>
        <translation>A slow line: rows at once, marked as pending</translation>
    </message>
    <message>
        <source>回線断：貸せていない資料は渡さない</source>
        <translation>Line down: what is not lent is not handed over</translation>
    </message>
    <message>
        <source>届いた本を読み取ると、取置棚へ</source>
        <translation>What has arrived is scanned: to the reservation shelf</translation>
    </message>
    <message>
        <source>延滞していた資料の返却</source>
        <translation>Return an overdue item</translation>
    </message>
    <message>
        <source>延長する</source>
        <translation>Renew</translation>
    </message>
    <message>
        <source>延長できない資料は、わけが出る</source>
        <translation>What cannot be renewed, and why</translation>
    </message>
    <message>
        <source>待っていた貸出も済んでいる</source>
        <translation>The loans that waited are done, too</translation>
    </message>
    <message>
        <source>戻った職員に、離席前の作業があると聞く</source>
        <translation>Whoever is back is told that work waits</translation>
    </message>
    <message>
        <source>戻って、F11 で終了。画面にはだれも残らない</source>
        <translation>Back, and F11 ends the visit: nobody is left on the screen</translation>
    </message>
    <message>
        <source>指定した期限で貸す</source>
        <translation>Lent until the day that was set</translation>
    </message>
    <message>
        <source>断られた資料を次の利用者に貸すと、残った行も片づく</source>
        <translation>Lent to the next patron: the rows it left are settled</translation>
    </message>
    <message>
        <source>期待と違います: {rows}</source>
        <translation>Not as expected: {rows}</translation>
    </message>
    <message>
        <source>期限を戻し、資料番号を手で入力する</source>
        <translation>The usual due date again; an item number typed by hand</translation>
    </message>
    <message>
        <source>期限切れの資料を読み取ると、次の行き先が出る</source>
        <translation>An expired copy is scanned, and says where it goes next</translation>
    </message>
    <message>
        <source>本の ISBN と価格のバーコード</source>
        <translation>The ISBN and price barcodes on a book</translation>
    </message>
    <message>
        <source>本人が出た。連絡は済み</source>
        <translation>They answered; they have been told</translation>
    </message>
    <message>
        <source>棚で見つけて読み取ると、配送へ</source>
        <translation>Found on the shelf and scanned: into transit</translation>
    </message>
    <message>
        <source>理由をつけて貸す</source>
        <translation>Lent, with a reason</translation>
    </message>
    <message>
        <source>理由を選ばずに F11 では貸せない</source>
        <translation>F11 without a reason does not lend</translation>
    </message>
    <message>
        <source>理由を選ぶ</source>
        <translation>A reason is chosen</translation>
    </message>
    <message>
        <source>用紙のないプリンターは、窓口を止めずに知らせる</source>
        <translation>A printer without paper says so and holds nothing up</translation>
    </message>
    <message>
        <source>用紙を入れ、F9 でもう一度印刷する</source>
        <translation>Paper is put in; F9 prints it again</translation>
    </message>
    <message>
        <source>登録するとすぐに貸し出せて、検索にも出る</source>
        <translation>Once added it can be lent, and is found</translation>
    </message>
    <message>
        <source>登録のない利用者番号</source>
        <translation>A patron number that is not registered</translation>
    </message>
    <message>
        <source>禁帯出は断られ、行が残る</source>
        <translation>A reference item is refused and its row stays</translation>
    </message>
    <message>
        <source>紛失届のあるカード</source>
        <translation>A card reported lost</translation>
    </message>
    <message>
        <source>行を選んで F10、F9 で予約の列</source>
        <translation>A row, F10 and F9: the queue of its title</translation>
    </message>
    <message>
        <source>設定を閉じ、操作コードの読み取りで終了する</source>
        <translation>The card is closed; a command code ends the visit</translation>
    </message>
    <message>
        <source>読みたい本を探しに来た人</source>
        <translation>Somebody looks for a book</translation>
    </message>
    <message>
        <source>読み誤った番号</source>
        <translation>A misread number</translation>
    </message>
    <message>
        <source>貸出中ではない資料と、付録のある資料</source>
        <translation>An item not on loan, and one with attachments</translation>
    </message>
    <message>
        <source>貸出中の資料には、貸さない答えだけがある</source>
        <translation>For an item on loan there is one answer: do not lend</translation>
    </message>
    <message>
        <source>資料を続けて貸す</source>
        <translation>Items are lent one after the other</translation>
    </message>
    <message>
        <source>資料を読み取ると、そのタイトルに移る</source>
        <translation>An item that is scanned goes to its title</translation>
    </message>
    <message>
        <source>資料を読み取ると予約する。できないときは、わけが出る</source>
        <translation>A scanned item is reserved; where it cannot be, the reason is shown</translation>
    </message>
    <message>
        <source>辻堂の窓口に、委託の職員がサインインする</source>
        <translation>At Tsujido a member of the contracted staff signs in</translation>
    </message>
    <message>
        <source>辻堂の配送に、南から来る本が出ている</source>
        <translation>Tsujido&apos;s transit list has the book that comes from Minami</translation>
    </message>
    <message>
        <source>返却する</source>
        <translation>Return an item</translation>
    </message>
    <message>
        <source>返却もまだ記録できない</source>
        <translation>A return cannot be recorded yet, either</translation>
    </message>
    <message>
        <source>返却ポストを終え、次の利用者を迎える</source>
        <translation>The book drop is done; the next patron comes</translation>
    </message>
    <message>
        <source>返却期限が決まり、帯が出る</source>
        <translation>The due date is set, and a banner says so</translation>
    </message>
    <message>
        <source>違うパスワードでは入れない</source>
        <translation>A wrong password does not let in</translation>
    </message>
    <message>
        <source>選んで Enter で開く。連絡先は伏せてある</source>
        <translation>Selected and opened with Enter; how to reach them is masked</translation>
    </message>
</context>
<context>
    <name>Way</name>
    <message>
        <source>Enter か F10 で見ます</source>
        <translation>Enter or F10 to see</translation>
    </message>
    <message>
        <source>Enter で連絡先を開きます。資料名は、本人と確かめるまで言いません。</source>
        <translation>Enter shows the contact. Name no title before you know who it is.</translation>
    </message>
    <message>
        <source>Esc で閉じます</source>
        <translation>Esc to close</translation>
    </message>
    <message>
        <source>F10 で出す資料 {n}点。届いた資料は、読み取ると受け取ります。</source>
        <translation>F10 sends {n} items. What arrives is received by scanning it.</translation>
    </message>
    <message>
        <source>{branch}へ</source>
        <translation>To {branch}</translation>
    </message>
    <message>
        <source>{branch}へ {n}点を、今日出したことにします。</source>
        <translation>{n} items leave today, to: {branch}.</translation>
    </message>
    <message>
        <source>{day} まで取置</source>
        <translation>Held until {day}</translation>
    </message>
    <message>
        <source>{day} 現在・{n}件</source>
        <translation>As of {day}: {n}</translation>
    </message>
    <message>
        <source>{label} の方・{day} まで</source>
        <translation>For {label}, until {day}</translation>
    </message>
    <message>
        <source>{n}人</source>
        <translation>{n}</translation>
    </message>
    <message>
        <source>{n}件</source>
        <translation>{n}</translation>
    </message>
    <message>
        <source>{n}回出ない（{day}）</source>
        <translation>No answer {n} times ({day})</translation>
    </message>
    <message>
        <source>{n}点</source>
        <translation>{n}</translation>
    </message>
    <message>
        <source>← {branch}</source>
        <translation>From {branch}</translation>
    </message>
    <message>
        <source>→ {branch}</source>
        <translation>To {branch}</translation>
    </message>
    <message>
        <source>かな</source>
        <translation>Kana</translation>
    </message>
    <message>
        <source>このリストの資料ではありません</source>
        <translation>Not on this list</translation>
    </message>
    <message>
        <source>この便で出しますか</source>
        <translation>Send these now?</translation>
    </message>
    <message>
        <source>この便で出す</source>
        <translation>Send now</translation>
    </message>
    <message>
        <source>この操作は取りやめられました</source>
        <translation>This was called off</translation>
    </message>
    <message>
        <source>この操作は許可されていません</source>
        <translation>This is not permitted</translation>
    </message>
    <message>
        <source>これまで</source>
        <translation>So far</translation>
    </message>
    <message>
        <source>すべての館</source>
        <translation>All branches</translation>
    </message>
    <message>
        <source>つながった</source>
        <translation>Reached</translation>
    </message>
    <message>
        <source>なし</source>
        <translation>Missing</translation>
    </message>
    <message>
        <source>はがきを出した</source>
        <translation>Card posted</translation>
    </message>
    <message>
        <source>ほかの端末で処理中</source>
        <translation>Busy at another terminal</translation>
    </message>
    <message>
        <source>まだ</source>
        <translation>Not yet</translation>
    </message>
    <message>
        <source>まだ {n}点</source>
        <translation>{n} untold</translation>
    </message>
    <message>
        <source>まだ取り置き中です</source>
        <translation>Still on hold</translation>
    </message>
    <message>
        <source>もう一度検索してください</source>
        <translation>Search again</translation>
    </message>
    <message>
        <source>もう一度行ってください</source>
        <translation>Try again</translation>
    </message>
    <message>
        <source>もう資料が決まっています</source>
        <translation>A copy was found already</translation>
    </message>
    <message>
        <source>やめる</source>
        <translation>Stop</translation>
    </message>
    <message>
        <source>わけ</source>
        <translation>Why</translation>
    </message>
    <message>
        <source>プリンターがないので PDF にしました</source>
        <translation>No printer: written as a PDF</translation>
    </message>
    <message>
        <source>メールが届きません</source>
        <translation>Mail failed</translation>
    </message>
    <message>
        <source>メールアドレス</source>
        <translation>E-mail address</translation>
    </message>
    <message>
        <source>リストからは外れます</source>
        <translation>It leaves the list</translation>
    </message>
    <message>
        <source>リストに残ります</source>
        <translation>Stays on the list</translation>
    </message>
    <message>
        <source>リストを印刷</source>
        <translation>Print list</translation>
    </message>
    <message>
        <source>リストを読み直して確かめてください</source>
        <translation>Refresh the list and check</translation>
    </message>
    <message>
        <source>・</source>
        <translation>, </translation>
    </message>
    <message>
        <source>予約</source>
        <translation>Reserved</translation>
    </message>
    <message>
        <source>予約あり</source>
        <translation>Reserved</translation>
    </message>
    <message>
        <source>予約がなくなっています</source>
        <translation>The reservation is gone</translation>
    </message>
    <message>
        <source>予約の順番は変わりません</source>
        <translation>The queue stays as it is</translation>
    </message>
    <message>
        <source>予約は別の資料で続きます</source>
        <translation>Another copy is looked for</translation>
    </message>
    <message>
        <source>予約取消</source>
        <translation>Cancelled</translation>
    </message>
    <message>
        <source>予約在庫</source>
        <translation>To find</translation>
    </message>
    <message>
        <source>予約在庫リスト</source>
        <translation>Pull list</translation>
    </message>
    <message>
        <source>予約在庫リストを {path} に書き込めません。{reason}</source>
        <translation>The pull list cannot be written to {path}. {reason}</translation>
    </message>
    <message>
        <source>予約日</source>
        <translation>Since</translation>
    </message>
    <message>
        <source>今回の読み取り</source>
        <translation>Scanned</translation>
    </message>
    <message>
        <source>他館へ配送</source>
        <translation>To another branch</translation>
    </message>
    <message>
        <source>伝言</source>
        <translation>Message</translation>
    </message>
    <message>
        <source>伝言を残した</source>
        <translation>Left message</translation>
    </message>
    <message>
        <source>住所</source>
        <translation>Address</translation>
    </message>
    <message>
        <source>何も変わっていません</source>
        <translation>Nothing has changed</translation>
    </message>
    <message>
        <source>処理できませんでした</source>
        <translation>It could not be done</translation>
    </message>
    <message>
        <source>処理済み</source>
        <translation>Done already</translation>
    </message>
    <message>
        <source>出した</source>
        <translation>Posted</translation>
    </message>
    <message>
        <source>出す</source>
        <translation>Send</translation>
    </message>
    <message>
        <source>出す {n}</source>
        <translation>{n} to send</translation>
    </message>
    <message>
        <source>出す前</source>
        <translation>To send</translation>
    </message>
    <message>
        <source>出す資料も、届く資料もありません。</source>
        <translation>Nothing leaves and nothing comes.</translation>
    </message>
    <message>
        <source>出た</source>
        <translation>Reached</translation>
    </message>
    <message>
        <source>出ない</source>
        <translation>No answer</translation>
    </message>
    <message>
        <source>出る前</source>
        <translation>Not sent yet</translation>
    </message>
    <message>
        <source>分類・記号</source>
        <translation>Class, mark</translation>
    </message>
    <message>
        <source>別の資料か別の館で探します</source>
        <translation>Another copy or branch is next</translation>
    </message>
    <message>
        <source>利用者カードを読み直してください</source>
        <translation>Scan the patron card again</translation>
    </message>
    <message>
        <source>利用者情報の表示回数が上限を超えました</source>
        <translation>Too many patron records opened</translation>
    </message>
    <message>
        <source>印刷</source>
        <translation>Print</translation>
    </message>
    <message>
        <source>印刷しています</source>
        <translation>Printing</translation>
    </message>
    <message>
        <source>印刷しました</source>
        <translation>Printed</translation>
    </message>
    <message>
        <source>印刷できません</source>
        <translation>It cannot be printed</translation>
    </message>
    <message>
        <source>取りやめ済み</source>
        <translation>Called off</translation>
    </message>
    <message>
        <source>取り消されたか、貸し出されました</source>
        <translation>It was cancelled, or lent</translation>
    </message>
    <message>
        <source>取置・配送（F7）</source>
        <translation>Shelf and transit (F7)</translation>
    </message>
    <message>
        <source>取置中</source>
        <translation>On hold</translation>
    </message>
    <message>
        <source>取置棚</source>
        <translation>Hold shelf</translation>
    </message>
    <message>
        <source>取置棚から取った資料を読み取ってください</source>
        <translation>Scan what you took off the hold shelf</translation>
    </message>
    <message>
        <source>取置棚に戻しておいてください</source>
        <translation>Keep it on the hold shelf</translation>
    </message>
    <message>
        <source>取置棚に戻してください</source>
        <translation>Put it back on the hold shelf</translation>
    </message>
    <message>
        <source>取置棚は空です。</source>
        <translation>The hold shelf is empty.</translation>
    </message>
    <message>
        <source>取置棚へ</source>
        <translation>To the hold shelf</translation>
    </message>
    <message>
        <source>取置棚（{order}）</source>
        <translation>Hold shelf ({order})</translation>
    </message>
    <message>
        <source>取置票を外してください</source>
        <translation>Take the slip out</translation>
    </message>
    <message>
        <source>受取館</source>
        <translation>Pick-up</translation>
    </message>
    <message>
        <source>同じ資料</source>
        <translation>Same item</translation>
    </message>
    <message>
        <source>同僚に代わるか、セキュリティ責任者に連絡してください</source>
        <translation>Let a colleague go on, or tell the security manager</translation>
    </message>
    <message>
        <source>回線がつながりしだい、読み込みます。</source>
        <translation>It is read once the line is back.</translation>
    </message>
    <message>
        <source>回線が戻ると自動で記録します</source>
        <translation>Recorded by itself once the line is back</translation>
    </message>
    <message>
        <source>回線断</source>
        <translation>Line down</translation>
    </message>
    <message>
        <source>回線断・未記録</source>
        <translation>Line down, not recorded</translation>
    </message>
    <message>
        <source>届いた資料を読み取ってください</source>
        <translation>Scan what has arrived</translation>
    </message>
    <message>
        <source>待っている予約だけにできることです</source>
        <translation>Only a waiting reservation can be changed</translation>
    </message>
    <message>
        <source>待っている人はいません</source>
        <translation>Nobody waits</translation>
    </message>
    <message>
        <source>所在不明にしました</source>
        <translation>Now missing</translation>
    </message>
    <message>
        <source>探す資料はありません。</source>
        <translation>Nothing to look for.</translation>
    </message>
    <message>
        <source>新しいカードを読み取ってください</source>
        <translation>Scan the new card</translation>
    </message>
    <message>
        <source>新しい取置票に替えて棚に戻します</source>
        <translation>Put in a new slip, back on the shelf</translation>
    </message>
    <message>
        <source>方法</source>
        <translation>How</translation>
    </message>
    <message>
        <source>日</source>
        <translation>Day</translation>
    </message>
    <message>
        <source>更新</source>
        <translation>Refresh</translation>
    </message>
    <message>
        <source>書名</source>
        <translation>Title</translation>
    </message>
    <message>
        <source>書名・受取館</source>
        <translation>Title, pick-up branch</translation>
    </message>
    <message>
        <source>書架へ</source>
        <translation>To the shelves</translation>
    </message>
    <message>
        <source>期限</source>
        <translation>Until</translation>
    </message>
    <message>
        <source>期限の順</source>
        <translation>by day</translation>
    </message>
    <message>
        <source>期限の順に</source>
        <translation>Sort by day</translation>
    </message>
    <message>
        <source>期限切れ</source>
        <translation>Expired</translation>
    </message>
    <message>
        <source>期限切れと予約取消は、棚から取って読み取ると、行き先が出ます。</source>
        <translation>Take expired and cancelled ones off the shelf and scan them: they say where they go.</translation>
    </message>
    <message>
        <source>期限順</source>
        <translation>By day</translation>
    </message>
    <message>
        <source>未処理</source>
        <translation>Not done</translation>
    </message>
    <message>
        <source>未記録</source>
        <translation>Not recorded</translation>
    </message>
    <message>
        <source>未返却</source>
        <translation>Not returned</translation>
    </message>
    <message>
        <source>札</source>
        <translation>Label</translation>
    </message>
    <message>
        <source>札の順</source>
        <translation>by label</translation>
    </message>
    <message>
        <source>札の順に</source>
        <translation>Sort by label</translation>
    </message>
    <message>
        <source>札順</source>
        <translation>By label</translation>
    </message>
    <message>
        <source>棚から持ってきた資料を読み取ってください</source>
        <translation>Scan what you brought from the shelves</translation>
    </message>
    <message>
        <source>棚に戻さないでください</source>
        <translation>Do not put it on a shelf</translation>
    </message>
    <message>
        <source>棚の順です。持ってきて読み取ると、行き先が出てリストから消えます。</source>
        <translation>In shelf order. Bring a copy and scan it: it says where it goes, and leaves the list.</translation>
    </message>
    <message>
        <source>権限がありません</source>
        <translation>Not permitted</translation>
    </message>
    <message>
        <source>次の人へ</source>
        <translation>For the next one</translation>
    </message>
    <message>
        <source>次の資料を読み取ってください</source>
        <translation>Scan the next item</translation>
    </message>
    <message>
        <source>氏名</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>済み</source>
        <translation>Done</translation>
    </message>
    <message>
        <source>点</source>
        <translation>items</translation>
    </message>
    <message>
        <source>点数</source>
        <translation>Items</translation>
    </message>
    <message>
        <source>片付け</source>
        <translation>Cleared</translation>
    </message>
    <message>
        <source>片付け {n}</source>
        <translation>{n} to clear</translation>
    </message>
    <message>
        <source>片付ける資料を読み取ってください</source>
        <translation>Scan what is to be cleared away</translation>
    </message>
    <message>
        <source>状態</source>
        <translation>State</translation>
    </message>
    <message>
        <source>理由が要ります</source>
        <translation>A reason is needed</translation>
    </message>
    <message>
        <source>理由を入力してください</source>
        <translation>Enter a reason</translation>
    </message>
    <message>
        <source>番号を確かめてください</source>
        <translation>Check the number</translation>
    </message>
    <message>
        <source>登録のない利用者</source>
        <translation>Unknown patron</translation>
    </message>
    <message>
        <source>登録のない書誌</source>
        <translation>Unknown title</translation>
    </message>
    <message>
        <source>登録のない資料</source>
        <translation>Unknown item</translation>
    </message>
    <message>
        <source>相手の館</source>
        <translation>Other branch</translation>
    </message>
    <message>
        <source>紛失届のあるカード</source>
        <translation>Card reported lost</translation>
    </message>
    <message>
        <source>自動でやり直しています。行に「未返却」「未処理」とある資料は棚に置かないでください</source>
        <translation>Retrying. Leave items marked &apos;Not returned&apos; or &apos;Not done&apos; off the shelves</translation>
    </message>
    <message>
        <source>行き先</source>
        <translation>Where to</translation>
    </message>
    <message>
        <source>行き先を選ぶ</source>
        <translation>Destination</translation>
    </message>
    <message>
        <source>見つかったら読み取る</source>
        <translation>Scan it if it turns up</translation>
    </message>
    <message>
        <source>見つからず {n}回</source>
        <translation>Not found {n} times</translation>
    </message>
    <message>
        <source>見つからない</source>
        <translation>Not found</translation>
    </message>
    <message>
        <source>記録していません</source>
        <translation>Not recorded</translation>
    </message>
    <message>
        <source>記録はすでに消去されています</source>
        <translation>The record has been erased</translation>
    </message>
    <message>
        <source>記録中</source>
        <translation>Recording</translation>
    </message>
    <message>
        <source>読み直す</source>
        <translation>Refresh</translation>
    </message>
    <message>
        <source>読み込んでいます。</source>
        <translation>Reading.</translation>
    </message>
    <message>
        <source>貸出中の資料</source>
        <translation>On loan</translation>
    </message>
    <message>
        <source>貸出中の資料でした。返却しました</source>
        <translation>It was on loan, and is returned now</translation>
    </message>
    <message>
        <source>資料番号</source>
        <translation>Item number</translation>
    </message>
    <message>
        <source>返却</source>
        <translation>Returned</translation>
    </message>
    <message>
        <source>返却していません</source>
        <translation>Not returned</translation>
    </message>
    <message>
        <source>返却（F2）で受けてください</source>
        <translation>Take it back on Return (F2)</translation>
    </message>
    <message>
        <source>返却（F2）で読み取ると、行き先が分かります</source>
        <translation>Return (F2) says where it goes</translation>
    </message>
    <message>
        <source>連絡</source>
        <translation>To tell</translation>
    </message>
    <message>
        <source>連絡する人</source>
        <translation>To be told</translation>
    </message>
    <message>
        <source>連絡する人はいません。</source>
        <translation>Nobody is to be told.</translation>
    </message>
    <message>
        <source>連絡する人を選んでください</source>
        <translation>Choose whom to tell</translation>
    </message>
    <message>
        <source>連絡を記録しました</source>
        <translation>Recorded</translation>
    </message>
    <message>
        <source>連絡先</source>
        <translation>Contact</translation>
    </message>
    <message>
        <source>連絡先を見る</source>
        <translation>Show contact</translation>
    </message>
    <message>
        <source>遅れ {n}</source>
        <translation>{n} late</translation>
    </message>
    <message>
        <source>遅れ {n}日</source>
        <translation>{n} days late</translation>
    </message>
    <message>
        <source>配送</source>
        <translation>Transit</translation>
    </message>
    <message>
        <source>配送に出しました</source>
        <translation>Sent</translation>
    </message>
    <message>
        <source>配送中</source>
        <translation>On its way</translation>
    </message>
    <message>
        <source>配送中になります</source>
        <translation>They are then on their way</translation>
    </message>
    <message>
        <source>配送（出す先：{branch}）</source>
        <translation>Transit (sending to: {branch})</translation>
    </message>
    <message>
        <source>電話番号</source>
        <translation>Telephone</translation>
    </message>
</context>
</TS>
