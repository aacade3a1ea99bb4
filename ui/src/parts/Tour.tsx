// The tour: six steps over six pages, each beside what it speaks of.  A dialog of the browser's own keeps the
// focus, ends on Escape and gives the focus back; the arrow keys turn the pages.
import { Button } from 'antd';
import { useEffect, useRef, useState, type CSSProperties, type KeyboardEvent, type ReactNode } from 'react';
import type { Page } from '../lib/page';
import { useHere } from '../lib/session';
import { useTour } from '../lib/tour';
import { go } from '../lib/url';
import type { Phrase, Phrases } from '../lib/words';
import './tour.css';

const w = {
  of: ['第 {n} 步，共 {all} 步', '第 {n} 步，共 {all} 步', 'Step {n} of {all}'],
  next: ['下一步', '下一步', 'Next'],
  back: ['上一步', '上一步', 'Back'],
  done: ['开始使用', '開始使用', 'Start using Heed'],
  stop: ['结束导览', '結束導覽', 'End the tour'],
} satisfies Phrases;

interface Step {
  readonly at: string; // the page
  readonly target: string; // its data-tour
  readonly title: Phrase;
  readonly text: Phrase;
}

const steps: readonly Step[] = [
  {
    at: '/',
    target: 'score',
    title: ['一分钟看懂现状', '一分鐘看懂現況', 'How you stand, in a minute'],
    text: [
      '最重要的评分、它的 95% 区间和样本数放在一起；阴影是痛点集中爆发的时段。点任何数字，都能看到背后的原话。',
      '最重要的評分、它的 95% 區間和樣本數放在一起；陰影是痛點集中爆發的時段。點任何數字，都能看到背後的原話。',
      'The score that matters, with its 95 % interval and its number of answers. Shaded: when a pain broke out. Every figure opens the words behind it.',
    ],
  },
  {
    at: '/pains',
    target: 'pains',
    title: ['什么在伤害客户', '什麼在傷害顧客', 'What hurts, what delights'],
    text: [
      '按“提及率 × 强度 × 影响”排序。展开一行，看它发生在哪里、什么时候，以及客户怎么说。',
      '按「提及率 × 強度 × 影響」排序。展開一列，看它發生在哪裡、什麼時候，以及顧客怎麼說。',
      'Ranked by reach × strength × effect. Unfold one to see where and when it happens, in the words of customers.',
    ],
  },
  {
    at: '/voices',
    target: 'voices',
    title: ['听每一句原话', '聽每一句原話', 'Every voice, word for word'],
    text: [
      '搜索或筛选；每一处提到的体验都在原句里标出。个人信息已隐去。',
      '搜尋或篩選；每一處提到的體驗都在原句裡標出。個人資訊已隱去。',
      'Search or filter; each thing people speak of is marked where they say it. Personal data is hidden.',
    ],
  },
  {
    at: '/explore',
    target: 'explore',
    title: ['自己提问', '自己提問', 'Ask your own question'],
    text: [
      '选指标，选维度，马上得到图或表；存到看板，下次打开就有最新答案。',
      '選指標，選維度，馬上得到圖或表；存到看板，下次開啟就有最新答案。',
      'Any metric by anything you know, as a chart or a table. Save it to a dashboard and its answer waits for you.',
    ],
  },
  {
    at: '/tickets',
    target: 'tickets',
    title: ['听见了，就行动', '聽見了，就行動', 'Heard, so act'],
    text: [
      '规则把需要跟进的声音变成工单，派给负责的部门；结束时写下结果。',
      '規則把需要跟進的聲音變成工單，派給負責的部門；結束時寫下結果。',
      'Rules turn voices that need an answer into tickets for the department in charge; each ends with an outcome.',
    ],
  },
  {
    at: '/bring',
    target: 'bring',
    title: ['接入自己的数据', '接入自己的資料', 'Bring your own data in'],
    text: [
      '把问卷、评价或客服记录的文件拖进来，几秒后就能看到评分、痛点与悦点；也可以通过 API 发送。',
      '把問卷、評價或客服紀錄的檔案拖進來，幾秒後就能看到評分、痛點與悅點；也可以透過 API 傳送。',
      'Drop a file of surveys, reviews or service notes: seconds later you see its score, pains and delights. Or send by API.',
    ],
  },
];

const PATIENCE_MS = 4000; // how long a page may take to show what is spoken of
const GAP = 12;

type Box = { readonly top: number; readonly left: number; readonly width: number; readonly height: number };

// Where the thing is that is spoken of, followed while the page still moves; null while it is not there.
function useBox(target: string): Box | null {
  const [box, setBox] = useState<Box | null>(null);
  useEffect(() => {
    const began = performance.now();
    let frame = 0;
    let seen: Element | null = null;
    setBox(null);
    const look = (): void => {
      const found = document.querySelector(`[data-tour="${target}"]`);
      if (found && found !== seen) found.scrollIntoView({ block: 'center' });
      seen = found;
      if (found) {
        const { top, left, width, height } = found.getBoundingClientRect();
        setBox((b) => (b && b.top === top && b.left === left && b.width === width && b.height === height ? b : { top, left, width, height }));
      }
      if (performance.now() - began < PATIENCE_MS) frame = requestAnimationFrame(look);
    };
    look();
    window.addEventListener('resize', look);
    return () => {
      cancelAnimationFrame(frame);
      window.removeEventListener('resize', look);
    };
  }, [target]);
  return box;
}

// The panel below what it speaks of, else above, else over its foot; on a phone it stands at the foot of the page.
function placed(box: Box | null, height: number): CSSProperties {
  if (!box || window.innerWidth < 700) return {};
  const below = box.top + box.height + GAP;
  const top = below + height < window.innerHeight ? below : box.top - GAP - height > 0 ? box.top - GAP - height : null;
  return {
    top: top ?? window.innerHeight - height - 2 * GAP,
    bottom: 'auto',
    left: Math.min(Math.max(box.left, GAP), window.innerWidth - 400 - GAP),
    margin: 0,
  };
}

export default function Tour({ pages }: { readonly pages: readonly Page[] }): ReactNode {
  const { say } = useHere();
  const tour = useTour();
  const dialog = useRef<HTMLDialogElement>(null);
  const panel = useRef<HTMLDivElement>(null);
  const mine = steps.filter((s) => pages.some((p) => p.at === s.at));
  const at = Math.min(tour.step ?? 0, mine.length - 1);
  const step = mine[at];
  const box = useBox(step?.target ?? '');
  useEffect(() => {
    if (step && window.location.pathname !== step.at) go(step.at);
  }, [step]);
  useEffect(() => dialog.current?.showModal(), []);
  if (!step) return null;
  const last = at === mine.length - 1;
  const turn = (e: KeyboardEvent): void => {
    if (e.key === 'ArrowRight' && !last) tour.go(at + 1);
    if (e.key === 'ArrowLeft' && at > 0) tour.go(at - 1);
  };
  const hole: CSSProperties = box ? { top: box.top - 6, left: box.left - 6, width: box.width + 12, height: box.height + 12 } : {};
  return (
    <dialog className="tour" ref={dialog} aria-labelledby="tour-title" onClose={tour.end} onKeyDown={turn}>
      <div className={box ? 'tour-hole' : 'tour-hole none'} style={hole} aria-hidden="true" />
      <div className="tour-panel" ref={panel} style={placed(box, panel.current?.offsetHeight ?? 220)}>
        <p className="quiet small num">{say(w.of, { n: at + 1, all: mine.length })}</p>
        <div aria-live="polite">
          <h2 id="tour-title">{say(step.title)}</h2>
          <p>{say(step.text)}</p>
        </div>
        <div className="tour-ways">
          <button type="button" className="plain quiet" onClick={() => dialog.current?.close()}>
            {say(w.stop)}
          </button>
          {at > 0 && <Button onClick={() => tour.go(at - 1)}>{say(w.back)}</Button>}
          <Button type="primary" autoFocus onClick={() => (last ? dialog.current?.close() : tour.go(at + 1))}>
            {say(last ? w.done : w.next)}
          </Button>
        </div>
      </div>
    </dialog>
  );
}
