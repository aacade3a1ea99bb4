// What the page for exploring says.
import type { Phrases } from '../../lib/words';

export const w = {
  metric: ['看哪个指标', '看哪個指標', 'Metric'],
  by: ['按', '按', 'By'],
  and: ['再按', '再按', 'and by'],
  nothing: ['（不分组）', '（不分組）', '(nothing)'],
  time: ['时间', '時間', 'Time'],
  scores: ['评分与情感', '評分與情感', 'Scores and sentiment'],
  shares: ['占比', '占比', 'Shares'],
  means: ['平均值', '平均值', 'Means'],
  amount: ['数量', '數量', 'Amount'],
  attributes: ['维度', '維度', 'Dimensions'],
  asChart: ['图', '圖', 'Chart'],
  asTable: ['表', '表', 'Table'],
  view: ['显示方式', '顯示方式', 'Show as'],
  asCsv: ['导出 CSV', '匯出 CSV', 'Export CSV'],
  copy: ['复制链接', '複製連結', 'Copy link'],
  copied: ['已复制', '已複製', 'Copied'],
  firstOnes: ['只显示最大的 {n} 组，共 {all} 组；表里有全部。', '只顯示最大的 {n} 組，共 {all} 組；表裡有全部。', 'The {n} largest of {all} groups; the table has all.'],
  missing: ['无回答', '無回答', 'Without answer'],
  off: ['超出量表', '超出量表', 'Off the scale'],
  low: ['下限', '下限', 'Low'],
  high: ['上限', '上限', 'High'],
  defined: ['定义 {id} · 版本 {v} · 最小样本 {n}', '定義 {id} · 版本 {v} · 最小樣本 {n}', 'Definition {id} · version {v} · minimum n {n}'],
  hollow: ['空心点：n < 30', '空心點：n < 30', 'Hollow: n < 30'],
} satisfies Phrases;
