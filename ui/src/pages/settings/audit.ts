// What the audit calls deeds and nouns, in the reader's language.
import type { Phrase } from '../../lib/words';

export const deeds: Readonly<Record<string, Phrase>> = {
  create: ['新建', '新增', 'created'],
  update: ['修改', '修改', 'changed'],
  delete: ['删除', '刪除', 'deleted'],
  look: ['查看原话：', '檢視原話：', 'looked at the original of'],
  'sign-in': ['登录：', '登入：', 'signed in:'],
  'sign-out': ['退出：', '登出：', 'signed out:'],
  refused: ['登录被拒：', '登入被拒：', 'was refused:'],
  password: ['更改密码：', '變更密碼：', 'changed the password of'],
  'second factor on': ['开启两步验证：', '開啟兩步驟驗證：', 'switched on the second factor of'],
  'second factor off': ['关闭两步验证：', '關閉兩步驟驗證：', 'switched off the second factor of'],
  export: ['导出', '匯出', 'exported'],
};

export const nouns: Readonly<Record<string, Phrase>> = {
  user: ['成员', '成員', 'person'],
  role: ['角色', '角色', 'role'],
  rule: ['规则', '規則', 'rule'],
  ticket: ['工单', '工單', 'ticket'],
  key: ['密钥', '金鑰', 'key'],
  signal: ['信号', '信號', 'signal'],
  department: ['部门', '部門', 'department'],
  dashboard: ['看板', '看板', 'dashboard'],
  metric: ['指标', '指標', 'metric'],
  session: ['会话', '工作階段', 'session'],
  intake: ['导入', '匯入', 'import'],
  upload: ['上传', '上傳', 'upload'],
  customer: ['客户', '顧客', 'customer'],
  deed: ['行动', '行動', 'action'],
  token: ['一次性链接', '一次性連結', 'one-time link'],
  erasure: ['删除客户', '刪除顧客', 'erasure'],
  measure: ['改进措施', '改善措施', 'measure'],
  model: ['模型', '模型', 'model'],
  totp: ['两步验证', '兩步驟驗證', 'second factor'],
};
