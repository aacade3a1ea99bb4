// Every word of the page in its three languages.  A key that lacks a language does not compile.
export const locales = ['zh-CN', 'zh-TW', 'en'] as const;
export type Locale = (typeof locales)[number];
export type Phrase = readonly [cn: string, tw: string, en: string];
export type Phrases = Readonly<Record<string, Phrase>>; // `satisfies Phrases` in pages/<name>/words.ts

export const words = {
  // the frame
  mainMenu: ['主导航', '主導覽', 'Main menu'],
  menu: ['菜单', '選單', 'Menu'],
  tour: ['功能导览', '功能導覽', 'Guided tour'],
  notHere: ['没有这个页面', '沒有這個頁面', 'There is no such page'],
  notHereHint: [
    '地址可能写错了，或者你没有查看它的权限。',
    '網址可能寫錯了，或者你沒有查看它的權限。',
    'The address may be mistyped, or your role may not see it.',
  ],
  toOverview: ['回到总览', '回到總覽', 'Go to the overview'],
  broken: ['这个页面出错了', '這個頁面出錯了', 'This page broke'],
  // states
  loading: ['正在听…', '正在聽…', 'Listening…'],
  failed: ['没有成功', '沒有成功', 'That did not work'],
  again: ['再试一次', '再試一次', 'Try again'],
  nothing: ['这里还没有内容', '這裡還沒有內容', 'Nothing here yet'],
  nothingHint: [
    '导入一个文件，或放宽筛选条件。',
    '匯入一個檔案，或放寬篩選條件。',
    'Import a file, or widen the filter.',
  ],
  tooFew: ['样本太少', '樣本太少', 'n too small'],
  noAnswer: ['无', '無', 'n/a'],
  // numbers
  answers: ['份回答', '份回答', 'answers'],
  signals: ['条信号', '則信號', 'signals'],
  interval: ['95% 区间', '95% 區間', '95 % interval'],
  definition: ['定义', '定義', 'Definition'],
  newest: ['最新', '最新', 'Newest'],
  value: ['值', '值', 'Value'],
  trend: ['趋势', '趨勢', 'Trend'],
  lowBase: ['样本偏少，请看区间', '樣本偏少，請看區間', 'Low base: read the interval'],
  // actions
  save: ['保存', '儲存', 'Save'],
  cancel: ['取消', '取消', 'Cancel'],
  export: ['导出', '匯出', 'Export'],
  search: ['搜索', '搜尋', 'Search'],
  filter: ['筛选', '篩選', 'Filter'],
  clear: ['清除', '清除', 'Clear'],
  more: ['更多', '更多', 'More'],
  close: ['关闭', '關閉', 'Close'],
  // entering
  signIn: ['登录', '登入', 'Sign in'],
  signOut: ['退出', '登出', 'Sign out'],
  name: ['用户名', '使用者名稱', 'Name'],
  password: ['密码', '密碼', 'Password'],
  setup: ['第一次使用', '第一次使用', 'First start'],
  setupHint: [
    '为自己建立管理员账号。这个链接只能用一次。',
    '為自己建立管理員帳號。這個連結只能用一次。',
    'Make yourself the administrator. This link works once.',
  ],
  language: ['语言', '語言', 'Language'],
  dark: ['深色', '深色', 'Dark'],
  light: ['浅色', '淺色', 'Light'],
  skip: ['跳到内容', '跳到內容', 'Skip to content'],
} satisfies Phrases;

export type Word = keyof typeof words;

// The phrase in that language; {name} is filled in.
export function say(locale: Locale, phrase: Phrase, fills: Readonly<Record<string, string | number>> = {}): string {
  const text = phrase[locales.indexOf(locale)] ?? phrase[2];
  return text.replace(/\{(\w+)\}/g, (all, name: string) => String(fills[name] ?? all));
}

export function firstLocale(): Locale {
  const kept = localStorage.getItem('heed.locale');
  const wanted = kept ?? navigator.language;
  if (/^zh-(TW|HK|MO|Hant)/i.test(wanted)) return 'zh-TW';
  return /^zh/i.test(wanted) ? 'zh-CN' : 'en';
}
