// What is tried on the map: the plan and its history, the files, drafts, rounding and ranks.

import assert from "node:assert/strict";
import { test } from "node:test";

import { ranksOf, whole, wholeMoved, wholeStates } from "../../coverage/circle15/output/map/scripts/trials/tool/count.js";
import { Drafts, readDrafts } from "../../coverage/circle15/output/map/scripts/trials/tool/drafts.js";
import {
  closedTable, codeOf, filesOf, planText, proposedTable, readPlan, scenarioLines,
} from "../../coverage/circle15/output/map/scripts/trials/tool/files.js";
import {
  History, isClosed, NOTHING, withMoved, withoutSite, withSite, withToggled,
} from "../../coverage/circle15/output/map/scripts/trials/tool/plan.js";

const degrees = (x, y) => [120 + x / 1e8, 31 + y / 1e8];
const named = (n) => "site " + n;
const care = { id: "S-1", category: "care" };

test("undo restores what was, to the byte, and redo brings it back", () => {
  const history = new History();
  const texts = [planText(history.plan)];
  const first = withSite(history.plan, "care", 10, 20);
  history.commit(first.plan);
  texts.push(planText(history.plan));
  history.commit(withMoved(history.plan, first.site, 30, 40).plan);
  texts.push(planText(history.plan));
  history.commit(withToggled(history.plan, [care]));
  texts.push(planText(history.plan));
  history.commit(NOTHING);
  for (const text of [...texts].reverse()) {
    history.undo();
    assert.equal(planText(history.plan), text);
  }
  history.undo();
  assert.equal(planText(history.plan), texts[0]);
  texts.slice(1).forEach((text) => {
    history.redo();
    assert.equal(planText(history.plan), text);
  });
});

test("steps by one key are undone at once, and an edit forgets what was undone", () => {
  const history = new History();
  const { plan, site } = withSite(NOTHING, "care", 0, 0);
  history.commit(plan);
  for (const x of [1, 2, 3]) {
    history.commit(withMoved(history.plan, site, x, 0).plan, "nudge 1");
  }
  history.undo();
  assert.equal(history.plan, plan);
  history.commit(NOTHING);
  assert.deepEqual(history.future, []);
});

test("a site takes the lowest free number, and closing twice opens again", () => {
  const { plan: first, site } = withSite(NOTHING, "care", 0, 0);
  let plan = withSite(first, "care", 1, 1).plan;
  plan = withoutSite(plan, site);
  assert.equal(withSite(plan, "care", 2, 2).site.number, 1);
  const other = { id: "S-1", category: "meal" };
  plan = withToggled(plan, [care, { id: "S-2", category: "care" }]);
  assert.ok(isClosed(plan, care) && !isClosed(plan, other));
  plan = withToggled(plan, [care, { id: "S-2", category: "care" }]);
  assert.deepEqual(plan.closed, []);
});

test("the code does not depend on the order of edits, but on every place and site", () => {
  const one = withSite(withSite(NOTHING, "care", 1, 2).plan, "meal", 3, 4).plan;
  const other = withSite(withSite(NOTHING, "meal", 3, 4).plan, "care", 1, 2).plan;
  assert.equal(codeOf(one, degrees), codeOf(other, degrees));
  assert.match(codeOf(one, degrees), /^[0-9A-Z]{6}$/);
  assert.notEqual(codeOf(one, degrees), codeOf(withMoved(one, one.sites[0], 1, 3).plan, degrees));
  assert.notEqual(codeOf(one, degrees), codeOf(withToggled(one, [care]), degrees));
  assert.equal(codeOf(NOTHING, degrees), "");
});

test("tables have nine decimals, and ids as they are", () => {
  const { plan } = withSite(NOTHING, "care", 5, 0);
  const code = codeOf(plan, degrees);
  assert.equal(
    proposedTable(plan, degrees, named),
    "\ufefffacility_id,name,category,lon,lat\r\ntry-" + code + "-1,site 1,care,120.000000050,31.000000000\r\n"
  );
  const odd = ['a"b,c', "=1+1", "two\nlines", "\u202eleft"].map((id) => ({ id, category: "care" }));
  assert.equal(
    closedTable(withToggled(NOTHING, odd)),
    '\ufefffacility_id,category\r\n"a""b,c",care\r\n=1+1,care\r\n"two\nlines",care\r\n\u202eleft,care\r\n'
  );
});

test("a scenario names the files that there are", () => {
  const only = filesOf(withToggled(NOTHING, [care]), degrees, named);
  assert.deepEqual(only.map(({ key }) => key), ["close"]);
  assert.equal(scenarioLines("ABC123", only), '[scenarios.try_ABC123]\nclose = "' + only[0].name + '"');
  const both = filesOf(withToggled(withSite(NOTHING, "care", 0, 0).plan, [care]), degrees, named);
  assert.match(scenarioLines("ABC123", both), /\nadd = "proposed_\w+\.csv"\nclose = "closed_\w+\.csv"\ndatum = "wgs84"$/);
});

test("a draft for another page loses what does not fit, a damaged one everything", () => {
  const { plan } = withSite(withToggled(NOTHING, [care]), "care", 7, -8);
  const read = (text, categories = ["care"], isOpen = () => true) => readPlan(text, categories, isOpen);
  assert.deepEqual(read(planText(plan)), { plan, left: 0 });
  assert.equal(read(planText(plan), ["meal"]).left, 1);
  assert.equal(read(planText(plan), ["care"], () => false).left, 1);
  for (const text of ["", "{", "null", "7", '{"0":1}', "[[[1]],[[2]]]", '[[[1,"care",1e99,0]],[[{},[]]]]', '[[null],["x"]]']) {
    assert.deepEqual(read(text).plan, { sites: [], closed: [] }, text);
  }
});

function pageOf(storage, hash = "") {
  const page = {
    storage, address: { hash },
    history: { replaceState: (_state, _title, address) => (page.address.hash = address) },
  };
  return page;
}

function boxOf() {
  const kept = new Map();
  return { getItem: (key) => kept.get(key) ?? null, setItem: (key, text) => kept.set(key, text), removeItem: (key) => kept.delete(key) };
}

const draft = { name: "方案 <b>", code: "ABC123", plan: "[[],[]]" };

test("drafts are kept in the browser, by study", () => {
  const storage = boxOf();
  const drafts = new Drafts("a", pageOf(() => storage));
  assert.equal(drafts.where, "here");
  drafts.keep(1, draft);
  assert.deepEqual(new Drafts("a", pageOf(() => storage)).list, [null, draft, null]);
  assert.deepEqual(new Drafts("b", pageOf(() => storage)).list, [null, null, null]);
});

test("without storage drafts are in the address, and without either the page still has them", () => {
  const forbidden = () => {
    throw new Error("SecurityError");
  };
  const page = pageOf(forbidden);
  const drafts = new Drafts("a", page);
  assert.equal(drafts.where, "in_address");
  drafts.keep(0, draft);
  assert.deepEqual(new Drafts("a", pageOf(forbidden, page.address.hash)).list[0], draft);
  page.history.replaceState = forbidden;
  drafts.keep(2, draft);
  assert.equal(drafts.where, "nowhere");
  assert.deepEqual(drafts.list[2], draft);
  for (const hash of ["#try=%", "#try=7", "#other", "#try=[[],{},null]"]) {
    assert.deepEqual(new Drafts("a", pageOf(forbidden, hash)).list, [null, null, null]);
  }
});

test("drafts of any text are none", () => {
  for (const text of [null, "", "x", "{}", "[1,2,3]", '[{"name":1,"code":"","plan":""}]']) {
    assert.deepEqual(readDrafts(text), [null, null, null]);
  }
});

test("people are rounded as in the report", () => {
  assert.equal(whole(1_500_000), 2);
  assert.equal(whole(1_499_999), 1);
  // The examples of whole_people and whole_steps in Python.
  assert.deepEqual(wholeStates([1_400_000, 1_300_000, 300_000]), [2, 1, 0]);
  assert.deepEqual(wholeStates([1_400_000, 900_000, 700_000]), [1, 1, 1]);
  assert.deepEqual(wholeMoved(1_400_000, 400_000, 1), { gained: 1, lost: 0 });
  assert.deepEqual(wholeMoved(600_000, 400_000, 0), { gained: 1, lost: -1 });
  assert.deepEqual(wholeMoved(3_000_000, 0, 2), { gained: 2, lost: 0 });
  assert.deepEqual(wholeMoved(0, 0, 1), { gained: 0, lost: 0 });
});

test("the most people rank first, equal ones alike", () => {
  assert.deepEqual(ranksOf([5, 9, null, 5, 0]), [2, 1, null, 2, 4]);
  assert.deepEqual(ranksOf([]), []);
});
