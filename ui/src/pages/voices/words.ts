// What the page of voices says.
import type { Phrases } from '../../lib/words';

export const w = {
  searchFor: ['在原话里搜索', '在原話裡搜尋', 'Search what people said'],
  hits: ['{n} 条原声', '{n} 則原聲', '{n} voices'],
  older: ['更早的', '更早的', 'Older ones'],
  spoken: ['有文字的', '有文字的', 'With words'],
  everything: ['全部信号', '全部信號', 'All signals'],
  which: ['范围', '範圍', 'Which'],
  noWords: ['没有留下文字', '沒有留下文字', 'No words'],
  details: ['详情', '詳情', 'Details'],
  nothing: ['没有符合条件的原声。', '沒有符合條件的原聲。', 'No voice fits this question.'],
  widen: ['移除筛选条件', '移除篩選條件', 'Remove the filters'],
  legend: ['标记：', '標記：', 'Marked:'],
  asCsv: ['导出 CSV', '匯出 CSV', 'Export CSV'],
  understood: ['系统的理解', '系統的理解', 'What was understood'],
  told: ['随信号而来', '隨信號而來', 'What came with it'],
  sure: ['{n}% 把握', '{n}% 把握', '{n} % sure'],
  opinion: ['评价词', '評價詞', 'Opinion'],
  redacted: ['个人信息已隐去', '個人資訊已隱去', 'Personal data is hidden'],
  number: ['信号 {id}', '信號 {id}', 'Signal {id}'],
  tickets: ['工单', '工單', 'Tickets'],
} satisfies Phrases;
