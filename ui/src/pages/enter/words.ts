// Words of the way in.
import type { Phrases } from '../../lib/words';

export const w = {
  promise: [
    '听见客户，听懂客户，然后行动。',
    '聽見顧客，聽懂顧客，然後行動。',
    'Hear your customers, understand them, act.',
  ],
  welcome: ['欢迎回来', '歡迎回來', 'Welcome back'],
  first: ['第一次使用', '第一次使用', 'First start'],
  firstHint: [
    '请建立管理员账号。此链接只能使用一次。',
    '請建立管理員帳號。此連結只能使用一次。',
    'Make yourself the administrator. This link works once.',
  ],
  noToken: [
    '还没有人建立管理员账号。请打开启动服务时终端里显示的一次性链接。',
    '還沒有人建立管理員帳號。請開啟啟動服務時終端機裡顯示的一次性連結。',
    'Nobody has set up this Heed yet. Open the one-time link that the terminal showed when it was started.',
  ],
  spent: [
    '这个 Heed 已经设置完毕，请登录。',
    '這個 Heed 已經設定完成，請登入。',
    'This Heed is set up already; please sign in.',
  ],
  name: ['用户名', '使用者名稱', 'User name'],
  nameHint: ['用来登录，例如姓名的拼音', '用來登入，例如姓名的拼音', 'To sign in with, such as mei'],
  title: ['如何称呼您', '如何稱呼您', 'What people call you'],
  password: ['密码', '密碼', 'Password'],
  passwordHint: [
    '至少 10 个字符；几个词连成一句最好记。',
    '至少 10 個字元；幾個詞連成一句最好記。',
    'At least 10 characters; a few words in a row are easy to remember.',
  ],
  create: ['建立账号并开始', '建立帳號並開始', 'Create account and start'],
  signIn: ['登录', '登入', 'Sign in'],
  wrong: ['用户名或密码不对。', '使用者名稱或密碼不對。', 'That user name and password do not fit together.'],
  wrongCode: ['代码不对或已过期，请输入最新的一个。', '代碼不對或已過期，請輸入最新的一個。', 'That code is wrong or too old; type the newest one.'],
  locked: [
    '多次登录失败，已暂时锁定。请在 {n} 秒后再试。',
    '多次登入失敗，已暫時鎖定。請在 {n} 秒後再試。',
    'Too many failed attempts: locked for now. Try again in {n} seconds.',
  ],
  code: ['身份验证器里的 6 位代码', '驗證器裡的 6 位代碼', '6-digit code from your authenticator'],
  back: ['返回', '返回', 'Back'],
} satisfies Phrases;
