// How columns, their usual values, metrics and aspects are called in each language.  What is not known here is
// shown as it came: it is the customer's own word.
import { useCallback } from 'react';
import { path, useKept } from './api';
import { useHere } from './session';
import type { Columns, Department, Taxonomy } from './shapes';
import { locales, type Locale, type Phrase, type Phrases } from './words';

const columns = {
  source: ['来源', '來源', 'Source'],
  channel: ['渠道', '渠道', 'Channel'],
  touchpoint: ['触点', '觸點', 'Touchpoint'],
  product: ['产品', '產品', 'Product'],
  customer: ['客户', '客戶', 'Customer'],
  event: ['事件', '事件', 'Event'],
  currency: ['币种', '幣別', 'Currency'],
  lang: ['语言', '語言', 'Language'],
  quality: ['文本质量', '文本品質', 'Text quality'],
  sentiment: ['情感', '情感', 'Sentiment'],
  emotion: ['情绪', '情緒', 'Emotion'],
  intent: ['意图', '意圖', 'Intent'],
  tag: ['标签', '標籤', 'Tag'],
  occurred_at: ['发生时间', '發生時間', 'Time'],
  received_at: ['接收时间', '接收時間', 'Received'],
  amount: ['金额', '金額', 'Amount'],
  confidence: ['置信度', '信心度', 'Confidence'],
  aspect: ['体验点', '體驗點', 'Aspect'],
  polarity: ['褒贬', '褒貶', 'Polarity'],
  strength: ['强度', '強度', 'Strength'],
  words: ['原话', '原話', 'Words'],
  city: ['城市', '城市', 'City'],
  region: ['地区', '地區', 'Region'],
  country: ['国家', '國家', 'Country'],
  shop: ['门店', '門市', 'Shop'],
  store: ['门店', '門市', 'Store'],
  station: ['站点', '站點', 'Station'],
  membership: ['会员等级', '會員等級', 'Membership'],
  agent: ['客服人员', '客服人員', 'Agent'],
  team: ['团队', '團隊', 'Team'],
  platform: ['平台', '平台', 'Platform'],
  app_version: ['应用版本', '應用程式版本', 'App version'],
  os: ['系统', '系統', 'OS'],
  order_id: ['订单号', '訂單編號', 'Order'],
  job: ['工单类型', '工單類型', 'Job'],
  delay_days: ['延误天数', '延誤天數', 'Days of delay'],
  minutes: ['分钟', '分鐘', 'Minutes'],
  kwh: ['充电量 kWh', '充電量 kWh', 'kWh'],
  'score:nps': ['推荐分 0–10', '推薦分 0–10', 'Recommend 0–10'],
  'score:csat': ['满意度 1–5', '滿意度 1–5', 'Satisfaction 1–5'],
  'score:ces': ['省力度 1–7', '省力度 1–7', 'Ease 1–7'],
  'score:rating5': ['星级 1–5', '星級 1–5', 'Stars 1–5'],
  day: ['日', '日', 'Day'],
  week: ['周', '週', 'Week'],
  month: ['月', '月', 'Month'],
  quarter: ['季度', '季度', 'Quarter'],
  year: ['年', '年', 'Year'],
} satisfies Phrases;

const values = {
  positive: ['正面', '正面', 'positive'],
  negative: ['负面', '負面', 'negative'],
  neutral: ['中性', '中性', 'neutral'],
  praise: ['表扬', '表揚', 'praise'],
  complaint: ['投诉', '投訴', 'complaint'],
  question: ['咨询', '諮詢', 'question'],
  'intent:repair': ['报修', '報修', 'repair'],
  churn: ['流失', '流失', 'churn'],
  refund: ['退款', '退款', 'refund'],
  suggestion: ['建议', '建議', 'suggestion'],
  purchase: ['购买', '購買', 'purchase'],
  escalation: ['升级投诉', '升級投訴', 'escalation'],
  safety: ['安全', '安全', 'safety'],
  joy: ['喜悦', '喜悅', 'joy'],
  disappointment: ['失望', '失望', 'disappointment'],
  trust: ['信任', '信任', 'trust'],
  anxiety: ['焦虑', '焦慮', 'anxiety'],
  sadness: ['难过', '難過', 'sadness'],
  anger: ['愤怒', '憤怒', 'anger'],
  surprise: ['意外', '意外', 'surprise'],
  survey: ['问卷', '問卷', 'survey'],
  review: ['评价', '評價', 'review'],
  chat: ['在线客服', '線上客服', 'chat'],
  call: ['电话', '電話', 'call'],
  email: ['邮件', '郵件', 'email'],
  social: ['社交媒体', '社群媒體', 'social'],
  app: ['应用', '應用程式', 'app'],
  web: ['网站', '網站', 'web'],
  store: ['门店', '門市', 'store'],
  order: ['订单', '訂單', 'order'],
  delivery: ['交付', '交付', 'delivery'],
  charging: ['充电', '充電', 'charging'],
  workshop: ['维修站', '維修站', 'workshop'],
  support: ['客服', '客服', 'support'],
  discover: ['了解', '了解', 'discover'],
  ownership: ['用车', '用車', 'ownership'],
  test_drive: ['试驾', '試駕', 'test drive'],
  service: ['售后', '售後', 'service'],
  ok: ['正常', '正常', 'ok'],
  empty: ['无文字', '無文字', 'no words'],
  duplicate: ['重复', '重複', 'duplicate'],
  near_duplicate: ['近似重复', '近似重複', 'near duplicate'],
  spam: ['垃圾', '垃圾', 'spam'],
  charged: ['充电完成', '充電完成', 'charged'],
  app_opened: ['打开应用', '開啟應用程式', 'app opened'],
  order_placed: ['下单', '下單', 'order placed'],
  shop_visited: ['到店', '到店', 'shop visited'],
  car_delivered: ['交车', '交車', 'car delivered'],
  service_done: ['服务完成', '服務完成', 'service done'],
  test_drive_done: ['试驾完成', '試駕完成', 'test drive done'],
  none: ['无', '無', 'none'],
  silver: ['银卡', '銀卡', 'silver'],
  gold: ['金卡', '金卡', 'gold'],
  platinum: ['白金卡', '白金卡', 'platinum'],
  repair: ['维修', '維修', 'repair'],
  tyres: ['轮胎', '輪胎', 'tyres'],
  maintenance: ['保养', '保養', 'maintenance'],
  body: ['钣金喷漆', '鈑金烤漆', 'body'],
  recall: ['召回', '召回', 'recall'],
  'app-store': ['应用商店', '應用程式商店', 'app store'],
  'shop-page': ['商品页', '商品頁', 'shop page'],
  'car-forum': ['汽车论坛', '汽車論壇', 'car forum'],
  map: ['地图', '地圖', 'map'],
  android: ['安卓', 'Android', 'Android'],
  ios: ['iOS', 'iOS', 'iOS'],
  CNY: ['人民币', '人民幣', 'CNY'],
  TWD: ['新台币', '新台幣', 'TWD'],
  HKD: ['港币', '港幣', 'HKD'],
  USD: ['美元', '美元', 'USD'],
  EUR: ['欧元', '歐元', 'EUR'],
  promoter: ['推荐者', '推薦者', 'promoter'],
  'zh-Hans': ['简体中文', '簡體中文', 'Chinese (simplified)'],
  'zh-Hant': ['繁体中文', '繁體中文', 'Chinese (traditional)'],
  en: ['英语', '英語', 'English'],
  de: ['德语', '德語', 'German'],
  und: ['未识别', '未識別', 'unknown'],
} satisfies Phrases;

// Columns whose values are a closed list of ours or close to it; others keep their own words.
const translated = new Set([
  'sentiment', 'polarity', 'intent', 'emotion', 'quality', 'lang', 'tag', 'channel', 'touchpoint', 'event', 'membership',
  'job', 'platform', 'os', 'currency',
]);

export const metricNames = {
  nps: ['净推荐值 NPS', '淨推薦值 NPS', 'Net promoter score'],
  csat: ['满意度 CSAT', '滿意度 CSAT', 'Satisfied customers'],
  ces: ['省力度 CES', '省力度 CES', 'Customer effort'],
  nss: ['净情感值 NSS', '淨情感值 NSS', 'Net sentiment'],
  count: ['信号数', '信號數', 'Signals'],
  mean: ['平均值', '平均值', 'Mean'],
  share: ['占比', '占比', 'Share'],
  topbox: ['高分占比', '高分占比', 'Top boxes'],
  quantile: ['分位数', '分位數', 'Quantile'],
  distinct: ['不同值的个数', '不同值的個數', 'Different values'],
} satisfies Phrases;

const abouts = {
  nps: [
    '推荐者（9–10 分）占比减去贬损者（0–6 分）占比，−100 到 100。',
    '推薦者（9–10 分）占比減去批評者（0–6 分）占比，−100 到 100。',
    'Share of promoters (9–10) less share of detractors (0–6), −100 to 100.',
  ],
  csat: ['给出最高两档评分的占比。', '給出最高兩級評分的占比。', 'Share of answers in the two highest boxes.'],
  ces: [
    '客户有多省力的平均分，1–7。',
    '顧客有多省力的平均分，1–7。',
    'Mean of how easy it was, 1–7.',
  ],
  nss: [
    '正面占比减去负面占比，−100 到 100。',
    '正面占比減去負面占比，−100 到 100。',
    'Share of positive less share of negative, −100 to 100.',
  ],
  count: ['信号的条数。', '信號的則數。', 'Number of signals.'],
  mean: ['所有回答的平均值。', '所有回答的平均值。', 'Mean of all answers.'],
  share: ['在有此信息的信号里的占比。', '在有此資訊的信號裡的占比。', 'Share among the signals that tell it.'],
  topbox: ['最高几档的占比。', '最高幾級的占比。', 'Share in the highest boxes.'],
  distinct: ['一列里有多少个不同的值；不填则为客户数。', '一欄裡有多少個不同的值；不填則為顧客數。', 'How many different values a column has; customers if none is chosen.'],
  quantile: [
    '所选百分比的值都不超过的最小值；默认为中位数。',
    '所選百分比的值都不超過的最小值；預設為中位數。',
    'The least value that the chosen percentage does not exceed; the median if none is chosen.',
  ],
} satisfies Phrases;

const missing: Phrase = ['未填', '未填', 'missing'];
const points: Phrase = ['分', '分', 'points'];

const look = (list: Readonly<Record<string, Phrase>>, key: string): Phrase | undefined =>
  Object.hasOwn(list, key) ? list[key] : undefined;

export interface Names {
  readonly column: (name: string) => string; // also 'month(occurred_at)'
  readonly score: (column: string) => string; // without its scale: 'Stars'
  readonly value: (column: string, v: string | number | null) => string;
  readonly aspect: (id: string) => string;
  readonly metric: (written: string) => string; // 'csat:score:rating5' → 'Satisfied customers · Stars 1–5'
  readonly about: (written: string) => string; // what a metric measures, in a sentence
  readonly unit: (unit: string) => string;
}

export function useNames(): Names {
  const { say, locale } = useHere();
  const tree = useKept<Taxonomy>(path('/taxonomy'));
  const aspect = useCallback(
    (id: string): string => {
      const field = locale === 'en' ? 'en' : locale === 'zh-TW' ? 'zh_tw' : 'zh_cn';
      for (const d of tree?.dimensions ?? []) {
        const found = d.aspects.find((x) => x.id === id);
        if (found) return found[field];
      }
      return id;
    },
    [tree, locale],
  );
  const column = (name: string): string => {
    const found = look(columns, name.replace(/\(.*\)$/, ''));
    return found ? say(found) : name;
  };
  const score = (name: string): string => column(name).replace(/\s*\d.*$/, '');
  const value = (of: string, v: string | number | null): string => {
    if (v === null) return say(missing);
    if (of === 'aspect') return aspect(String(v));
    const found = translated.has(of) ? (look(values, `${of}:${v}`) ?? look(values, String(v))) : undefined;
    return found ? say(found) : String(v);
  };
  const metric = (written: string): string => {
    const [name = '', ...rest] = written.split(':');
    const found = look(metricNames, name);
    const of = rest.join(':').replace(/:\d+$/, '').split('=')[0] ?? '';
    const usual = { nps: 'score:nps', csat: 'score:csat', ces: 'score:ces', nss: 'sentiment' }[name];
    const tail = of === '' || of === usual || (name === 'nss' && of === 'polarity') ? '' : ` · ${column(of)}`;
    const kind = written.includes('=') ? ` = ${value(of, written.slice(written.indexOf('=') + 1))}` : '';
    return (found ? say(found) : name) + tail + kind;
  };
  const about = (written: string): string => {
    const found = look(abouts, written.split(':')[0] ?? '');
    return found ? say(found) : '';
  };
  return { column, score, value, aspect, metric, about, unit: (u) => (u === 'points' ? say(points) : u) };
}

// The scores this store holds, the most telling first: 'nps', 'csat', 'ces', 'csat:score:rating5', 'nss'.
export function scoresOf({ columns: all }: Columns): string[] {
  const found = (name: string): boolean => all.some((c) => c.name === name && c.present > 0);
  const scores = ['nps', 'csat', 'ces'].filter((m) => found(`score:${m}`));
  for (const c of all) {
    const top = /^score:\D*(\d+)$/.exec(c.name)?.[1];
    if (c.kind === 'num' && c.present > 0 && top) scores.push(`csat:${c.name}${top === '5' ? '' : `:${top}`}`);
  }
  if (found('sentiment')) scores.push('nss');
  return scores;
}

// The title people gave it: one text, or "English · 简体 · 繁體" as a new store begins with.
export function departmentTitle(locale: Locale, d: Department): string {
  const parts = d.title?.split(' · ') ?? [];
  const inEach = parts.length === 3 ? [parts[1], parts[2], parts[0]] : [];
  return inEach[locales.indexOf(locale)] ?? d.title ?? d.name;
}
