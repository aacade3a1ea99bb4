# signals.awk - made-up signals of the last year, one JSON object a line: awk -v from=0 -v to=1000 -f signals.awk
BEGIN {
  "date +%s" | getline now;
  srand(7);
  n1=split("the delivery was very late|the courier was rude to me|support answered within minutes|the app crashes when I log in|the price is too high for this|great quality, I love the material|the shop was clean and the staff friendly|I waited three weeks for my refund|物流太慢了，一周还没到|客服态度很好，很快解决了|门店环境很干净|价格有点贵，不过质量很好|包装破了，东西也坏了|App 总是闪退，根本登不上|退款等了两周还没到账|續航明顯變好，很滿意",a,"|");
  n2=split(" and I would recommend it| but nobody called me back|, please fix this soon| as usual|，希望尽快处理|，下次还会再来|，真的很失望| on my second order",b,"|");
  n3=split("my order number was wrong on the invoice|we were three people at the counter|it was raining and the parking was full|my daughter had chosen the blue one|the box stood in front of the neighbour's door|I had paid by card on Friday evening|the second visit this spring went the same way|our office orders there every quarter|a friend had told me about the new branch|the lift was out of order that morning|on the telephone they promised something else|the colour on the screen was not the one in the bag|昨天晚上又试了一次|朋友推荐我来的|孩子生日那天订的|下雨天路上堵了很久|和上个月那次差不多|公司团购买了十几件|线上和线下说的不一样|前台换了三个人接待|説明書上寫得不清楚|隔壁的店也問過了|排隊的人從門口排到街角|發票開錯了兩次",f,"|");
  nc=split("call|chat|review|survey|email|app",c,"|");
  nt=split("search|checkout|delivery|returns|support|store visit|billing",t,"|");
  for (i=from;i<to;i++) {
    k=int(rand()*n1)+1; neg=(k==1||k==2||k==4||k==5||k==8||k==9||k==13||k==14||k==15);
    s=neg?int(rand()*7):6+int(rand()*5);
    d=int(rand()*365)*86400+int(rand()*86400);
    printf "{\"external_id\":\"x%d\",\"occurred_at\":\"%s\",\"channel\":\"%s\",\"touchpoint\":\"%s\",\"product\":\"model %d\",\"customer\":\"member:%d\",\"words\":\"%s. %s%s. %s %d\",\"score:nps\":%d,\"score:csat\":%d,\"city\":\"city %d\",\"segment\":\"%s\"}\n", i, strftime("%Y-%m-%dT%H:%M:%SZ",now-d,1), c[int(rand()*nc)+1], t[int(rand()*nt)+1], int(rand()*40)+1, int(rand()*200000), f[int(rand()*n3)+1], a[k], b[int(rand()*n2)+1], f[int(rand()*n3)+1], int(rand()*9973), s, 1+int(s*4/10), int(rand()*60)+1, (rand()<.3?"gold":rand()<.5?"silver":"basic");
  }
}
