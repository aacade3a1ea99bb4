// What the page of dashboards says.
import type { Phrases } from '../../lib/words';

export const w = {
  which: ['选择看板', '選擇看板', 'Which dashboard'],
  fresh: ['新建看板', '新增看板', 'New dashboard'],
  name: ['名称', '名稱', 'Name'],
  nameHint: ['例如：每周例会', '例如：每週例會', 'Such as: Monday meeting'],
  make: ['建立', '建立', 'Make it'],
  none: ['还没有看板。', '還沒有看板。', 'No dashboards yet.'],
  noneHint: [
    '在“探索”里提一个问题，再点“存到看板”，每天一打开就能看到答案。',
    '在「探索」裡提一個問題，再點「存到看板」，每天一開啟就能看到答案。',
    'Ask a question in Explore and save it to a dashboard: its answer will wait for you here every day.',
  ],
  toExplore: ['去探索', '前往探索', 'Go to Explore'],
  noTiles: ['这个看板还是空的。', '這個看板還是空的。', 'Nothing on this dashboard yet.'],
  edit: ['编辑', '編輯', 'Edit'],
  done: ['完成', '完成', 'Done'],
  add: ['添加图表', '新增圖表', 'Add a question'],
  shared: ['已共享给所有人', '已分享給所有人', 'Shared with everybody'],
  onlyMe: ['只有我能看到', '只有我看得到', 'Only I see it'],
  share: ['共享给所有能看指标的人', '分享給所有能看指標的人', 'Share with everybody who may see metrics'],
  others: ['由同事共享', '由同事分享', 'Shared by a colleague'],
  remove: ['删除看板', '刪除看板', 'Delete the dashboard'],
  removeSure: [
    '删除看板“{name}”？数据不会受影响。',
    '刪除看板「{name}」？資料不受影響。',
    'Delete the dashboard “{name}”? The data stay.',
  ],
  rename: ['看板名称', '看板名稱', 'Name of the dashboard'],
  tileName: ['第 {n} 块的标题', '第 {n} 塊的標題', 'Title of tile {n}'],
  up: ['“{name}”前移', '「{name}」前移', 'Move “{name}” forward'],
  down: ['“{name}”后移', '「{name}」後移', 'Move “{name}” back'],
  drop: ['移除“{name}”', '移除「{name}」', 'Remove “{name}”'],
  gone: [
    '这个看板不存在，或者没有共享给您。',
    '這個看板不存在，或者沒有分享給您。',
    'That dashboard does not exist, or is not shared with you.',
  ],
  n: ['最新数据 {age}', '最新資料 {age}', 'newest data {age}'],
} satisfies Phrases;
