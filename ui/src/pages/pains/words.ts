// What the page of pains and delights says.
import type { Phrases } from '../../lib/words';

export const w = {
  pains: ['痛点', '痛點', 'Pains'],
  delights: ['悦点', '悅點', 'Delights'],
  kind: ['看什么', '看什麼', 'Which'],
  rank: ['排名', '排名', 'Rank'],
  aspect: ['体验点', '體驗點', 'Aspect'],
  reach: ['提及率', '提及率', 'Reach'],
  reachHint: [
    '有文字的信号里，这样谈到它的占比，附 95% 区间',
    '有文字的信號裡，這樣談到它的占比，附 95% 區間',
    'Share of the signals with words that speak of it so, with 95 % interval',
  ],
  strength: ['强度', '強度', 'Strength'],
  strengthHint: ['表达有多强烈，0–100', '表達有多強烈，0–100', 'How strongly it is put, 0–100'],
  effect: ['对评分的影响', '對評分的影響', 'Effect on score'],
  effectHint: [
    '提到它的人与没提到的人评分之差（满分 100），附 95% 区间；这是相关，不是因果',
    '提到它的人與沒提到的人評分之差（滿分 100），附 95% 區間；這是相關，不是因果',
    'Score of those who speak of it less that of those who do not, points of 100, with 95 % interval; a relation, not a cause',
  ],
  trend: ['按月', '按月', 'By month'],
  order: [
    '按 提及率 × 强度 × 影响 排序，基于 {n} 条有文字的信号',
    '按 提及率 × 強度 × 影響 排序，基於 {n} 則有文字的信號',
    'Ranked by reach × strength × effect, over {n} signals with words',
  ],
  listen: ['听原声', '聽原聲', 'Hear the voices'],
  unfold: ['展开 {what}', '展開 {what}', 'Unfold {what}'],
  matrix: ['体验点 × {what}', '體驗點 × {what}', 'Aspects × {what}'],
  matrixHint: [
    '净情感值：正面减负面，−100 到 100。区间包含 0 的不着色；样本少于 {n} 的不显示。点击查看原声。',
    '淨情感值：正面減負面，−100 到 100。區間包含 0 的不著色；樣本少於 {n} 的不顯示。點選查看原聲。',
    'Net sentiment: positive less negative, −100 to 100. Uncoloured where the interval holds 0; not shown below n = {n}. A click opens the voices.',
  ],
  by: ['按', '按', 'By'],
  whole: ['完整排名', '完整排名', 'The whole ranking'],
  none: [
    '没有找到。放宽筛选，或先接入带文字的数据。',
    '沒有找到。放寬篩選，或先接入帶文字的資料。',
    'None found. Widen the filter, or bring in data with words.',
  ],
} satisfies Phrases;
